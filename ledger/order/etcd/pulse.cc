// EtcdOrder's pulse: holds the lease of the leading node, notices what the watch misses, and trims.
#include <algorithm>
#include <utility>

#include "ledger/order/etcd/etcd_order.h"
#include "ledger/order/etcd/log_view.h"

namespace suyuan {
namespace {

Error not_ours(const std::string& who, const OrderPlace& at) {
  return {.code = Code::ROLLED_BACK,
          .message = who + " is at group " + std::to_string(at.position) +
                     " of a log that this node saw differently: etcd was restored to an older "
                     "state, or shows nodes different logs. Stop all nodes (docs/cluster.md)"};
}

}  // namespace

bool EtcdOrder::leads() const {
  const std::scoped_lock lock(mutex_);
  return !poisoned_ && std::chrono::steady_clock::now() < leads_until_;
}

// Continues after the log has ended for us: nodes behind us must hear how far we are.
void EtcdOrder::pulse_all() {
  for (;;) {
    const auto done = pulse();
    if (done) {
      heard();
    } else if (done.error().code == Code::UNAVAILABLE || done.error().code == Code::BUSY) {
      heard_nothing(done.error());
    } else {
      poison(done.error());
    }
    std::string why;
    {
      const std::scoped_lock lock(mutex_);
      if (is_silent(std::chrono::steady_clock::now())) why = silence_;
    }
    if (!why.empty()) drop_silent(why);
    drop_old();
    std::unique_lock lock(mutex_);
    if (moved_.wait_for(lock, options_.pulse, [this] { return ended_; })) break;
  }
  if (lease_ != 0) (void)kv_->revoke_lease(lease_);  // another leads at once
}

Result<Done> EtcdOrder::pulse() {
  const Time began = std::chrono::steady_clock::now();
  OrderPlace arrived;
  bool is_first = false;
  bool is_over = false;
  {
    const std::scoped_lock lock(mutex_);
    arrived = arrived_at_;
    is_first = pulses_ == 0;
    is_over = poisoned_.has_value();
  }
  if (is_over) {
    if (lease_ != 0) (void)kv_->revoke_lease(std::exchange(lease_, 0));
  } else {
    if (is_first) SUYUAN_TRY_DONE(check_size());
    const auto leased = hold_lease();
    if (!leased) {
      if (leased.error().code == Code::BUSY) make_room(began);
      return leased;
    }
  }
  const auto answer = tell(arrived);
  if (!answer) {
    if (answer.error().code == Code::BUSY) make_room(began);
    return Unexpected(answer.error());
  }
  if (answer->ranges.size() != 3 || answer->ranges[1].empty()) {
    return fail(Code::NOT_FOUND, "etcd does not hold the log " + options_.log +
                                     ", or not any longer (docs/cluster.md)");
  }
  SUYUAN_TRY_DONE(hear(*answer, arrived));
  SUYUAN_TRY(tail, decode_place(answer->ranges[1][0].value));
  const bool leads = lease_ != 0 && !answer->ranges[0].empty() &&
                     answer->ranges[0][0].value == our_lease();
  {
    const std::scoped_lock lock(mutex_);
    leads_until_ = leads ? began + options_.lease : began;
    ++pulses_;
  }
  moved_.notify_all();
  wake_tail(tail);
  ask_status(began);
  if (!leads) return Done{};
  forget_overwritten(answer->revision, began);
  trim_now(tail);
  return Done{};
}

Bytes EtcdOrder::our_lease() const { return options_.node + " " + std::to_string(lease_); }

// Checks that the largest group fits a request: else it would fail under load, batch by batch. The
// comparison never holds, so nothing is put.
Result<Done> EtcdOrder::check_size() {
  const auto answer = ask({.when = {{.key = keys_.tail(), .value = Bytes("never")}},
                           .then = {KvPut{.key = keys_.node(options_.node),
                                          .value = Bytes(kEtcdGroupBytesMax, '\0')}}});
  if (answer) return Done{};
  if (answer.error().code != Code::TOO_LARGE) return Unexpected(answer.error());
  return fail(Code::INVALID_FIELD,
              "etcd accepts no requests of " + std::to_string(kEtcdGroupBytesMax) +
                  " bytes: run it with --max-request-bytes of 1572864, its default, or more");
}

Result<Done> EtcdOrder::hold_lease() {
  if (lease_ != 0) {
    auto kept = kv_->keep_lease(lease_);
    if (!kept && kept.error().code == Code::NOT_FOUND) lease_ = 0;
    if (lease_ != 0) return kept;
  }
  SUYUAN_TRY(lease, kv_->grant_lease(options_.lease));
  lease_ = lease;
  return Done{};
}

// The note is put each time: what hears us must be writable, not only readable.
Result<KvAnswer> EtcdOrder::tell(const OrderPlace& arrived) {
  ClockWord clock{
      .node = options_.node, .position = arrived.position, .time_ms = options_.clock()};
  clock.signature = options_.sign(signed_clock(options_.ledger, options_.log, clock));
  Bytes told = encode_told({.at = arrived,
                            .generation = options_.generation,
                            .time_ms = clock.time_ms,
                            .clock = clock.signature,
                            .note = options_.note()});
  sign(Signed::told, told);
  KvTxn txn;
  if (lease_ != 0) {
    txn.when = {{.key = keys_.leader()}};
    txn.then = {KvPut{.key = keys_.leader(), .value = our_lease(), .lease = lease_}};
  }
  for (auto* steps : {&txn.then, &txn.otherwise}) {
    steps->push_back(KvPut{.key = keys_.node(options_.node), .value = told});
    steps->push_back(KvRange{.key = keys_.leader()});
    steps->push_back(KvRange{.key = keys_.tail()});
    steps->push_back(keys_.nodes());
  }
  SUYUAN_TRY_DONE(say_address());
  return ask(txn);
}

void EtcdOrder::listens_at(Bytes words) {
  const std::scoped_lock lock(mutex_);
  address_to_say_ = std::move(words);
}

Result<Done> EtcdOrder::say_address() {
  Bytes words;
  {
    const std::scoped_lock lock(mutex_);
    words = address_to_say_;
  }
  if (words.empty()) return Done{};
  SUYUAN_TRY_DONE(put_address(*kv_, options_.log, options_.node, words));
  const std::scoped_lock lock(mutex_);
  if (address_to_say_ == words) address_to_say_.clear();
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
    if (auto name = name_under(keys_.shown(""), key)) {
      all.emplace(*std::move(name), std::move(value));
    }
  }
  return all;
}

