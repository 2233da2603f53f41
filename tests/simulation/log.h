// The ordered log of the simulation: one that nodes share and that loses nothing it said it has,
// and each node's end of it. A node that stands alone has an end without a log.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <random>

#include "ledger/order/order.h"

namespace suyuan::sim {

struct Entry {
  OrderPlace place;
  int64_t time_ms = 0;
  size_t maker = 0;  // the node
  std::vector<Bytes> proposals;
};

struct Log {
  OrderPlace base;
  std::vector<Entry> entries;
  OrderPlace end() const { return entries.empty() ? base : entries.back().place; }
  // The entry behind a place; null: it is the last.
  const Entry* after(const OrderPlace& place) const;
};

// What becomes of a group that a node sends to the log.
enum class Sent : uint8_t {
  known,    // it is in the log, and the node knows
  unknown,  // it is in the log, but the answer was lost
  lost,     // it is not, and the node does not know either
};

using Decode = std::function<Result<std::unique_ptr<Proposal>>(BytesView)>;

// One life of a node. Moved by the simulation, a step at a time.
class SimOrder final : public Order {
 public:
  // `log` null: it stands alone.
  SimOrder(Log* log, size_t node) : log_(log), node_(node) {}
  void decode_with(Decode decode) { decode_ = std::move(decode); }

  OrderCapabilities capabilities() const override {
    return {.durable_append = false, .shared = log_ != nullptr, .max_entry_bytes = 1 << 20};
  }
  Result<Done> append(std::unique_ptr<Proposal>& proposal) override;
  void follow(OrderPlace after, Follower& follower) override;
  OrderTail tail() const override { return {.first = 1, .last = place_.position}; }
  void trim(uint64_t) override {}
  OrderLoad load() const override { return {.proposals = waiting_.size(), .bytes = 0}; }
  void stop() override {}

  bool has_waiting() const { return !waiting_.empty(); }
  bool is_behind() const { return log_ != nullptr && log_->after(place_) != nullptr; }
  bool is_poisoned() const { return poisoned_.has_value(); }
  // Up to `most` of what waits becomes a group: of the shared log, or, alone, the next one.
  void send(size_t most, int64_t time_ms, Sent what);
  // The next group of the shared log goes to the follower.
  void deliver();

  // Mutants of this end.
  bool reverses = false;     // a group's proposals come in another order
  int64_t skew_ms = 0;       // the time is our own clock's, not the group's
  bool skips_first = false;  // the first group after a start is left out

 private:
  Proposals take(size_t most);
  void hand_over(OrderedGroup group);

  Log* const log_;
  const size_t node_;
  Decode decode_;
  Follower* follower_ = nullptr;
  OrderPlace place_;
  std::deque<std::unique_ptr<Proposal>> waiting_;
  std::map<uint64_t, Proposals> ours_;  // by position: whose senders wait for an answer
  std::optional<Error> poisoned_;
};

}  // namespace suyuan::sim
