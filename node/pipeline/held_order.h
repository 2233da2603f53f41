// An order that can be told to take nothing for now: while the disk is nearly full, say. What was
// taken before goes its way.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "ledger/order/order.h"

namespace suyuan {

class HeldOrder final : public Order {
 public:
  explicit HeldOrder(std::unique_ptr<Order> inner) : inner_(std::move(inner)) {}

  // From any thread. Batches are answered READ_ONLY with the reason; the node's own words BUSY, so
  // that it tries them again. Empty: it goes on.
  void hold(std::string why);
  std::string reason() const;

  Result<Done> append(std::unique_ptr<Proposal>& proposal) override;
  Result<Done> check_takes() const override;
  OrderCapabilities capabilities() const override { return inner_->capabilities(); }
  void follow(OrderPlace after, Follower& follower) override { inner_->follow(after, follower); }
  OrderTail tail() const override { return inner_->tail(); }
  bool has_followed(uint64_t position) const override { return inner_->has_followed(position); }
  void trim(uint64_t up_to) override { inner_->trim(up_to); }
  OrderLoad load() const override { return inner_->load(); }
  bool leads() const override { return inner_->leads(); }
  void stop() override { inner_->stop(); }

 private:
  const std::unique_ptr<Order> inner_;
  mutable std::mutex mutex_;  // guards why_, for as long as it takes to copy it
  std::string why_;
};

// Why an order takes nothing for now; empty: it does, or is none that can be held.
std::string held_reason(const Order& order);

}  // namespace suyuan
