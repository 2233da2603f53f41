// What an operator needs to watch in RocksDB: stalls, compaction, caches, filters, syncs, sizes.
#include <rocksdb/statistics.h>

#include <array>

#include "ledger/store/rocks/open.h"

namespace suyuan {
namespace {

constexpr std::array kTickers = {
    rocksdb::BLOCK_CACHE_HIT,        rocksdb::BLOCK_CACHE_MISS,
    rocksdb::BLOOM_FILTER_USEFUL,    rocksdb::BLOOM_FILTER_FULL_POSITIVE,
    rocksdb::BLOOM_FILTER_PREFIX_CHECKED, rocksdb::BLOOM_FILTER_PREFIX_USEFUL,
    rocksdb::MEMTABLE_HIT,           rocksdb::MEMTABLE_MISS,
    rocksdb::BYTES_WRITTEN,          rocksdb::BYTES_READ,
    rocksdb::NUMBER_DB_SEEK,         rocksdb::STALL_MICROS,
    rocksdb::WAL_FILE_SYNCED,        rocksdb::WAL_FILE_BYTES,
    rocksdb::COMPACT_READ_BYTES,     rocksdb::COMPACT_WRITE_BYTES,
    rocksdb::FLUSH_WRITE_BYTES,
};

// Summed over all tables.
constexpr std::array kTableGauges = {
    "rocksdb.estimate-pending-compaction-bytes", "rocksdb.total-sst-files-size",
    "rocksdb.total-blob-file-size", "rocksdb.size-all-mem-tables",
    "rocksdb.estimate-table-readers-mem",
};

// Of the database as a whole.
constexpr std::array kGauges = {
    "rocksdb.background-errors",   "rocksdb.is-write-stopped",
    "rocksdb.actual-delayed-write-rate", "rocksdb.num-running-flushes",
    "rocksdb.num-running-compactions", "rocksdb.num-snapshots",
    "rocksdb.block-cache-usage",   "rocksdb.block-cache-capacity",
    "rocksdb.block-cache-pinned-usage",
};

std::string ticker_name(rocksdb::Tickers ticker) {
  for (const auto& [number, name] : rocksdb::TickersNameMap) {
    if (number == static_cast<uint32_t>(ticker)) return name;
  }
  return "rocksdb.unknown";
}

}  // namespace

std::vector<std::pair<std::string, uint64_t>> rocks_metrics(rocksdb::DB& db,
                                                            const Families& families) {
  std::vector<std::pair<std::string, uint64_t>> all;
  if (const auto statistics = db.GetDBOptions().statistics) {
    for (const auto ticker : kTickers) {
      all.emplace_back(ticker_name(ticker), statistics->getTickerCount(ticker));
    }
  }
  for (const auto* name : kTableGauges) {
    uint64_t sum = 0;
    for (auto* family : families) {
      uint64_t value = 0;
      if (db.GetIntProperty(family, name, &value)) sum += value;
    }
    all.emplace_back(name, sum);
  }
  for (const auto* name : kGauges) {
    uint64_t value = 0;
    // The block cache is read from a table that uses it.
    if (db.GetIntProperty(families.front(), name, &value)) all.emplace_back(name, value);
  }
  return all;
}

}  // namespace suyuan
