// EtcdOrder's tail: reads the log, then watches it, and hands groups over in order and without a
// gap. The follower takes them on a thread of its own.
#include <algorithm>

#include "ledger/order/etcd/etcd_order.h"

namespace suyuan {
namespace {

constexpr int64_t kPageGroups = 8;  // at most 12 MiB
constexpr auto kPause = std::chrono::milliseconds(50);
constexpr auto kHoldPause = std::chrono::milliseconds(100);

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
          .message = "the log in etcd does not continue from group " + std::to_string(position) +
                     " as this node holds it: etcd was restored to an older state and written "
                     "since, or this store is not a node of this log (docs/cluster.md)"};
}

Error behind(uint64_t tail, uint64_t position) {
  return {.code = Code::ROLLED_BACK,
          .message = "the log in etcd ends at group " + std::to_string(tail) +
                     ", this node holds group " + std::to_string(position) +
                     ": etcd was restored to an older state (docs/cluster.md)"};
}

Error trimmed(uint64_t position) {
  return {.code = Code::NOT_FOUND,
          .message = "the log in etcd does not hold group " + std::to_string(position) +
                     " any more: this node was away for too long. Start it again: it fetches what "
                     "it missed from another node (docs/cluster.md)"};
}

Error no_groups() {
  return {.code = Code::CORRUPT,
          .message = "etcd holds keys among the log's groups that are not groups, and hide them: "
                     "check who may write there, and delete them"};
}

Error other_judging(const GroupEntry& entry, uint64_t position, uint16_t ours) {
  return {.code = Code::STORE_TOO_NEW,
          .message = "group " + std::to_string(position) + " of the log was ordered by node " +
                     entry.node + " under version " + std::to_string(entry.judging) +
                     " of the rules that decide over batches, this program has version " +
                     std::to_string(ours) +
                     ": run the same program on all nodes (docs/cluster.md, Upgrade)"};
}

std::string from_the_future(const GroupEntry& entry, uint64_t position, int64_t ahead_ms) {
  return "group " + std::to_string(position) + " of the log, by node " + entry.node + ", is " +
         std::to_string(ahead_ms / 1000) +
         " s ahead of this node's clock, and is held back: correct the wrong clock";
}

// Proposed before we knew. The other nodes leave it out, and so do we.
Error no_node_any_more(uint64_t position, const std::string& node) {
  return {.code = Code::KEY_NOT_IN_FORCE,
          .message = "group " + std::to_string(position) + " of the log was ordered by node " +
                     node + ", which is no longer one of the ledger's nodes (docs/cluster.md)"};
}

// Only an etcd that gives different answers about one place leads here.
Error place_taken(uint64_t position) {
  return {.code = Code::BUSY,
          .message = "another group of this node has place " + std::to_string(position) +
                     " of the ordered log already. Send the same again: it is accepted once"};
}

// Another try may succeed.
bool may_pass(Code code) { return code == Code::UNAVAILABLE || code == Code::BUSY; }

}  // namespace

bool EtcdOrder::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !moved_.wait_for(lock, time, [this] { return ended_ || poisoned_; });
}

void EtcdOrder::tail_all() {
  do {
    auto revision = catch_up();
    if (!revision) {
      if (!may_pass(revision.error().code)) return poison(revision.error());
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
        if (!taken && !may_pass(taken.error().code)) return poison(taken.error());
        whole = whole && taken && *taken;
      }
    }
    const std::scoped_lock lock(mutex_);
    watch_.reset();
  } while (pause(kPause));
}

