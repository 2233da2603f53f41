// A fixed script of commits of a real ledger: registrations, batches, seals, checkpoints, and some
// attachments; and what a store must hold after the first k of them, to the last row.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <vector>

#include "ledger/merkle/proof.h"
#include "ledger/store/rocks/rocks_store.h"
#include "ledger/store/store.h"
#include "tests/faults/disk.h"

namespace suyuan::test {

class Script {
 public:
  // Four events in each commit of batches.
  explicit Script(size_t commits);
  size_t size() const { return commits_.size(); }
  const Changes& commit(size_t i) const { return commits_.at(i); }
  size_t events() const { return events_; }
  // Returns how many commits the store holds, whole and in order, and nothing else. Nullopt: there
  // is no such number, because a commit is missing from the middle, is partial, or differs.
  // Errors: IO, CORRUPT.
  Result<std::optional<size_t>> held(const Reader& store) const;
  const TreeHead& tree_after(size_t commits) const { return trees_.at(commits - 1); }

 private:
  // A sum over all rows, independent of their order.
  struct Sum {
    std::array<uint64_t, 4> parts{};
    auto operator<=>(const Sum&) const = default;
    void add(Table table, BytesView key, BytesView value, bool minus);
  };
  void close_commit(Changes changes, const TreeHead& tree);

  std::vector<Changes> commits_;
  std::vector<TreeHead> trees_;
  std::map<Sum, size_t> held_;
  std::map<std::pair<Table, Bytes>, Bytes> rows_;
  Sum sum_;
  size_t events_ = 0;
};

// A store of the script on a simulated disk. With small buffers, flushes and compactions run in
// parallel with the commits; with large ones, only when it is opened.
inline constexpr size_t kSmallBuffer = size_t{16} << 10;
inline constexpr size_t kLargeBuffer = size_t{96} << 10;
Result<std::unique_ptr<RocksStore>> open_on(rocksdb::Env& env, bool create = false,
                                            size_t buffer = kSmallBuffer);
// Returns a disk that holds the first commit, with its store closed.
DiskState fresh_disk(const Script& script);

// SUYUAN_FAULTS and SUYUAN_SEED, for longer runs: a factor for the counts of CI, and the first
// seed.
size_t fault_factor();
uint64_t fault_seed();

}  // namespace suyuan::test
