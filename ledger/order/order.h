// Order: what the node requires of an ordered log. Proposals enter from any thread and come back in
// groups, in one order that is the same for every follower. The embedded log and a replicated
// engine implement the same interface.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// One thing to be ordered. The log neither reads nor changes its content.
class Proposal {
 public:
  Proposal() = default;
  virtual ~Proposal() = default;
  Proposal(const Proposal&) = delete;
  Proposal& operator=(const Proposal&) = delete;
  virtual size_t bytes() const = 0;
  // How much of a group it fills, in the same unit: more than bytes() where a few bytes make many
  // rows. At least bytes().
  virtual size_t weight() const { return bytes(); }
  // Goes into a group of its own. For the rare words of the node itself (a seal): the queue's
  // bounds are for what others send, and do not hold such a proposal back.
  virtual bool alone() const { return false; }
  // True if later proposals depend on this one's effect. The follower applies it before it reads
  // on.
  virtual bool barrier() const { return false; }
  // Wire encoding. The embedded log never calls this: it hands back the same object.
  virtual Bytes encode() const = 0;
};
using Proposals = std::vector<std::unique_ptr<Proposal>>;

// Casts a proposal to the node's own type. A log hands out what was appended or what its decoder
// made, and both are of that type; any other type is a bug in this program.
template <class P>
P& as(Proposal& proposal) {
  auto* same = dynamic_cast<P*>(&proposal);
  SUYUAN_CHECK(same != nullptr);
  return *same;
}

// A position in the log. In a replicated log each group has a mark, a hash over all groups up to
// and including it, so a follower detects that the log was replaced. All zero in the embedded log.
struct OrderPlace {
  uint64_t position = 0;
  Hash mark = {};
  friend bool operator==(const OrderPlace&, const OrderPlace&) = default;
};

// What a follower receives: at least one proposal, applied and committed together.
struct OrderedGroup {
  uint64_t position = 0;  // strictly increasing from group to group; gaps are allowed
  Hash mark = {};         // mark of its position; the follower keeps it, to resume from
  int64_t time_ms = 0;    // the proposed log time: the clock when the group was made
  Proposals proposals;
};

// The follower of the log. on_group is called on one thread, on_dropped on any. The follower owns
// what it receives, and only it answers the senders: acknowledgement and refusal come from apply
// and commit, never from append.
class Follower {
 public:
  virtual ~Follower() = default;
  // An error (a failed commit, for example) ends the log: see Order::append.
  virtual Result<Done> on_group(OrderedGroup group) = 0;
  // Appended proposals that will be in no group; their senders are answered with `reason`. If the
  // reason says that the outcome is unknown, they may still come back, made by the decoder. Any
  // reason other than TOO_LARGE, BUSY and STOPPING means that the log has ended; `proposals` may
  // then be empty.
  virtual void on_dropped(Proposals proposals, const Error& reason) = 0;
  // No more groups will come. Returns when the follower has finished those it took. Needed for a
  // log whose groups may still be in progress after on_group has returned.
  virtual void on_end() {}
};

struct OrderCapabilities {
  // An appended proposal survives a crash of this process before its group is committed.
  bool durable_append = false;
  // Other processes append to the same log: a follower sees proposals that its node did not make.
  bool shared = false;
  size_t max_entry_bytes = 0;  // of one proposal
};

// The positions that the log holds; first > last if it holds none.
struct OrderTail {
  uint64_t first = 0;
  uint64_t last = 0;
};

struct OrderLoad {
  size_t proposals = 0;
  size_t weight = 0;  // of all of them
};

class Order {
 public:
  virtual ~Order() = default;
  virtual OrderCapabilities capabilities() const = 0;
  // Appends a proposal. Never waits. Thread-safe. On success the log owns the proposal and promises
  // only that the follower will receive it. On error it stays with the caller, who answers its
  // sender.
  // Errors: TOO_LARGE, BUSY (the queue is full, or the engine does not answer), READ_ONLY (the
  // follower failed; until restart), STOPPING.
  virtual Result<Done> append(std::unique_ptr<Proposal>& proposal) = 0;
  // Returns the error with which append() would refuse any batch now: a caller asks before it works
  // on one. Never waits. Thread-safe. Errors: BUSY (the engine does not answer), READ_ONLY,
  // STOPPING.
  virtual Result<Done> check_takes() const { return Done{}; }
  // As check_takes(), of the queue: has it room for a batch of so many bytes? Never waits.
  // Thread-safe. Errors: BUSY.
  virtual Result<Done> check_room(size_t /*bytes*/) const { return Done{}; }
  // Starts the follower at the first group after `after`, the place of the last group in the store.
  // Call once.
  virtual void follow(OrderPlace after, Follower& follower) = 0;
  virtual OrderTail tail() const = 0;
  // Returns whether the follower has finished everything that a shared log is known to hold, and
  // everything up to `position`. Thread-safe.
  virtual bool has_followed(uint64_t /*position*/) const { return true; }
  // Allows the log to forget everything up to and including the position: all followers have it.
  virtual void trim(uint64_t up_to) = 0;
  // Returns what waits to be grouped.
  virtual OrderLoad load() const = 0;
  // Returns whether this node orders what nodes order on their own (seals). Two nodes may lead at
  // the same time; correctness must not depend on it.
  virtual bool leads() const { return true; }
  // Accepts no more, hands over what was appended, then ends. Returns when the follower has ended.
  virtual void stop() = 0;
};

}  // namespace suyuan
