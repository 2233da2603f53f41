// EtcdOrder's pulse: holds the lease of the node that leads, notices what the watch does not,
// trims.
#include <algorithm>
#include <utility>

#include "ledger/order/etcd/etcd_order.h"
#include "ledger/order/etcd/log_view.h"

namespace suyuan {

bool EtcdOrder::leads() const {
  const std::scoped_lock lock(mutex_);
  return !poisoned_ && std::chrono::steady_clock::now() < leads_until_;
}

void EtcdOrder::pulse_all() {
  do {
    const auto done = pulse();
    if (!done && done.error().code == Code::UNAVAILABLE) heard_nothing(done.error());
    if (done) heard();
  } while (pause(options_.pulse));
  if (lease_ != 0) (void)kv_->revoke_lease(lease_);  // another leads at once
}

Result<Done> EtcdOrder::pulse() {
  const Time began = std::chrono::steady_clock::now();
  if (lease_ != 0) {
    const auto kept = kv_->keep_lease(lease_);
    if (!kept && kept.error().code == Code::NOT_FOUND) lease_ = 0;
    if (!kept && lease_ != 0) return kept;
  }
  if (lease_ == 0) {
    SUYUAN_TRY(lease, kv_->grant_lease(options_.lease));
    lease_ = lease;
  }
  // The note is put each time: what hears us can be written, and is not only there to be read.
  const Bytes us = options_.node + " " + std::to_string(lease_);
  KvTxn txn{.when = {{.key = keys_.leader()}},
            .then = {KvPut{.key = keys_.leader(), .value = us, .lease = lease_}}};
  for (auto* steps : {&txn.then, &txn.otherwise}) {
    steps->push_back(KvPut{.key = keys_.node(options_.node), .value = options_.note()});
    steps->push_back(KvRange{.key = keys_.leader()});
    steps->push_back(KvRange{.key = keys_.tail()});
    steps->push_back(keys_.nodes());
  }
  SUYUAN_TRY_DONE(say_address());
  SUYUAN_TRY(answer, kv_->txn(txn));
  if (answer.ranges.size() != 3 || answer.ranges[1].empty()) return Done{};  // the tail says it
  SUYUAN_TRY(tail, decode_place(answer.ranges[1][0].value));
  const bool leads = !answer.ranges[0].empty() && answer.ranges[0][0].value == us;
  {
    const std::scoped_lock lock(mutex_);
    leads_until_ = leads ? began + options_.lease : began;
  }
  wake_tail(tail);
  std::map<std::string, Bytes> notes;
  for (auto& [key, value] : answer.ranges[2]) {
    if (key != keys_.node(options_.node)) notes.emplace(key.substr(keys_.node("").size()), value);
  }
  options_.on_notes(notes);
  if (!leads) return Done{};
  forget_overwritten(answer.revision, began);
  return trim_now(tail);
}

void EtcdOrder::listens_at(std::string url) {
  const std::scoped_lock lock(mutex_);
  address_to_say_ = std::move(url);
}

Result<Done> EtcdOrder::say_address() {
  std::string url;
  {
    const std::scoped_lock lock(mutex_);
    url = address_to_say_;
  }
  if (url.empty()) return Done{};
  SUYUAN_TRY_DONE(put_address(*kv_, options_.log, options_.node, url));
  const std::scoped_lock lock(mutex_);
  if (address_to_say_ == url) address_to_say_.clear();
  return Done{};
}

Result<std::map<std::string, Bytes>> EtcdOrder::show(const std::optional<Bytes>& ours) const {
  KvTxn txn;
  if (ours) txn.then.push_back(KvPut{.key = keys_.shown(options_.node), .value = *ours});
  txn.then.push_back(keys_.all_shown());
  SUYUAN_TRY(answer, kv_->txn(txn));
  std::map<std::string, Bytes> all;
  if (answer.ranges.size() != 1) return all;
  for (auto& [key, value] : answer.ranges[0]) {
    all.emplace(key.substr(keys_.shown("").size()), std::move(value));
  }
  return all;
}

// Each pulse overwrites a note, each group the tail: etcd would keep them all, until it is full.
// One round late, so that who watches is not cut off for nothing.
void EtcdOrder::forget_overwritten(int64_t revision, Time now) {
  if (now - forgot_at_ < options_.forget) return;
  forgot_at_ = now;
  const int64_t before = std::exchange(overwritten_, revision);
  // Not done, or done already by another that led: with the next round.
  if (before != 0) (void)kv_->compact(before);
}

// A watch can stay silent where its connection broke unseen. Behind, and not moved since the pulse
// before: it is read anew.
void EtcdOrder::wake_tail(const OrderPlace& tail) {
  const std::scoped_lock lock(mutex_);
  const bool behind = tail.position > arrived_at_.position;
  if (behind && behind_ && arrived_at_ == pulse_arrived_ && watch_) watch_->cancel();
  behind_ = behind;
  pulse_arrived_ = arrived_at_;
}

// The last group stays, so that a log is never empty again once it held one.
Result<Done> EtcdOrder::trim_now(const OrderPlace& tail) {
  uint64_t up_to = 0;
  {
    const std::scoped_lock lock(mutex_);
    up_to = std::min(trim_to_, tail.position == 0 ? 0 : tail.position - 1);
    if (up_to <= trimmed_) return Done{};
  }
  SUYUAN_TRY(answer, kv_->txn({.then = {keys_.groups_to(up_to)}}));
  SUYUAN_TRY_DONE(kv_->compact(answer.revision));
  const std::scoped_lock lock(mutex_);
  trimmed_ = up_to;
  return Done{};
}

}  // namespace suyuan
