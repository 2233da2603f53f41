// EtcdOrder's tail: reads what the log holds, then watches it, and hands groups over in order and
// without a gap.
#include <algorithm>

#include "ledger/order/etcd/etcd_order.h"

namespace suyuan {
namespace {

constexpr int64_t kPageGroups = 8;  // at most 12 MiB
constexpr auto kPause = std::chrono::milliseconds(50);

Error no_log(const std::string& log) {
  return {.code = Code::NOT_FOUND,
          .message = "etcd holds no log " + log + ". Check --etcd and --etcd-log; a new log is "
                     "made with suyuan-node migrate. If etcd was emptied, see docs/cluster.md"};
}

Error other_ledger(const std::string& log) {
  return {.code = Code::LEDGER_MISMATCH,
          .message = "the log " + log + " in etcd is of another ledger; check --etcd-log"};
}

Error forked(uint64_t position) {
  return {.code = Code::ROLLED_BACK,
          .message = "the log in etcd does not go on from group " + std::to_string(position) +
                     " as this node holds it: etcd was put back to an older state and written "
                     "since, or this store is not a node of this log (docs/cluster.md)"};
}

Error behind(uint64_t tail, uint64_t position) {
  return {.code = Code::ROLLED_BACK,
          .message = "the log in etcd ends at group " + std::to_string(tail) +
                     ", this node holds group " + std::to_string(position) +
                     ": etcd was put back to an older state (docs/cluster.md)"};
}

Error trimmed(uint64_t position) {
  return {.code = Code::NOT_FOUND,
          .message = "the log in etcd does not hold group " + std::to_string(position) +
                     " any more: this node was away for too long. Give it a copy of the store of "
                     "another node (docs/cluster.md)"};
}

}  // namespace

bool EtcdOrder::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !moved_.wait_for(lock, time, [this] { return ended_ || poisoned_; });
}

void EtcdOrder::tail_all() {
  do {
    auto revision = catch_up();
    if (!revision) {
      if (revision.error().code != Code::UNAVAILABLE) return poison(revision.error());
      continue;
    }
    auto opened = kv_->watch(keys_.groups_from(0), *revision + 1);
    if (!opened) continue;
    const std::shared_ptr<KvWatch> watch = *std::move(opened);
    {
      const std::scoped_lock lock(mutex_);
      if (ended_ || poisoned_) return;
      watch_ = watch;
    }
    bool whole = true;
    while (whole) {
      auto pairs = watch->next();
      if (!pairs) break;
      for (const KvPair& pair : *pairs) {
        auto taken = take(pair);
        if (!taken) return poison(taken.error());
        whole = whole && *taken;
      }
    }
    const std::scoped_lock lock(mutex_);
    watch_.reset();
  } while (pause(kPause));
}

// Reads to the log's end; gives the revision as of which that was it.
Result<int64_t> EtcdOrder::catch_up() {
  int64_t revision = 0;
  for (;;) {
    SUYUAN_TRY(more, catch_up_page(revision));
    if (!more) return revision;
    const std::scoped_lock lock(mutex_);
    if (ended_) return fail(Code::UNAVAILABLE, "stopping");
  }
}

Result<bool> EtcdOrder::catch_up_page(int64_t& revision) {
  OrderPlace known;
  {
    const std::scoped_lock lock(mutex_);
    known = arrived_at_;
  }
  SUYUAN_TRY(answer, kv_->txn({.then = {KvRange{.key = keys_.identity()},
                                        KvRange{.key = keys_.tail()},
                                        keys_.groups_from(known.position + 1, kPageGroups)}}));
  SUYUAN_TRY_DONE(check_log(answer, known));
  SUYUAN_TRY(tail, decode_place(answer.ranges[1][0].value));
  const auto& groups = answer.ranges[2];
  if (groups.empty() && tail.position > known.position) {
    return Unexpected(trimmed(known.position + 1));
  }
  for (const KvPair& pair : groups) {
    SUYUAN_TRY(taken, take(pair));
    if (!taken) return Unexpected(trimmed(known.position + 1));
  }
  revision = answer.revision;
  const std::scoped_lock lock(mutex_);
  if (tail.position > tip_.position) tip_ = tail;
  return arrived_at_.position < tail.position;
}

// That it is our log, and no older than what we hold of it.
Result<Done> EtcdOrder::check_log(const KvAnswer& answer, const OrderPlace& known) const {
  if (answer.ranges.size() != 3 || answer.ranges[0].empty() || answer.ranges[1].empty()) {
    return Unexpected(no_log(options_.log));
  }
  SUYUAN_TRY(identity, decode_identity(answer.ranges[0][0].value));
  if (identity.ledger != options_.ledger) return Unexpected(other_ledger(options_.log));
  SUYUAN_TRY(tail, decode_place(answer.ranges[1][0].value));
  if (tail.position < known.position) return Unexpected(behind(tail.position, known.position));
  if (tail.position == known.position && tail != known) return Unexpected(forked(known.position));
  return Done{};
}

Result<bool> EtcdOrder::take(const KvPair& pair) {
  const auto position = keys_.position_of(pair.key);
  if (!position) return true;
  OrderedGroup group{.position = *position, .mark = mark_of(pair.value), .proposals = {}};
  OrderPlace before;
  std::optional<Proposals> own;
  {
    const std::scoped_lock lock(mutex_);
    if (*position <= arrived_at_.position) return true;  // seen
    if (*position != arrived_at_.position + 1) return false;
    before = arrived_at_;
    if (const auto mine = own_.find(group.mark); mine != own_.end()) {
      own = std::move(mine->second);
      own_.erase(mine);
    }
  }
  SUYUAN_TRY(entry, decode_group(pair.value));
  if (entry.before != before.mark) return Unexpected(forked(before.position));
  group.time_ms = entry.time_ms;
  if (own) {
    group.proposals = *std::move(own);
  } else {
    group.proposals = proposals_of(entry);
  }
  deliver(std::move(group), before.position);
  return true;
}

// Those that can be read. What goes alone counts only where it does: the rule is the same for all
// nodes, so all leave out the same.
Proposals EtcdOrder::proposals_of(const GroupEntry& group) {
  Proposals proposals;
  for (const Bytes& one : group.proposals) {
    auto proposal = options_.decode(one);
    if (!proposal || ((*proposal)->alone() && group.proposals.size() > 1)) continue;
    proposals.push_back(*std::move(proposal));
  }
  const std::scoped_lock lock(mutex_);
  ++counts_.foreign;
  counts_.undecoded += group.proposals.size() - proposals.size();
  return proposals;
}

// Waits for room in front of the follower.
void EtcdOrder::deliver(OrderedGroup group, uint64_t before) {
  std::optional<Error> reason;
  {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [this] {
      return ended_ || poisoned_ || inbox_.size() < options_.inbox_groups_max;
    });
    if (poisoned_) {
      reason = poisoned_;
    } else if (ended_) {
      reason = Error{.code = Code::STOPPING,
                     .message = "the node stopped; send the same to another: it is taken once"};
    } else if (arrived_at_.position != before) {
      return;  // of another node, and seen meanwhile
    } else {
      arrived_at_ = {.position = group.position, .mark = group.mark};
      if (arrived_at_.position > tip_.position) tip_ = arrived_at_;
      time_ms_ = std::max(time_ms_, group.time_ms);
      if (!group.proposals.empty()) inbox_.push_back(std::move(group));
    }
  }
  if (reason) return drop(std::move(group.proposals), *reason);
  arrived_.notify_one();
  moved_.notify_all();
}

}  // namespace suyuan
