// The leaves of a LogMaker, taken by apply into a store, as a node does it.
#pragma once

#include <gtest/gtest.h>

#include "ledger/apply/head_rows.h"
#include "proto/submission_codec.h"
#include "tests/unit/audit/log_maker.h"

namespace suyuan::testing {

class AppliedLog {
 public:
  // Both outlive it.
  AppliedLog(Store& store, const LogMaker& log) : store_(store), log_(log) { take_new(); }

  // Leaves that were made since.
  void take_new() {
    for (; taken_ < log_.leaves.size(); ++taken_)
      take(parse_leaf(log_.leaves[taken_].data).value());
  }
  // The row that a publisher writes.
  void publish() {
    commit({{Table::checkpoint, u64_key(log_.leaves.size()), log_.checkpoint()}});
  }

 private:
  void commit(const Changes& changes) { ASSERT_TRUE(store_.commit(changes)); }

  void take(const Leaf& leaf) {
    if (leaf.kind == LeafKind::genesis) {
      commit(apply_genesis(leaf.text, leaf.time_ms).value().changes);
    } else if (leaf.kind == LeafKind::seal) {
      const Hash map = ChainMap::build(HeadRows(store_.latest())).value().root();
      commit(apply_seal(store_.latest(), taken_, leaf.time_ms, map).value().changes);
    } else if (leaf.kind == LeafKind::notice) {
      const auto notice = verify_notice(leaf.text, log_.id, store_.latest()).value();
      const auto applied = apply_notice(store_.latest(), taken_, leaf.time_ms, notice,
                                        decode_any_payload).value();
      ASSERT_TRUE(std::holds_alternative<Accepted>(applied.verdicts[0]));
      commit(applied.changes);
    } else {
      auto decoded = decode_batch(log_.submissions.at(posted_++)).value();
      const auto batch = verify(std::move(decoded), log_.id, store_.latest(),
                                BatchFrom::log).value();
      const Group group{.position = taken_, .time_ms = leaf.time_ms, .batches = {&batch}};
      const auto applied = apply(store_.latest(), group).value();
      ASSERT_TRUE(std::holds_alternative<Accepted>(applied.verdicts[0]));
      commit(applied.changes);
    }
  }

  Store& store_;
  const LogMaker& log_;
  size_t taken_ = 0;
  size_t posted_ = 0;
};

}  // namespace suyuan::testing
