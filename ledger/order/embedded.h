// EmbeddedOrder: the ordered log of a node that shares none. The store is the log's only memory.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "ledger/base/limits.h"
#include "ledger/order/order.h"

namespace suyuan {

struct EmbeddedOrderOptions {
  std::function<int64_t()> clock;  // ms since 1970; called by the sequencer thread
  size_t queue_proposals_max = limits::kQueueBatchesMax;
  size_t queue_bytes_max = limits::kQueueBytesMax;
  size_t group_proposals_max = limits::kGroupBatchesMax;
  size_t group_bytes_max = limits::kGroupBytesMax;  // by weight; a single proposal may weigh more
};

// A bounded queue drained by one sequencer thread. A group is whatever arrived while the follower
// was busy with the group before, so groups grow with the load and no timer delays anyone.
class EmbeddedOrder final : public Order {
 public:
  explicit EmbeddedOrder(EmbeddedOrderOptions options);
  ~EmbeddedOrder() override;  // stops

  OrderCapabilities capabilities() const override;
  Result<Done> append(std::unique_ptr<Proposal>& proposal) override;
  Result<Done> check_room(size_t bytes) const override;
  void follow(OrderPlace after, Follower& follower) override;
  OrderTail tail() const override;
  void trim(uint64_t up_to) override;
  OrderLoad load() const override;
  void stop() override;

 private:
  struct Waiting {
    std::unique_ptr<Proposal> proposal;
    size_t bytes;
    size_t weight;
  };
  void run(Follower& follower);
  Result<Done> check_queue(size_t bytes) const;  // REQUIRES: the lock
  // Waits for proposals; nullopt when the log has stopped and is drained.
  std::optional<OrderedGroup> next_group();
  void poison(const Error& cause, Follower& follower);

  const EmbeddedOrderOptions options_;
  // Guards all below but thread_, for as long as it takes to move one group's pointers.
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Waiting> queue_;
  size_t queue_bytes_ = 0;
  size_t queue_weight_ = 0;
  uint64_t position_ = 0;  // of the last group
  bool stopping_ = false;
  std::optional<Error> poisoned_;
  std::mutex stop_mutex_;  // guards thread_: two callers of stop() must not join it twice
  std::thread thread_;
};

}  // namespace suyuan
