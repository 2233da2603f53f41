// The ordered log of the simulation, shared by the nodes. It loses nothing that it acknowledged.
// Each node has an end of it; a node that stands alone has an end without a log.
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
  size_t maker = 0;  // the node that made it
  std::vector<Bytes> proposals;
};

struct Log {
  OrderPlace base;
  std::vector<Entry> entries;
  OrderPlace end() const { return entries.empty() ? base : entries.back().place; }
  // Returns the entry after a place; null if it is the last.
  const Entry* after(const OrderPlace& place) const;
};

// The outcome of a group that a node sends to the log.
enum class Sent : uint8_t {
  known,    // it is in the log, and the node knows that
  unknown,  // it is in the log, but the answer was lost
  lost,     // it is not in the log, and the node does not know that
};

using Decode = std::function<Result<std::unique_ptr<Proposal>>(BytesView)>;

// One life of a node's end. The simulation moves it one step at a time.
class SimOrder final : public Order {
 public:
  // `log` null: the node stands alone.
  SimOrder(Log* log, size_t node) : log_(log), node_(node) {}
  void decode_with(Decode decode) { decode_ = std::move(decode); }

  OrderCapabilities capabilities() const override {
    return {.durable_append = false, .shared = log_ != nullptr, .max_entry_bytes = 1 << 20};
  }
  Result<Done> append(std::unique_ptr<Proposal>& proposal) override;
  void follow(OrderPlace after, Follower& follower) override;
  OrderTail tail() const override { return {.first = 1, .last = place_.position}; }
  void trim(uint64_t) override {}
  OrderLoad load() const override { return {.proposals = waiting_.size()}; }
  void stop() override {}

  bool has_waiting() const { return !waiting_.empty(); }
  bool is_behind() const { return log_ != nullptr && log_->after(place_) != nullptr; }
  bool is_poisoned() const { return poisoned_.has_value(); }
  // Makes a group of up to `most` waiting proposals: of the shared log or, alone, the next one.
  void send(size_t most, int64_t time_ms, Sent what);
  // Delivers the next group of the shared log to the follower.
  void deliver();

  // Mutants of this end.
  bool reverses = false;     // changes the order of a group's proposals
  int64_t skew_ms = 0;       // uses the node's clock instead of the group's time
  bool skips_first = false;  // skips the first group after a start

 private:
  Proposals take(size_t most);
  void hand_over(OrderedGroup group);

  Log* const log_;
  const size_t node_;
  Decode decode_;
  Follower* follower_ = nullptr;
  OrderPlace place_;
  std::deque<std::unique_ptr<Proposal>> waiting_;
  std::map<uint64_t, Proposals> ours_;  // by position: groups whose senders wait for an answer
  std::optional<Error> poisoned_;
};

}  // namespace suyuan::sim
