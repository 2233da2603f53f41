// Order: what the node needs of an ordered log. Proposals go in from any thread and come back in
// groups, in one order that is the same for every follower. Embedded here; a replicated engine fits
// behind the same interface.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// One thing to be ordered. The log neither reads nor changes it.
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
  // What is read behind it is judged by what it brings about: nothing is, before it is followed.
  virtual bool barrier() const { return false; }
  // As it goes over a wire. A log in the same process never asks: it gives back the same object.
  virtual Bytes encode() const = 0;
};
using Proposals = std::vector<std::unique_ptr<Proposal>>;

// The proposal as its maker knows it. A log hands out what was appended to it, or what its decoder
// made, and both are of the node's one type: another is a mistake of ours.
template <class P>
P& as(Proposal& proposal) {
  auto* same = dynamic_cast<P*>(&proposal);
  SUYUAN_CHECK(same != nullptr);
  return *same;
}

// A place in the log. A replicated log gives each group a mark that covers all that stands up to
// and with it, so that a follower notices when the log behind its back has become another; of a log
// in the same process it is all zero.
struct OrderPlace {
  uint64_t position = 0;
  Hash mark = {};
  friend bool operator==(const OrderPlace&, const OrderPlace&) = default;
};

// What a follower gets: at least one proposal, applied and committed as one.
struct OrderedGroup {
  uint64_t position = 0;  // strictly rising from group to group; gaps are allowed
  Hash mark = {};         // of its place: kept by the follower, to go on from
  int64_t time_ms = 0;    // the clock when the group was made: the proposed log time
  Proposals proposals;
};

// One follower of the log, given a group at a time on one thread, and what is dropped on any. It
// owns what it is given, and it alone answers the senders: acknowledgement and refusal come from
// apply and commit, never from append.
class Follower {
 public:
  virtual ~Follower() = default;
  // An error (a commit that failed, say) ends the log: see Order::append.
  virtual Result<Done> on_group(OrderedGroup group) = 0;
  // Proposals that were appended and whose senders are answered with the reason: they will be in no
  // group; or, where the reason says so, nobody knows, and they may come back as the decoder's.
  // With any reason but TOO_LARGE, BUSY and STOPPING the log has ended, maybe without a proposal.
  virtual void on_dropped(Proposals proposals, const Error& reason) = 0;
  // There will be no group any more. Returns when the follower has done with those that it took: of
  // a log whose groups may be under way when on_group has returned.
  virtual void on_end() {}
};

struct OrderCapabilities {
  // An appended proposal survives a crash of this process before its group is committed.
  bool durable_append = false;
  // Other processes append to the same log: a follower sees proposals that it did not make.
  bool shared = false;
  size_t max_entry_bytes = 0;  // of one proposal
};

// The positions that the log holds: first > last when it holds none.
struct OrderTail {
  uint64_t first = 0;
  uint64_t last = 0;
};

struct OrderLoad {
  size_t proposals = 0;
  size_t bytes = 0;
};

class Order {
 public:
  virtual ~Order() = default;
  virtual OrderCapabilities capabilities() const = 0;
  // From any thread; never waits. Success takes the proposal and promises nothing but that the
  // follower will get it; an error leaves it with the caller, who has to answer its sender.
  // Errors: TOO_LARGE; BUSY: the queue is full, or the engine does not answer; READ_ONLY: the
  // follower failed, until restart; STOPPING.
  virtual Result<Done> append(std::unique_ptr<Proposal>& proposal) = 0;
  // Starts the follower with the first group after the place `after`: of the last one that the
  // store holds. Once.
  virtual void follow(OrderPlace after, Follower& follower) = 0;
  virtual OrderTail tail() const = 0;
  // Everything up to and with the position may be forgotten: all followers hold it for good.
  virtual void trim(uint64_t up_to) = 0;
  // What waits to be grouped.
  virtual OrderLoad load() const = 0;
  // Whether it is this node that orders what nodes order by themselves (seals). That two do at a
  // time can always happen, and nothing rests on it.
  virtual bool leads() const { return true; }
  // Takes no more, hands over what was appended, then ends. Returns when the follower has ended.
  virtual void stop() = 0;
};

}  // namespace suyuan