// Reads to the log's end; returns the revision at which that was the end.
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
  SUYUAN_TRY(answer, ask({.then = {KvRange{.key = keys_.identity()},
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
  if (arrived_at_.position >= tail.position) return false;
  if (arrived_at_.position == known.position) return Unexpected(no_groups());
  return true;
}

// Checks that it is our log, and not older than what we hold of it.
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

// Nothing is taken out of own_ before it is certain to continue: else nobody tells its senders.
Result<bool> EtcdOrder::take(const KvPair& pair) {
  const auto position = keys_.position_of(pair.key);
  if (!position) return true;
  OrderedGroup group{.position = *position, .mark = mark_of(pair.value), .proposals = {}};
  OrderPlace before;
  bool is_own = false;
  {
    const std::scoped_lock lock(mutex_);
    if (is_other({.position = *position, .mark = group.mark})) {
      return Unexpected(forked(*position));
    }
    if (*position <= arrived_at_.position) return true;  // seen
    if (*position != arrived_at_.position + 1) return false;
    before = arrived_at_;
    is_own = own_.contains(group.mark);
  }
  SUYUAN_TRY(entry, decode_group(pair.value));
  if (entry.before != before.mark) return Unexpected(forked(before.position));
  if (is_own && !is_signed(Signed::group, entry.node, pair.value, entry.signature)) {
    return Unexpected(no_node_any_more(*position, options_.node));
  }
  auto own = take_own(group.mark);
  is_own = own.has_value();
  if (own) {
    group.proposals = *std::move(own);
    group.time_ms = clocks_.time_of(entry, group.position);
    const std::scoped_lock lock(mutex_);
    own_arrived_.push_back(group.position);
  } else {
    SUYUAN_TRY(proposals, read_foreign(entry, group, pair.value));
    group.proposals = std::move(proposals);
  }
  const bool barrier = has_barrier(group.proposals);
  if (!deliver(std::move(group), before.position, pair.value.size(), is_own) ||
      (barrier && !wait_for_follower())) {
    return fail(Code::UNAVAILABLE, "stopping");  // what follows it is not a gap
  }
  return true;
}

bool EtcdOrder::has_barrier(const Proposals& proposals) {
  return std::ranges::any_of(proposals, [](const auto& one) { return one->barrier(); });
}

bool EtcdOrder::wait_for_follower() {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [this] {
    return ended_ || poisoned_ || (inbox_.empty() && !following_group_);
  });
  behind_barrier_ = false;
  return !ended_ && !poisoned_;
}

// A group of another node, or of ours before its restart. A writer in etcd without a node's key
// makes no group: all nodes leave it out whole.
Result<Proposals> EtcdOrder::read_foreign(const GroupEntry& entry, OrderedGroup& group,
                                          BytesView bytes) {
  if (entry.too_many > 0 || !is_signed(Signed::group, entry.node, bytes, entry.signature)) {
    const std::scoped_lock lock(mutex_);
    ++counts_.foreign;
    counts_.undecoded += entry.proposals.size() + entry.too_many;
    return Proposals();
  }
  if (entry.judging != options_.judging) {
    return Unexpected(other_judging(entry, group.position, options_.judging));
  }
  group.time_ms = clocks_.time_of(entry, group.position);
  SUYUAN_TRY_DONE(wait_for_time(entry, group.time_ms, group.position));
  return proposals_of(entry);
}

// Nodes whose clocks differ must reach the same result, so no group is left out for its time. It
// waits until our clock is there, or somebody has looked. Errors: UNAVAILABLE (we end).
Result<Done> EtcdOrder::wait_for_time(const GroupEntry& entry, int64_t time_ms,
                                      uint64_t position) {
  const Time give_up = std::chrono::steady_clock::now() + options_.hold;
  for (;;) {
    const int64_t now = options_.clock();
    const bool is_ahead = time_ms - options_.ahead.count() > now;
    const std::string why =
        is_ahead ? from_the_future(entry, position, time_ms - now) : std::string();
    {
      const std::scoped_lock lock(mutex_);
      held_ = why;
    }
    if (!is_ahead) return Done{};
    if (std::chrono::steady_clock::now() > give_up) return fail(Code::CORRUPT, why);
    if (!pause(kHoldPause)) return fail(Code::UNAVAILABLE, "stopping");
  }
}

// The proposals that are not refused. One that must be alone counts only if it is: the rule is the
// same for all nodes, so all leave out the same. What this program cannot judge is never left out.
Result<Proposals> EtcdOrder::proposals_of(const GroupEntry& group) {
  Proposals proposals;
  for (const Bytes& one : group.proposals) {
    auto proposal = options_.decode(one);
    if (!proposal && !info(proposal.error().code).refusal) {
      return Unexpected(std::move(proposal).error());
    }
    if (!proposal || ((*proposal)->alone() && group.proposals.size() > 1)) continue;
    proposals.push_back(*std::move(proposal));
  }
  const std::scoped_lock lock(mutex_);
  ++counts_.foreign;
  counts_.undecoded += group.proposals.size() - proposals.size();
  return proposals;
}

// Waits for room in front of the follower. Returns false if nothing is followed any more. Senders
// of `ours` are answered in any case.
bool EtcdOrder::deliver(OrderedGroup group, uint64_t before, size_t bytes, bool ours) {
  std::optional<Error> reason;
  bool goes_on = false;
  {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [this] {
      return ended_ || poisoned_ || inbox_.size() < options_.inbox_groups_max;
    });
    if (poisoned_) {
      reason = poisoned_;
    } else if (ended_) {
      reason = Error{.code = Code::STOPPING,
                     .message = "the node stopped; send the same to another: it is accepted once"};
    } else if (arrived_at_.position != before) {
      if (!ours) return true;  // seen in the meantime
      goes_on = true;
      reason = place_taken(group.position);
    } else {
      if (!ours) flights_.fall_back();
      note_arrival({.position = group.position, .mark = group.mark}, bytes);
      behind_barrier_ = has_barrier(group.proposals);
      if (!group.proposals.empty()) inbox_.push_back(std::move(group));
    }
  }
  if (reason) {
    drop(std::move(group.proposals), *reason);
    return goes_on;
  }
  arrived_.notify_one();
  moved_.notify_all();
  return true;
}

void EtcdOrder::sequence() {
  for (;;) {
    OrderedGroup group;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return ended_ || poisoned_ || !inbox_.empty(); });
      if (inbox_.empty() || poisoned_) return;  // also at the end, what has arrived is followed
      group = std::move(inbox_.front());
      inbox_.pop_front();
      following_group_ = true;
    }
    moved_.notify_all();
    const uint64_t position = group.position;
    const auto done = follower_->on_group(std::move(group));
    if (!done) return poison(done.error());
    bool has_waiting = false;
    {
      const std::scoped_lock lock(mutex_);
      while (!own_arrived_.empty() && own_arrived_.front() <= position) own_arrived_.pop_front();
      following_group_ = false;
      has_waiting = !queue_.empty();
    }
    moved_.notify_all();
    if (has_waiting) appended_.notify_one();
  }
}

}  // namespace suyuan
