// RocksDB's options. Several of its defaults are unsafe or wrong for a ledger. Each line that
// differs from them, or must not change, says why.
#include "ledger/store/rocks/options.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>

namespace suyuan {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

struct Shape {
  bool busy = false;     // several rows for each event
  bool points = false;   // read by whole key, often one that is absent
  bool hashes = false;   // only hashes: they do not compress
  bool light = false;    // half hashes: the rest compresses by LZ4, and ZSTD finds little more
  bool large = false;    // values of kilobytes
};

Shape shape(Table table) {
  switch (table) {
    case Table::meta: return {};
    case Table::leaf: return {.large = true};
    case Table::record: return {.busy = true, .light = true};
    case Table::payload: return {.busy = true, .large = true};
    case Table::section: return {.large = true};
    case Table::tree: return {.hashes = true};
    case Table::chain: return {.busy = true, .light = true};
    case Table::head: return {.busy = true, .points = true, .light = true};
    case Table::batch: return {.points = true, .hashes = true};
    case Table::receipt: return {};
    case Table::event_id: return {.points = true, .hashes = true};
    case Table::registry: return {.points = true};
    case Table::code: return {.busy = true, .points = true};
    case Table::below: return {};
    case Table::fact: return {.busy = true};
    case Table::finding: return {};
    case Table::attachment: return {.points = true, .large = true};
    case Table::checkpoint: return {};
  }
  return {};
}

}  // namespace

bool has_prefix(Table table) { return table == Table::chain || table == Table::fact; }

rocksdb::DBOptions database_options(const RocksOptions& options) {
  rocksdb::DBOptions db;
  if (options.env != nullptr) db.env = options.env;
  db.create_if_missing = options.create;
  db.create_missing_column_families = options.create;

  // Refuses a log with a damaged record in the middle; accepts one that a power loss cut short. The
  // default (point in time) opens both and silently loses what follows the damage.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.recycle_log_file_num = 0;  // old records in a recycled log hide where it ends
  db.wal_compression = rocksdb::kNoCompression;  // unfinished in 7.8
  db.wal_bytes_per_sync = 0;    // leaves holes behind the last sync
  db.manual_wal_flush = false;
  db.unordered_write = false;   // breaks snapshots
  db.two_write_queues = false;
  db.enable_pipelined_write = false;
  db.avoid_flush_during_recovery = false;
  // Otherwise a busy table's log is kept until a quiet table is flushed.
  db.max_total_wal_size = 512 * kMiB;
  db.db_write_buffer_size = options.write_buffers_total_bytes;
  db.bytes_per_sync = kMiB;

  db.paranoid_checks = true;
  db.verify_sst_unique_id_in_manifest = true;
  db.max_bgerror_resume_count = 0;  // a background error is final: see Guard
  db.max_open_files = options.open_files_max;
  db.max_background_jobs = 2;       // 8 or more let 7.8 put retried flushes in the wrong order
  db.max_subcompactions = 1;

  // Only counters are exported (metrics.cc): no clock reads and no histograms on reads.
  db.statistics = rocksdb::CreateDBStatistics();
  db.statistics->set_stats_level(rocksdb::StatsLevel::kExceptHistogramOrTimers);
  return db;
}

rocksdb::ColumnFamilyOptions table_options(Table table, const RocksOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  const Shape is = shape(table);
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = cache;
  blocks.cache_index_and_filter_blocks = true;
  blocks.pin_l0_filter_and_index_blocks_in_cache = true;
  // One file's whole filter is megabytes. A cache that cannot hold all filters would read and check
  // one from disk for every lookup. With partitions, only the pages in use come and go.
  blocks.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  blocks.partition_filters = true;
  blocks.metadata_block_size = 4096;
  // An answer reads the facts of a dozen scattered codes, and for each one whole block, read and
  // decompressed. Half the block size costs 3 % of their bytes.
  blocks.block_size = (is.large ? 32 : table == Table::fact ? 8 : 16) * size_t{1024};
  blocks.format_version = 5;
  blocks.checksum = rocksdb::kXXH3;
  blocks.detect_filter_construct_corruption = true;
  if (is.points || has_prefix(table)) {
    blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    blocks.whole_key_filtering = true;  // without it, 7.8 loses rows: parted filters, SeekForPrev
  }

  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size =
      is.busy ? options.write_buffer_bytes : std::max(options.write_buffer_bytes / 4, kMiB);
  family.max_write_buffer_number = 3;
  family.level_compaction_dynamic_level_bytes = true;
  family.force_consistency_checks = true;
  family.memtable_protection_bytes_per_key = 8;
  // A commit's rows come in order, so each search starts where the previous one ended, not at the
  // top. One position is remembered for the whole table.
  family.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(0));
  if (is.hashes) {
    family.compression = rocksdb::kNoCompression;
  } else {
    family.compression = rocksdb::kLZ4Compression;
    if (!is.light) family.bottommost_compression = rocksdb::kZSTD;
  }
  if (has_prefix(table)) {
    family.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(kPrefixBytes));
    family.memtable_prefix_bloom_size_ratio = 0.1;
  }
  if (is.points) {
    family.memtable_prefix_bloom_size_ratio = 0.1;
    family.memtable_whole_key_filtering = true;
  }
  if (table == Table::attachment) {
    // Attachments are big and never overwritten: compaction need not copy them.
    family.enable_blob_files = true;
    family.min_blob_size = 4096;
  }
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return family;
}

}  // namespace suyuan
