// EtcdOrder's proposer: one group at a time, until its fate is known.
#include <algorithm>

#include "ledger/order/etcd/etcd_order.h"

namespace suyuan {
namespace {

constexpr auto kRetryPause = std::chrono::milliseconds(50);
// Pulses that read the other nodes' words before anything is proposed. A node alone with a restored
// etcd must learn that first, and nodes speak once in each pulse.
constexpr uint32_t kPulsesBefore = 3;

Error rolled_back(const OrderPlace& tail, const OrderPlace& known) {
  return {.code = Code::ROLLED_BACK,
          .message = "the log in etcd ends at group " + std::to_string(tail.position) +
                     ", not at or after group " + std::to_string(known.position) +
                     " as we know it: etcd was restored to an older state, or is a different one. "
                     "Nothing more is accepted; restore the newest etcd (docs/cluster.md)"};
}

}  // namespace

void EtcdOrder::propose_all() {
  Flight flight;
  while (next_flight(flight)) {
    if (!flight.group.proposals.empty()) propose(std::move(flight));
  }
}

bool EtcdOrder::has_room() const {
  return own_.size() + inbox_.size() < options_.inbox_groups_max &&
         own_.size() + own_arrived_.size() < options_.own_groups_max;
}

// Waits for proposals, and for room in front of the follower. Returns false if none will come.
bool EtcdOrder::next_flight(Flight& flight) {
  Proposals objects;
  flight = {};
  flight.group.node = options_.node;
  {
    std::unique_lock lock(mutex_);
    appended_.wait(lock, [this] { return stopping_ || poisoned_ || !queue_.empty(); });
    while (!poisoned_ && (pulses_ < kPulsesBefore || !has_room())) {
      if (stopping_ && std::chrono::steady_clock::now() > stop_by_) return false;
      moved_.wait_for(lock, kRetryPause);
    }
    if (poisoned_) return false;
    if (queue_.empty()) return !stopping_;  // it was dropped in the meantime
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
  }
  flight.since = std::chrono::steady_clock::now();
  if (!aim(flight, std::move(objects))) flight.group.proposals.clear();
  return true;
}

// Gives the group the place after the known end of the log, our clock's time, and the other nodes'
// clock words. From here on it may arrive. Returns false if our clock went wrong since the
// proposals were appended; their senders have been told.
bool EtcdOrder::aim(Flight& flight, Proposals objects) {
  {
    const std::scoped_lock lock(mutex_);
    flight.at.position = tip_.position + 1;
    flight.group.before = tip_.mark;
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
  const std::scoped_lock lock(mutex_);
  own_.emplace(flight.at.mark, Own{.proposals = std::move(objects), .since = flight.since});
  return true;
}

void EtcdOrder::propose(Flight flight) {
  for (;;) {
    switch (send(flight)) {
      case Fate::landed:
      case Fate::ended:
        return;
      case Fate::unknown:
        return drop_silent(flight.silence);
      case Fate::lost: {
        auto objects = take_own(flight.at.mark);
        if (!objects) return;  // it has arrived, or was dropped
        {
          std::unique_lock lock(mutex_);
          // Something is at its place, although the tail says that nothing is.
          if (tip_.position < flight.at.position) moved_.wait_for(lock, kRetryPause);
        }
        if (!aim(flight, *std::move(objects))) return;
      }
    }
  }
}

std::chrono::milliseconds EtcdOrder::patience_for(const Flight& flight) const {
  return options_.patience + std::chrono::milliseconds(flight.value.size() / kSlowLineBytesPerMs);
}

// Sends the same transaction until it is answered. A second execution fails, and returns what is at
// its place.
EtcdOrder::Fate EtcdOrder::send(Flight& flight) {
  const OrderPlace before{.position = flight.at.position - 1, .mark = flight.group.before};
  const std::string key = keys_.group(flight.at.position);
  const KvTxn txn{.when = {{.key = keys_.tail(), .value = encode_place(before)}, {.key = key}},
                  .then = {KvPut{.key = key, .value = flight.value},
                           KvPut{.key = keys_.tail(), .value = encode_place(flight.at)}},
                  .otherwise = {KvRange{.key = keys_.tail()}, KvRange{.key = key}}};
  const Time give_up = std::chrono::steady_clock::now() + patience_for(flight);
  for (;;) {
    const auto answer = ask(txn);
    if (answer) {
      heard();
      return settle(flight, *answer);
    }
    const Error& error = answer.error();
    if (error.code != Code::UNAVAILABLE && error.code != Code::BUSY) return refused(flight, error);
    if (error.code == Code::UNAVAILABLE) heard_nothing(error);
    flight.silence = error.message;
    std::unique_lock lock(mutex_);
    ++counts_.unknown;
    if (poisoned_) return Fate::ended;
    const auto own = own_.find(flight.at.mark);
    if (own == own_.end()) return Fate::landed;  // or its senders were answered
    own->second.silence = error.message;
    const Time now = std::chrono::steady_clock::now();
    if (is_silent(now) || now > give_up || (stopping_ && now > stop_by_)) return Fate::unknown;
    moved_.wait_for(lock, kRetryPause, [this] { return poisoned_.has_value(); });
  }
}

// Too large for this etcd: the log continues without it. After any other refusal nobody may
// continue.
EtcdOrder::Fate EtcdOrder::refused(const Flight& flight, const Error& error) {
  if (error.code != Code::TOO_LARGE) {
    poison(error);
    return Fate::ended;
  }
  auto objects = take_own(flight.at.mark);
  if (objects) drop(*std::move(objects), error);
  return Fate::ended;
}

// What an answered transaction says about the group.
EtcdOrder::Fate EtcdOrder::settle(const Flight& flight, const KvAnswer& answer) {
  const OrderPlace before{.position = flight.at.position - 1, .mark = flight.group.before};
  OrderPlace tail = flight.at;
  bool landed = answer.held;
  bool gone = false;
  if (!landed) {
    if (answer.ranges.size() != 2 || answer.ranges[0].empty()) {
      poison(rolled_back({}, before));
      return Fate::ended;
    }
    auto read = decode_place(answer.ranges[0][0].value);
    if (!read) {
      poison(read.error());
      return Fate::ended;
    }
    tail = *read;
    if (tail.position < before.position || (tail.position == before.position && tail != before)) {
      poison(rolled_back(tail, before));
      return Fate::ended;
    }
    landed = !answer.ranges[1].empty() && answer.ranges[1][0].value == flight.value;
    gone = answer.ranges[1].empty();  // all nodes had followed it, and it was trimmed
  }
  std::unique_lock lock(mutex_);
  if (tail.position > tip_.position) tip_ = tail;
  if (gone) {
    moved_.wait(lock, [&] {
      return poisoned_ || stopping_ || arrived_at_.position >= flight.at.position;
    });
    if (arrived_at_.position < flight.at.position) return Fate::unknown;
    landed = !own_.contains(flight.at.mark);
  }
  if (!landed) {
    ++counts_.lost;
    return Fate::lost;
  }
  ++counts_.proposed;
  // Our own words need not come back first if nothing precedes them. With a barrier among or before
  // them, the tail judges what counts. Clock words were verified under the same keys when they were
  // accepted.
  const auto own = own_.find(flight.at.mark);
  if (own == own_.end() || arrived_at_ != before || behind_barrier_ || !flight.key ||
      flight.key != key_of(options_.node) || has_barrier(own->second.proposals)) {
    return Fate::landed;
  }
  inbox_.push_back({.position = flight.at.position,
                    .mark = flight.at.mark,
                    .time_ms = clocks_.time_of(flight.group, flight.at.position),
                    .proposals = std::move(own->second.proposals)});
  own_.erase(own);
  own_arrived_.push_back(flight.at.position);
  note_arrival(flight.at, flight.value.size());
  lock.unlock();
  arrived_.notify_one();
  moved_.notify_all();
  return Fate::landed;
}

std::optional<Proposals> EtcdOrder::take_own(const Hash& mark) {
  const std::scoped_lock lock(mutex_);
  const auto own = own_.find(mark);
  if (own == own_.end()) return std::nullopt;
  Proposals objects = std::move(own->second.proposals);
  own_.erase(own);
  return objects;
}

}  // namespace suyuan
