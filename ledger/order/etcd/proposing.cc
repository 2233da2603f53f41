// EtcdOrder's proposer: makes groups of what waits, and sends them one behind the other. What
// becomes of them is in settling.cc.
#include <algorithm>

#include "ledger/order/etcd/etcd_order.h"

namespace suyuan {
namespace {

constexpr auto kRoomPause = std::chrono::milliseconds(50);
// Pulses that read the other nodes' words before anything is proposed. A node alone with a restored
// etcd must learn that first, and nodes speak once in each pulse.
constexpr uint32_t kPulsesBefore = 3;

}  // namespace

void EtcdOrder::propose_all() {
  for (;;) {
    switch (next_step()) {
      case Step::settle: settle_first(); break;
      case Step::send: send(flights_.first()); break;
      case Step::launch: launch(); break;
      case Step::end: return;
    }
  }
}

// Waits for something to do.
EtcdOrder::Step EtcdOrder::next_step() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const Time now = std::chrono::steady_clock::now();
    if (poisoned_) return Step::end;
    if (flights_.is_answered()) return Step::settle;
    const auto pause = flights_.paused_until();
    if (pause && now >= *pause) return Step::send;
    const auto launch_at = next_launch();
    const bool is_late = stopping_ && now > stop_by_;
    const bool may_launch = launch_at && now >= *launch_at;
    if (may_launch && !queue_.empty() && !is_late) return Step::launch;
    if (stopping_ && flights_.empty() && (queue_.empty() || is_late)) return Step::end;
    Time until = Time::max();
    if (pause) until = *pause;
    if (launch_at && !may_launch) until = std::min(until, *launch_at);
    if (!queue_.empty()) until = std::min(until, now + kRoomPause);  // not every change wakes us
    wants_proposal_ = queue_.empty() && (may_launch || !launch_at);
    if (until == Time::max()) {
      appended_.wait(lock);
    } else {
      appended_.wait_until(lock, until);
    }
    wants_proposal_ = false;
  }
}

// When the next group may leave, as far as is known now; nullopt: something must come first.
// - The first: while fewer than own_groups_max of ours are proposed and not followed yet.
// - One behind others: not before the youngest of them has been in flight for flight_gap, so that
//   an etcd that answers sooner gets no more and no smaller groups; and while the follower has none
//   of ours, so that what it cannot take yet makes the next group larger. own_ also has those that
//   are in the log and have not arrived.
std::optional<EtcdOrder::Time> EtcdOrder::next_launch() const {
  if (pulses_ < kPulsesBefore) return std::nullopt;
  if (own_.size() + inbox_.size() >= options_.inbox_groups_max) return std::nullopt;
  if (!flights_.empty()) {
    if (!own_arrived_.empty() || own_.size() >= flights_.window()) return std::nullopt;
    return flights_.next_at();
  }
  if (own_.size() + own_arrived_.size() >= options_.own_groups_max) return std::nullopt;
  return flights_.next_at();
}

void EtcdOrder::launch() {
  Flight flight;
  flight.group.node = options_.node;
  flight.since = std::chrono::steady_clock::now();
  Proposals objects;
  {
    const std::scoped_lock lock(mutex_);
    objects = take_group(flight);
  }
  if (objects.empty()) return;  // they were dropped in the meantime
  if (!aim(flight, std::move(objects))) return;
  Flight* added = nullptr;
  {
    const std::scoped_lock lock(mutex_);
    added = &flights_.add(std::move(flight), std::chrono::steady_clock::now());
  }
  send(*added);
}

// The next group from the front of the queue.
Proposals EtcdOrder::take_group(Flight& flight) {
  Proposals objects;
  size_t bytes = 0;
  size_t weight = 0;
  while (!queue_.empty() && objects.size() < options_.group_proposals_max) {
    Waiting& one = queue_.front();
    const bool alone = one.proposal->alone();
    weight += one.proposal->weight();
    if (!objects.empty() && (alone || bytes + one.encoded.size() > options_.group_bytes_max ||
                             weight > limits::kGroupBytesMax)) {
      break;
    }
    bytes += one.encoded.size() + kGroupBytesOfProposal;
    objects.push_back(std::move(one.proposal));
    flight.group.proposals.push_back(std::move(one.encoded));
    queue_.pop_front();
    if (alone) break;
  }
  for (const Bytes& one : flight.group.proposals) queue_bytes_ -= one.size();
  flight.barrier = has_barrier(objects);
  return objects;
}

// Gives the group the place after the last group in flight, or after the known end of the log if
// there is none; our clock's time, and the other nodes' clock words. From here on it may arrive.
// Returns false if our clock went wrong since the proposals were appended, or the log has ended;
// their senders have been told.
bool EtcdOrder::aim(Flight& flight, Proposals objects) {
  {
    const std::scoped_lock lock(mutex_);
    const bool is_behind = !flights_.empty() && &flight != &flights_.first();
    const OrderPlace& before = is_behind ? flights_.last().at : tip_;
    flight.at.position = before.position + 1;
    flight.group.before = before.mark;
  }
  // Read before the question whether we are a node: a key that changes in between is noticed later.
  flight.key = key_of(options_.node);
  flight.group.judging = options_.judging;
  flight.group.time_ms = options_.clock();
  flight.group.clocks = clocks_.nearest(flight.at.position, flight.group.time_ms);
  // Checked after the time was read, so that the result holds for that time too.
  if (const auto right = options_.check_clock(); !right) {
    drop(std::move(objects), right.error());
    return false;
  }
  flight.value = encode_group(flight.group);
  sign(Signed::group, flight.value);
  flight.at.mark = mark_of(flight.value);
  std::optional<Error> ended;
  {
    const std::scoped_lock lock(mutex_);
    ended = poisoned_;
    if (!ended) {
      own_.emplace(flight.at.mark, Own{.proposals = std::move(objects), .since = flight.since});
    }
  }
  if (ended) drop(std::move(objects), *ended);
  return !ended;
}

// The same transaction each time. A second execution fails, and returns what is at its place.
void EtcdOrder::send(Flight& flight) {
  const std::string key = keys_.group(flight.at.position);
  KvTxn txn{.when = {{.key = keys_.tail(), .value = encode_place(flight.before())}, {.key = key}},
            .then = {KvPut{.key = key, .value = flight.value},
                     KvPut{.key = keys_.tail(), .value = encode_place(flight.at)}},
            .otherwise = {KvRange{.key = keys_.tail()}, KvRange{.key = key}}};
  uint64_t sending = 0;
  {
    const std::scoped_lock lock(mutex_);
    sending = flights_.sent(flight);
  }
  senders_->send(sending, std::move(txn));
}

// On a sender's thread.
void EtcdOrder::answered(uint64_t sending, Result<KvAnswer> answer) {
  if (answer) {
    heard();
  } else if (answer.error().code == Code::UNAVAILABLE) {
    heard_nothing(answer.error());
  }
  {
    const std::scoped_lock lock(mutex_);
    if (!answer && is_unanswered(answer.error())) ++counts_.unknown;
    flights_.answered(sending, std::move(answer));
  }
  appended_.notify_one();
}

}  // namespace suyuan
