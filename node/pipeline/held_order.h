// An order that can be told to accept nothing for now, for example while the disk is nearly full.
// What was accepted earlier continues.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "ledger/order/order.h"

namespace suyuan {

class HeldOrder final : public Order {
 public:
  explicit HeldOrder(std::unique_ptr<Order> inner) : inner_(std::move(inner)) {}

  // Thread-safe. Batches are answered READ_ONLY with the reason; the node's own proposals get BUSY,
  // so that it retries them. Empty: the order continues.
  void hold(std::string why);
  std::string reason() const;

  Result<Done> append(std::unique_ptr<Proposal>& proposal) override;
  Result<Done> check_takes() const override;
  Result<Done> check_room(size_t bytes) const override { return inner_->check_room(bytes); }
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
  mutable std::mutex mutex_;  // guards why_, while it is copied
  std::string why_;
};

// Why an order accepts nothing for now; empty: it does, or it cannot be held.
std::string held_reason(const Order& order);

}  // namespace suyuan
