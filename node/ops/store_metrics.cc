#include "node/ops/store_metrics.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace suyuan {
namespace {

using Type = prometheus::MetricType;
constexpr double kMicro = 1e-6;
constexpr std::string_view kBlobBytes = "rocksdb.total-blob-file-size";

struct Row {
  std::string_view reading;
  std::string_view name;
  Type type;
  std::string_view help;
  double factor = 1;
};

constexpr std::array kRows = {
    Row{"suyuan.commits", "suyuan_store_commits_total", Type::Counter,
        "Synced writes, of batches and attachments"},
    Row{"suyuan.commit.rows", "suyuan_store_rows_total", Type::Counter, "Rows written"},
    Row{"suyuan.commit.bytes", "suyuan_store_bytes_total", Type::Counter, "Bytes of these rows"},
    Row{"suyuan.snapshots", "suyuan_store_snapshots", Type::Gauge, "Store snapshots in use"},
    Row{"rocksdb.wal.synced", "suyuan_store_wal_syncs_total", Type::Counter,
        "Syncs of RocksDB's log"},
    Row{"rocksdb.wal.bytes", "suyuan_store_wal_bytes_total", Type::Counter,
        "Bytes written to RocksDB's log"},
    Row{"rocksdb.stall.micros", "suyuan_store_stall_seconds_total", Type::Counter,
        "Time that writes waited for compaction or memory", kMicro},
    Row{"rocksdb.is-write-stopped", "suyuan_store_write_stopped", Type::Gauge,
        "1 while writes are stopped"},
    Row{"rocksdb.actual-delayed-write-rate", "suyuan_store_delayed_write_rate", Type::Gauge,
        "Bytes a second that a slowed writer may write; 0: not slowed"},
    Row{"rocksdb.background-errors", "suyuan_store_background_errors", Type::Gauge,
        "Failed flushes and compactions"},
    Row{"rocksdb.estimate-pending-compaction-bytes", "suyuan_store_pending_compaction_bytes",
        Type::Gauge, "Bytes waiting for compaction"},
    Row{"rocksdb.num-running-compactions", "suyuan_store_running_compactions", Type::Gauge,
        "Compactions running"},
    Row{"rocksdb.num-running-flushes", "suyuan_store_running_flushes", Type::Gauge,
        "Flushes running"},
    Row{"rocksdb.compact.read.bytes", "suyuan_store_compaction_read_bytes_total", Type::Counter,
        "Bytes read by compactions"},
    Row{"rocksdb.compact.write.bytes", "suyuan_store_compaction_written_bytes_total", Type::Counter,
        "Bytes written by compactions"},
    Row{"rocksdb.flush.write.bytes", "suyuan_store_flush_written_bytes_total", Type::Counter,
        "Bytes written by flushes"},
    Row{"rocksdb.block.cache.hit", "suyuan_store_block_cache_hits_total", Type::Counter,
        "Blocks found in the cache"},
    Row{"rocksdb.block.cache.miss", "suyuan_store_block_cache_misses_total", Type::Counter,
        "Blocks read from files"},
    Row{"rocksdb.block-cache-usage", "suyuan_store_block_cache_bytes", Type::Gauge,
        "Memory of the block cache"},
    Row{"rocksdb.block-cache-capacity", "suyuan_store_block_cache_limit_bytes", Type::Gauge,
        "Limit of the block cache's memory"},
    Row{"rocksdb.block-cache-pinned-usage", "suyuan_store_block_cache_pinned_bytes", Type::Gauge,
        "The part of the block cache that cannot be evicted"},
    Row{"rocksdb.bloom.filter.useful", "suyuan_store_filter_useful_total", Type::Counter,
        "Reads that a filter saved"},
    Row{"rocksdb.size-all-mem-tables", "suyuan_store_memtable_bytes", Type::Gauge,
        "Memory of rows not yet in files"},
    Row{"rocksdb.estimate-table-readers-mem", "suyuan_store_table_reader_bytes", Type::Gauge,
        "Memory of open files outside the cache"},
    Row{"rocksdb.total-sst-files-size", "suyuan_store_table_file_bytes", Type::Gauge,
        "Size of the table files"},
    Row{kBlobBytes, "suyuan_store_blob_file_bytes", Type::Gauge,
        "Size of the attachments' files"},
};

}  // namespace

uint64_t attachment_bytes(const StoreReadings& readings) {
  for (const auto& [name, value] : readings) {
    if (name == kBlobBytes) return value;
  }
  return 0;
}

std::vector<prometheus::MetricFamily> store_families(const StoreReadings& readings) {
  std::vector<prometheus::MetricFamily> families;
  for (const Row& row : kRows) {
    const auto found = std::find_if(readings.begin(), readings.end(),
                                    [&row](const auto& one) { return one.first == row.reading; });
    if (found == readings.end()) continue;
    const double value = static_cast<double>(found->second) * row.factor;
    prometheus::ClientMetric metric;
    if (row.type == Type::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    families.push_back({.name = std::string(row.name),
                        .help = std::string(row.help),
                        .type = row.type,
                        .metric = {std::move(metric)}});
  }
  return families;
}

prometheus::MetricFamily side_family(
    const std::vector<std::pair<std::string, SideMemory>>& stores) {
  prometheus::MetricFamily family;
  family.name = "suyuan_side_memory_bytes";
  family.help = "Memory of the stores next to the ledger";
  family.type = Type::Gauge;
  for (const auto& [store, memory] : stores) {
    for (const auto& [part, bytes] :
         {std::pair("blocks", memory.blocks), std::pair("blocks_limit", memory.blocks_max),
          std::pair("buffers", memory.buffers), std::pair("files", memory.files)}) {
      prometheus::ClientMetric metric;
      metric.label = {{.name = "store", .value = store}, {.name = "part", .value = part}};
      metric.gauge.value = static_cast<double>(bytes);
      family.metric.push_back(std::move(metric));
    }
  }
  return family;
}

}  // namespace suyuan
