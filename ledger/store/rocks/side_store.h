// SideStore: sorted rows next to the ledger, in a RocksDB of their own: indexes that can be made
// again, scans, and what a node remembers for itself. Nothing in it is proven or replicated.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ledger/store/store.h"

namespace suyuan {

struct SideRow {
  Bytes key;
  std::optional<Bytes> value;  // nullopt: the row is removed
};

// Rows to put, in one piece of memory: for who writes many small ones.
class SideRows {
 public:
  void put(BytesView key, BytesView value) { add(key, value, false); }
  // Gives the row the least of all values that were put so, in this write and others, compared byte
  // by byte. Nothing is read. Such a row is never put otherwise.
  void put_least(BytesView key, BytesView value) { add(key, value, true); }
  size_t size() const { return rows_.size(); }
  void clear() {
    bytes_.clear();
    rows_.clear();
  }
  // visit(key, value, least), in the order in which they were put.
  template <class Visit>
  void for_each(Visit visit) const {
    size_t at = 0;
    for (const Sizes& row : rows_) {
      const BytesView from = BytesView(bytes_).substr(at);
      visit(from.substr(0, row.key), from.substr(row.key, row.value), row.least);
      at += size_t{row.key} + row.value;
    }
  }

 private:
  struct Sizes {
    uint32_t key;
    uint32_t value;
    bool least;
  };
  void add(BytesView key, BytesView value, bool least) {
    rows_.push_back({.key = static_cast<uint32_t>(key.size()),
                     .value = static_cast<uint32_t>(value.size()),
                     .least = least});
    bytes_.append(key);
    bytes_.append(value);
  }

  Bytes bytes_;
  std::vector<Sizes> rows_;
};

// A place among the rows, as of when it was made; one thread. The views die with the next move.
class SideCursor {
 public:
  virtual ~SideCursor() = default;
  virtual void seek(BytesView key) = 0;              // the first row at or after it
  virtual void seek_backward(BytesView key) = 0;     // the last row before it
  virtual void next() = 0;                           // REQUIRES: valid()
  virtual void previous() = 0;                       // REQUIRES: valid()
  virtual bool valid() const = 0;
  virtual BytesView key() const = 0;
  virtual BytesView value() const = 0;
  // IO, CORRUPT: why the cursor is not valid, where that is not for want of rows.
  virtual Result<Done> status() const = 0;
};

// A side store's current memory, in bytes.
struct SideMemory {
  uint64_t blocks = 0;      // the block cache, with indexes and filters of table files
  uint64_t blocks_max = 0;  // capacity of that cache
  uint64_t buffers = 0;     // rows that are not in table files yet
  uint64_t files = 0;       // open table files, outside the cache
};

class SideStore {
 public:
  virtual ~SideStore() = default;
  // All or nothing; from any thread. Without `synced` a crash of the machine may take the newest
  // writes away, in order, the last first.
  virtual Result<Done> write(const std::vector<SideRow>& rows, bool synced) = 0;
  // The same, not synced.
  virtual Result<Done> write(const SideRows& rows) = 0;
  virtual Result<std::optional<Bytes>> get(BytesView key) const = 0;
  // Rows with from <= key < to; an empty `to` means to the end.
  virtual Result<Done> scan(BytesView from, BytesView to, Direction direction,
                            const RowVisitor& visit) const = 0;
  virtual std::unique_ptr<SideCursor> cursor() const = 0;
  // As RocksStore::link_to.
  virtual Result<Done> link_to(const std::string& folder) const = 0;
  // From any thread.
  virtual SideMemory memory() const = 0;
};

// What it may take of the machine's memory.
struct SideSizes {
  size_t cache_bytes = size_t{32} << 20;   // blocks, indexes and filters of table files
  size_t buffer_bytes = size_t{16} << 20;  // one write buffer; there are at most two
  size_t file_bytes = size_t{64} << 20;    // one table file
  int open_files_max = 32;                 // table files kept open; RocksDB's minimum is 20
  // The rows say themselves how far they go, and can be made again from there: no log of writes is
  // kept, and a crash takes all that was not yet in a table file, the last written first. Tables
  // are merged more seldom.
  bool can_be_remade = false;
};
// Makes the folder's last part and the store where there is none. IO: also where another process
// has it open; CORRUPT.
Result<std::unique_ptr<SideStore>> open_side_store(const std::string& path,
                                                   const SideSizes& sizes = {});

}  // namespace suyuan