// A word from before the log last began again says nothing about the log now; it may stay for long,
// and anyone may put it back. A word from a later beginning says that our generation is over.
bool EtcdOrder::conflicts(const Told& told, const OrderPlace& tail) const {
  if (told.generation == options_.generation) {
    return told.at.position > tail.position || is_other(told.at);
  }
  return told.generation.position > options_.generation.position;
}

// What other nodes say and signed.
std::map<std::string, Told> EtcdOrder::all_told(const std::vector<KvPair>& pairs) const {
  std::map<std::string, Told> all;
  for (const auto& [key, value] : pairs) {
    const auto name = name_under(keys_.node(""), key);
    auto told = decode_told(value);
    if (!name || name == options_.node || !told ||
        !is_signed(Signed::told, *name, value, told->signature)) {
      continue;
    }
    all.emplace(*name, *std::move(told));
  }
  return all;
}

// The tail and all words are from one moment, and the tail only grows. So no node can be beyond it,
// or have had another group at one of our places, unless etcd was restored or shows two logs.
Result<Done> EtcdOrder::hear(const KvAnswer& answer, const OrderPlace& arrived) {
  SUYUAN_TRY(tail, decode_place(answer.ranges[1][0].value));
  std::map<std::string, Told> all = all_told(answer.ranges[2]);
  {
    const std::scoped_lock lock(mutex_);
    if (tail.position < arrived.position || is_other(tail)) {
      return Unexpected(not_ours("the log's end", tail));
    }
    for (const auto& [name, told] : all) {
      if (conflicts(told, tail)) return Unexpected(not_ours("node " + name, told.at));
    }
  }
  std::map<std::string, Bytes> notes;
  std::map<std::string, ClockWord> clocks;
  for (auto& [name, told] : all) {
    notes.emplace(name, std::move(told.note));
    // A word from before the log last began again would be newer than all that its node says since.
    if (told.at.position > tail.position) continue;
    clocks.emplace(name, ClockWord{.node = name,
                                   .position = told.at.position,
                                   .time_ms = told.time_ms,
                                   .signature = told.clock});
  }
  clocks_.hear(clocks);
  options_.on_notes(notes);
  return Done{};
}

// A full etcd accepts no note and no lease, so nobody leads. It still deletes.
void EtcdOrder::make_room(Time now) {
  ask_status(now);
  const auto answer = ask({.then = {KvRange{.key = keys_.tail()}}});
  if (!answer || answer->ranges.size() != 1 || answer->ranges[0].empty()) return;
  const auto tail = decode_place(answer->ranges[0][0].value);
  if (!tail) return;
  trim_now(*tail);
  forget_overwritten(answer->revision, now);
}

// Each pulse overwrites a note, each group the tail, and trimming only deletes: etcd would keep it
// all until it is full. Compacts one round late, so that watchers are not cut off needlessly.
void EtcdOrder::forget_overwritten(int64_t revision, Time now) {
  {
    const std::scoped_lock lock(mutex_);
    if (now - forgot_at_ < options_.forget && new_bytes_ < options_.kept_bytes_max / 4) return;
    new_bytes_ = 0;
  }
  forgot_at_ = now;
  const int64_t before = std::exchange(overwritten_, revision);
  // If it fails: again in the next round.
  if (before != 0) (void)kv_->compact(before);
}

// For operators only: what etcd keeps of the log is bounded by what we saw of it. etcd is not asked
// while it answers nothing else.
void EtcdOrder::ask_status(Time now) {
  if (asked_status_at_ && now - *asked_status_at_ < options_.ask_status) return;
  asked_status_at_ = now;
  const auto status = kv_->status();
  if (!status) return;
  {
    const std::scoped_lock lock(mutex_);
    counts_.etcd = *status;
  }
  options_.on_status(*status);
}

// A watch can stay silent if its connection broke unseen. If we are behind and have not moved since
// the previous pulse, the log is read again.
void EtcdOrder::wake_tail(const OrderPlace& tail) {
  const std::scoped_lock lock(mutex_);
  const bool behind = tail.position > arrived_at_.position;
  if (behind && behind_ && arrived_at_ == pulse_arrived_ && watch_) watch_->cancel();
  behind_ = behind;
  pulse_arrived_ = arrived_at_;
}

// The last group stays, so that a log that once had a group is never empty again. If it fails:
// again with the next pulse.
void EtcdOrder::trim_now(const OrderPlace& tail) {
  uint64_t up_to = 0;
  {
    const std::scoped_lock lock(mutex_);
    up_to = std::min(trim_to_, tail.position == 0 ? 0 : tail.position - 1);
    if (up_to <= trimmed_) return;
  }
  if (!ask({.then = {keys_.groups_to(up_to)}})) return;
  const std::scoped_lock lock(mutex_);
  trimmed_ = up_to;
  while (!kept_.empty() && kept_.front().position <= up_to) {
    kept_bytes_ -= kept_.front().bytes;
    kept_.pop_front();
  }
}

}  // namespace suyuan
