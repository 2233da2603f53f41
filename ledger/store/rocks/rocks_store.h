// RocksStore: the store on disk. One RocksDB, one column family for each table, one shared log.
#pragma once

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "ledger/store/store.h"

namespace rocksdb {
class Env;
}

namespace suyuan {

struct RocksOptions {
  std::string path;
  bool create = false;  // create the store if there is none
  size_t block_cache_bytes = size_t{256} << 20;
  size_t write_buffer_bytes = size_t{64} << 20;         // for one busy table
  size_t write_buffers_total_bytes = size_t{256} << 20;  // for all tables together
  rocksdb::Env* env = nullptr;                          // tests of disk faults; null: the system's
  int open_files_max = -1;  // at most this many of the store's files kept open; -1: all
  // For a new store under construction: commits are not synced and not logged. They are on disk
  // when flush() has returned.
  bool bulk = false;
};

// A file that holds flushed rows. It never changes.
struct TableFile {
  std::string path;
  uint64_t bytes = 0;
};

// The result of a purge. Rows not listed here are left for another call.
struct Purged {
  std::vector<Bytes> keys;         // no live file holds anything of these rows
  std::vector<std::string> files;  // older ones may: they go once unread (any_left)
  bool seen = false;               // rows were left because an older snapshot sees them
};

class RocksStore : public Store {
 public:
  // Returns why commits are refused until the store is opened again; empty while they are accepted.
  virtual std::string fault() const = 0;
  // Returns counters and gauges, under RocksDB's names and ours ("suyuan.").
  virtual std::vector<std::pair<std::string, uint64_t>> metrics() const = 0;
  // Reads every table file and verifies its block checksums. Opening does not: this is for a scrub.
  virtual Result<Done> verify_checksums() const = 0;
  // Creates `folder` with hard links to the store's current files, for a backup. It must be on the
  // same file system. Thread-safe; commits continue. Errors: IO.
  virtual Result<Done> link_to(const std::string& folder) const = 0;
  // Returns the current files. Compactions may remove them at any time.
  virtual std::vector<TableFile> table_files() const = 0;
  // Writes everything to table files, synced.
  virtual Result<Done> flush() = 0;
  // Rewrites the files (tables and logs) that still hold bytes of these removed rows, a bounded
  // number in one call. One thread at a time; commits continue.
  // Errors: BUSY (`canceled` became true).
  virtual Result<Purged> purge(Table table, std::vector<Bytes> keys,
                               std::atomic<bool>& canceled) = 0;
  virtual bool any_left(const std::vector<std::string>& files) const = 0;
};

// Verifies the checksum of every block of one file, read from the disk and not from a cache.
// Thread-safe. Errors: NOT_FOUND (a compaction removed the file), CORRUPT, IO.
Result<Done> verify_table_file(const TableFile& file);

// Opens the store. Errors: NOT_FOUND (no store there, and `create` is not set), IO (also if another
// process has it open), STORE_TOO_NEW and CORRUPT (before anything is written).
Result<std::unique_ptr<RocksStore>> open_rocks(const RocksOptions& options);

}  // namespace suyuan
