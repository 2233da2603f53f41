// EtcdOrder's groups in flight: what became of them, in their order.
#include <algorithm>

#include "ledger/order/etcd/etcd_order.h"

namespace suyuan {
namespace {

constexpr auto kRetryPause = std::chrono::milliseconds(50);
// A group that lost its place for longer than this many times our patience is given back: so long a
// sender waits next to nodes that come first each time.
constexpr int kPatiencesOfALoser = 3;

Error rolled_back(const OrderPlace& tail, const OrderPlace& known) {
  return {.code = Code::ROLLED_BACK,
          .message = "the log in etcd ends at group " + std::to_string(tail.position) +
                     ", not at or after group " + std::to_string(known.position) +
                     " as we know it: etcd was restored to an older state, or is a different one. "
                     "Nothing more is accepted; restore the newest etcd (docs/cluster.md)"};
}

// Whether something else is at the group's place, although the log ends before it: a key that is no
// group's. It may go again, and the same bytes may land then.
bool is_blocked(const Flight& flight, const KvAnswer& answer) {
  if (answer.held || answer.ranges.size() != 2 || answer.ranges[0].empty()) return false;
  if (answer.ranges[1].empty() || answer.ranges[1][0].value == flight.value) return false;
  const auto tail = decode_place(answer.ranges[0][0].value);
  return tail && *tail == flight.before();
}

Error blocked(const Flight& flight) {
  return {.code = Code::UNAVAILABLE,
          .message = "etcd holds a key at the place of group " +
                     std::to_string(flight.at.position) +
                     ", where the log has not come yet: check who may write there, and delete it"};
}

Error loses_always() {
  return {.code = Code::BUSY,
          .message = "groups of other nodes came first each time: the ledger is busy, and this "
                     "node is further from etcd than they are. Send the same again, or to another "
                     "node: it is accepted once"};
}

}  // namespace

bool EtcdOrder::is_unanswered(const Error& error) {
  return error.code == Code::UNAVAILABLE || error.code == Code::BUSY;
}

// All before the first in flight is in the log.
void EtcdOrder::settle_first() {
  Flight& first = flights_.first();  // only this thread removes it
  Result<KvAnswer> answer = *std::exchange(first.answer, std::nullopt);
  if (answer && is_blocked(first, *answer)) {
    const std::scoped_lock lock(mutex_);
    ++counts_.lost;
    answer = Unexpected(blocked(first));
  }
  const Fate fate = answer ? settle(first, *answer) : unanswered(first, answer.error());
  switch (fate) {
    case Fate::ended: return;
    case Fate::early: return send_again();
    case Fate::lost: {
      {
        const std::scoped_lock lock(mutex_);
        ++counts_.lost;
      }
      return lost(first);
    }
    case Fate::unanswered: {
      const std::scoped_lock lock(mutex_);
      return flights_.pause_until(std::chrono::steady_clock::now() + kRetryPause);
    }
    case Fate::landed: {
      const std::scoped_lock lock(mutex_);
      const Time now = std::chrono::steady_clock::now();
      ++counts_.proposed;
      counts_.flight += std::chrono::duration_cast<std::chrono::microseconds>(now - first.left);
      return flights_.landed(now);
    }
    case Fate::forgotten: {
      const std::scoped_lock lock(mutex_);
      return flights_.clear();
    }
    case Fate::refused: {
      const std::scoped_lock lock(mutex_);
      queue_behind();
      return flights_.remove_first(std::chrono::steady_clock::now());
    }
    case Fate::unknown: {
      const std::string why = answer ? std::string() : answer.error().message;
      {
        const std::scoped_lock lock(mutex_);
        flights_.clear();
      }
      return drop_silent(why);
    }
  }
}

// The first, and behind it what was answered and not added: that came before the first did.
void EtcdOrder::send_again() {
  std::vector<Flight*> open;
  {
    const std::scoped_lock lock(mutex_);
    for (Flight& one : flights_.all()) {
      if (open.empty() || one.is_open()) open.push_back(&one);
    }
  }
  for (Flight* one : open) send(*one);
}

std::chrono::milliseconds EtcdOrder::patience_for(const Flight& flight) const {
  return options_.patience + std::chrono::milliseconds(flight.value.size() / kSlowLineBytesPerMs);
}

// What is to be done about the first if etcd did not do it, or did not answer.
EtcdOrder::Fate EtcdOrder::unanswered(const Flight& flight, const Error& error) {
  if (!is_unanswered(error)) return refused(flight, error);
  const std::scoped_lock lock(mutex_);
  if (poisoned_) return Fate::ended;
  const auto own = own_.find(flight.at.mark);
  if (own != own_.end()) {
    own->second.silence = error.message;
  } else {  // it has arrived, or its senders were answered
    if (arrived_at_.position >= flight.at.position) return fate_by_arrivals(flight);
    const bool is_awaited = std::ranges::any_of(flights_.all(), [this](const Flight& one) {
      return own_.contains(one.at.mark);
    });
    if (!is_awaited) return Fate::forgotten;
  }
  const Time now = std::chrono::steady_clock::now();
  const Time give_up = flights_.first_since() + patience_for(flight);
  if (is_silent(now) || now > give_up || (stopping_ && now > stop_by_)) return Fate::unknown;
  return flight.behind_known ? Fate::unanswered : Fate::early;
}

// Too large for this etcd: the log continues without it, unless an earlier sending of it went
// unanswered: another member of etcd may take more. After any other refusal nobody may continue.
EtcdOrder::Fate EtcdOrder::refused(const Flight& flight, const Error& error) {
  if (error.code != Code::TOO_LARGE) {
    poison(error);
    return Fate::ended;
  }
  if (flight.sendings > 1) return Fate::unknown;
  auto objects = take_own(flight.at.mark);
  if (objects) drop(*std::move(objects), error);
  return Fate::refused;
}

// What the arrivals say of a group whose place they have reached. If its objects are still here,
// another group has arrived there. What they no longer tell is not known: those behind it may be
// there or not.
EtcdOrder::Fate EtcdOrder::fate_by_arrivals(const Flight& flight) const {
  if (own_.contains(flight.at.mark)) return Fate::lost;
  if (flight.at.position < places_.front().position) return Fate::unknown;
  return is_other(flight.at) ? Fate::lost : Fate::landed;
}

// What an answered transaction says about the first.
EtcdOrder::Fate EtcdOrder::settle(const Flight& flight, const KvAnswer& answer) {
  const OrderPlace before = flight.before();
  OrderPlace tail = flight.at;
  Fate fate = Fate::landed;
  bool gone = false;
  if (!answer.held) {
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
    // It was sent while the one before it was in flight, and came first. Since then that one has
    // landed, so of an answer to a later sending this would be a rollback.
    if (tail.position < before.position && !flight.behind_known) return Fate::early;
    if (tail.position < before.position || (tail.position == before.position && tail != before)) {
      poison(rolled_back(tail, before));
      return Fate::ended;
    }
    gone = answer.ranges[1].empty();  // all nodes had followed it, and it was trimmed
    if (gone || answer.ranges[1][0].value != flight.value) fate = Fate::lost;
  }
  std::unique_lock lock(mutex_);
  if (tail.position > tip_.position) tip_ = tail;
  if (gone) {
    moved_.wait(lock, [&] {
      return poisoned_ || stopping_ || arrived_at_.position >= flight.at.position;
    });
    if (arrived_at_.position < flight.at.position) return Fate::unknown;
    fate = fate_by_arrivals(flight);
  }
  if (fate != Fate::landed || !arrives_by_itself(flight)) return fate;
  const auto own = own_.find(flight.at.mark);
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

// Our own words need not come back first if nothing precedes them. With a barrier among or before
// them, the tail judges what counts. Clock words were verified under the same keys when they were
// accepted. Of several in flight each is settled in its turn, so the one before it has arrived by
// this way, or the tail brings both.
bool EtcdOrder::arrives_by_itself(const Flight& flight) const {
  return own_.contains(flight.at.mark) && arrived_at_ == flight.before() && !behind_barrier_ &&
         !flight.barrier && flight.key && flight.key == key_of(options_.node);
}

// Another group has its place. It gets another one, and those behind it a new turn: the mark that
// they name will never be the tail's. One that never wins is given back.
void EtcdOrder::lost(Flight& first) {
  const Time now = std::chrono::steady_clock::now();
  bool gives_up = false;
  {
    const std::scoped_lock lock(mutex_);
    queue_behind();
    gives_up = now - first.since > kPatiencesOfALoser * options_.patience ||
               (stopping_ && now > stop_by_);
  }
  auto objects = take_own(first.at.mark);
  if (objects && gives_up) {
    drop(*std::move(objects), loses_always());
  } else if (objects) {  // it has not arrived, and was not dropped
    if (aim(first, *std::move(objects))) {
      {
        const std::scoped_lock lock(mutex_);
        flights_.aimed_again(std::chrono::steady_clock::now());
      }
      return send(first);
    }
  }
  const std::scoped_lock lock(mutex_);
  flights_.remove_first(std::chrono::steady_clock::now());
}

// The groups behind the first will never be in the log. Their proposals go back to the front of the
// queue, in their order; those whose senders were answered do not.
void EtcdOrder::queue_behind() {
  flights_.fall_back();
  std::deque<Flight> behind = flights_.remove_behind();
  for (; !behind.empty(); behind.pop_back()) {
    Flight& flight = behind.back();
    const auto own = own_.find(flight.at.mark);
    if (own == own_.end()) continue;
    Proposals& objects = own->second.proposals;
    SUYUAN_CHECK(objects.size() == flight.group.proposals.size());
    for (size_t i = objects.size(); i-- > 0;) {
      Bytes& encoded = flight.group.proposals[i];
      queue_bytes_ += encoded.size();
      queue_.push_front({.proposal = std::move(objects[i]), .encoded = std::move(encoded)});
    }
    own_.erase(own);
  }
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
