#include "ledger/order/etcd/flights.h"

#include <algorithm>

namespace suyuan {
namespace {

constexpr auto kRestMax = std::chrono::milliseconds(250);

}  // namespace

// What follows a group that is sent again would most likely come before it.
std::optional<Flights::Time> Flights::next_at() const {
  if (empty()) return rests_until_;
  if (size() >= window_ || run_ >= run_max()) return std::nullopt;
  if (last().barrier || paused_until_) return std::nullopt;
  const bool is_clear = std::ranges::none_of(flights_, [](const Flight& one) {
    return one.is_open() || one.sendings > 1;
  });
  if (!is_clear) return std::nullopt;
  return last().left + gap_;
}

Flight& Flights::add(Flight flight, Time now) {
  if (empty()) {
    if (now >= rested_at_) run_ = 0;
    first_since_ = now;
  } else {
    ++run_;
  }
  flight.left = now;
  flights_.push_back(std::move(flight));
  return flights_.back();
}

void Flights::aimed_again(Time now) {
  SUYUAN_CHECK(size() == 1);
  Flight& flight = first();
  flight.left = now;
  flight.sendings = 0;
  flight.answer.reset();
  first_since_ = now;
  run_ = 0;
  paused_until_.reset();
}

uint64_t Flights::sent(Flight& flight) {
  flight.sending = ++sendings_;
  flight.behind_known = &flight == &first();
  ++flight.sendings;
  flight.answer.reset();
  if (flight.behind_known) paused_until_.reset();
  return flight.sending;
}

void Flights::answered(uint64_t sending, Result<KvAnswer> answer) {
  const auto found = std::ranges::find(flights_, sending, &Flight::sending);
  if (found != flights_.end()) found->answer = std::move(answer);
}

void Flights::landed(Time now) {
  window_ = std::min(window_ + 1, max_);
  if (size() == 1) {
    const auto flight = std::chrono::ceil<std::chrono::milliseconds>(now - first().left);
    rested_at_ = now + std::min(flight, kRestMax);
    if (run_ >= run_max()) rests_until_ = rested_at_;
  }
  remove_first(now);
}

void Flights::remove_first(Time now) {
  flights_.pop_front();
  first_since_ = now;
  paused_until_.reset();
}

std::deque<Flight> Flights::remove_behind() {
  std::deque<Flight> behind;
  while (size() > 1) {
    behind.push_front(std::move(flights_.back()));
    flights_.pop_back();
  }
  return behind;
}

void Flights::clear() {
  flights_.clear();
  paused_until_.reset();
}

}  // namespace suyuan
