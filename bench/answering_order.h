// A log that orders no events: each batch of them is answered at once and forgotten. Behind a
// node's intake it makes a server that only verifies, the ceiling of what a node may reach.
#pragma once

#include <atomic>
#include <memory>

#include "ledger/batch/batch.h"
#include "ledger/order/order.h"
#include "proto/answers.h"

namespace suyuan::bench {

// Everything else (registry acts, notices, seals) goes to the node's own log, so that parties and
// their keys can be registered.
//
// Its receipts have the size of a node's receipts and prove nothing: they name no real ledger, and
// the key that signed them is no node's. Thread-safe.
class AnsweringOrder final : public Order {
 public:
  explicit AnsweringOrder(std::unique_ptr<Order> log);

  // Answers a batch of events on the calling thread, which is one of the node's workers.
  Result<Done> append(std::unique_ptr<Proposal>& proposal) override;

  Result<Done> check_takes() const override { return log_->check_takes(); }
  Result<Done> check_room(size_t bytes) const override { return log_->check_room(bytes); }
  OrderCapabilities capabilities() const override { return log_->capabilities(); }
  void follow(OrderPlace after, Follower& follower) override { log_->follow(after, follower); }
  OrderTail tail() const override { return log_->tail(); }
  bool has_followed(uint64_t position) const override { return log_->has_followed(position); }
  void trim(uint64_t up_to) override { log_->trim(up_to); }
  OrderLoad load() const override { return log_->load(); }
  bool leads() const override { return log_->leads(); }
  void stop() override { log_->stop(); }

 private:
  BatchReceipt receipt_of(const VerifiedBatch& batch);

  const std::unique_ptr<Order> log_;
  const BatchReceipt model_;  // what all receipts have in common
  std::atomic<uint64_t> answered_ = 0;
};

}  // namespace suyuan::bench
