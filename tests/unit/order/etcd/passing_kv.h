// What stands between a node and etcd: it passes everything on, and a test overrides what it is
// about.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "ledger/order/etcd/kv.h"

namespace suyuan::test {

class PassingWatch : public KvWatch {
 public:
  explicit PassingWatch(std::unique_ptr<KvWatch> inner) : inner_(std::move(inner)) {}
  Result<std::vector<KvPair>> next() override { return inner_->next(); }
  void cancel() override { inner_->cancel(); }

 private:
  const std::unique_ptr<KvWatch> inner_;
};

class PassingKv : public Kv {
 public:
  explicit PassingKv(std::unique_ptr<Kv> inner) : inner_(std::move(inner)) {}
  Result<KvAnswer> txn(const KvTxn& txn) override { return inner_->txn(txn); }
  Result<std::unique_ptr<KvWatch>> watch(const KvRange& range, int64_t from) override {
    return inner_->watch(range, from);
  }
  Result<Done> compact(int64_t revision) override { return inner_->compact(revision); }
  Result<int64_t> grant_lease(std::chrono::seconds life) override {
    return inner_->grant_lease(life);
  }
  Result<Done> keep_lease(int64_t lease) override { return inner_->keep_lease(lease); }
  Result<Done> revoke_lease(int64_t lease) override { return inner_->revoke_lease(lease); }
  Result<KvStatus> status() override { return inner_->status(); }

 protected:
  Kv& inner() { return *inner_; }

 private:
  const std::unique_ptr<Kv> inner_;
};

}  // namespace suyuan::test
