#include "tests/faults/script.h"

#include <cstdlib>
#include <cstring>

#include "ledger/apply/head_rows.h"
#include "ledger/apply/log_reader.h"
#include "ledger/apply/seal.h"
#include "ledger/crypto/hash.h"
#include "tests/faults/disk_fs.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::test {
namespace {

constexpr size_t kCommitsPerSeal = 12;
constexpr size_t kAttachmentEvery = 20;
constexpr size_t kAttachmentBytes = 6000;  // large enough for a separate blob file

Changes rows_of(const Reader& store) {
  Changes rows;
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    const auto done = store.scan(table, {}, {}, Direction::ascending,
                                 [&](BytesView key, BytesView value) {
                                   rows.push_back({table, Bytes(key), Bytes(value)});
                                   return true;
                                 });
    SUYUAN_CHECK(done.has_value());
  }
  return rows;
}

TreeHead tree_of(const Reader& store) {
  const auto head = read_head(store);
  SUYUAN_CHECK(head.has_value());
  const TreeRows rows(store);
  return {.size = head->leaves, .root = root_of(TiledNodes(rows), head->leaves).value()};
}

Changes outside_the_log(testing::LedgerBuilder& ledger, Table table, Bytes key, Bytes value) {
  Changes changes = {{table, std::move(key), std::move(value)}};
  SUYUAN_CHECK(ledger.store().commit(changes).has_value());
  return changes;
}

Changes seal(testing::LedgerBuilder& ledger) {
  const auto map = ChainMap::build(HeadRows(ledger.state()));
  const auto applied =
      apply_seal(ledger.state(), ledger.head().position + 1, ledger.clock_now(), map->root());
  SUYUAN_CHECK(applied.has_value());
  SUYUAN_CHECK(ledger.store().commit(applied->changes).has_value());
  return applied->changes;
}

Changes batches(testing::LedgerBuilder& ledger, size_t number) {
  std::vector<VerifiedBatch> group;
  for (const char* letter : {"A", "B"}) {
    const std::string unit = "sgtin:09521104301011:" + std::string(letter) + std::to_string(number);
    group.push_back(ledger.batch("maker", {testing::commission("08:00", {unit}),
                                           testing::observe("09:00", "storing", {unit})}));
  }
  return ledger.apply_group(group).changes;
}

uint64_t number_from(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

void Script::Sum::add(Table table, BytesView key, BytesView value, bool minus) {
  const Bytes frame = std::to_string(static_cast<int>(table)) + " " + std::to_string(key.size());
  const Hash hash = sha256({frame, key, value});
  for (size_t i = 0; i < parts.size(); ++i) {
    uint64_t word = 0;
    std::memcpy(&word, hash.data.data() + i * sizeof word, sizeof word);
    parts[i] += minus ? 0 - word : word;
  }
}

Script::Script(size_t commits) {
  testing::LedgerBuilder ledger;
  ledger.party("maker", {Role::manufacturer});
  ledger.product("09521104301011", "maker");
  close_commit(rows_of(ledger.state()), tree_of(ledger.state()));
  for (size_t i = 1; i < commits; ++i) {
    Changes changes;
    if (i % kCommitsPerSeal == 0) {
      changes = seal(ledger);
    } else if (i % kCommitsPerSeal == 1 && i > 1) {
      changes = outside_the_log(ledger, Table::checkpoint, u64_key(ledger.head().leaves),
                                "checkpoint " + std::to_string(i));
    } else if (i % kAttachmentEvery == 5) {
      const Bytes value(kAttachmentBytes, static_cast<char>('a' + i % 26));
      changes = outside_the_log(ledger, Table::attachment, Bytes(sha256(value).view()), value);
    } else {
      changes = batches(ledger, i);
      events_ += 4;
    }
    close_commit(std::move(changes), tree_of(ledger.state()));
  }
}

void Script::close_commit(Changes changes, const TreeHead& tree) {
  for (const auto& change : changes) {
    const auto key = std::pair(change.table, change.key);
    if (const auto old = rows_.find(key); old != rows_.end()) {
      sum_.add(change.table, change.key, old->second, true);
      rows_.erase(old);
    }
    if (!change.value) continue;
    sum_.add(change.table, change.key, *change.value, false);
    rows_.emplace(key, *change.value);
  }
  commits_.push_back(std::move(changes));
  trees_.push_back(tree);
  held_[sum_] = commits_.size();
}

Result<std::optional<size_t>> Script::held(const Reader& store) const {
  Sum sum;
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    SUYUAN_TRY_DONE(store.scan(table, {}, {}, Direction::ascending,
                               [&](BytesView key, BytesView value) {
                                 sum.add(table, key, value, false);
                                 return true;
                               }));
  }
  if (sum == Sum{}) return std::optional<size_t>(0);
  const auto found = held_.find(sum);
  if (found == held_.end()) return std::optional<size_t>{};
  return std::optional(found->second);
}

Result<std::unique_ptr<RocksStore>> open_on(rocksdb::Env& env, bool create, size_t buffer) {
  RocksOptions options;
  options.path = "/simulated/store";
  options.create = create;
  options.block_cache_bytes = size_t{4} << 20;
  options.write_buffer_bytes = buffer;
  options.write_buffers_total_bytes = size_t{8} << 20;
  options.env = &env;
  return open_rocks(options);
}

DiskState fresh_disk(const Script& script) {
  Disk disk;
  const auto env = env_on(disk);
  {
    const auto store = open_on(*env, true);
    SUYUAN_CHECK(store.has_value());
    SUYUAN_CHECK((*store)->commit(script.commit(0)).has_value());
  }
  return disk.state();
}

size_t fault_factor() { return number_from("SUYUAN_FAULTS", 1); }
uint64_t fault_seed() { return number_from("SUYUAN_SEED", 20261125); }

}  // namespace suyuan::test
