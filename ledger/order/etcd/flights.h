// Groups of ours in flight: sent to etcd, and their fate is not known yet.
//
// Each is built on the one before it: its transaction compares the tail with that one's place. So
// etcd takes them in this order or not at all, in whatever order they come to it, and only the fate
// of the first can be told. If the first can never be added, none behind it can: the tail will
// never have the mark that they name. docs/decisions/0027-groups-in-flight.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "ledger/order/etcd/group.h"

namespace suyuan {

// A proposed group: its bytes are here, its objects are kept under its mark.
struct Flight {
  using Time = std::chrono::steady_clock::time_point;

  GroupEntry group;
  OrderPlace at;  // the place that it would get
  std::optional<PublicKey> key = {};  // ours, as far as we had followed when it was signed
  Bytes value;
  bool barrier = false;  // it has a proposal that is one
  Time since = {};       // when it was first proposed
  Time left = {};        // when it was first sent for this place
  // Of the last sending:
  uint64_t sending = 0;      // its number; 0: not sent yet
  bool behind_known = false;  // the place before it was known to be in the log then
  uint32_t sendings = 0;     // to this place
  std::optional<Result<KvAnswer>> answer = {};

  OrderPlace before() const { return {.position = at.position - 1, .mark = group.before}; }
  // Whether it was answered, but not with "added": nothing lands behind it before it is sent again.
  bool is_open() const { return answer && !(*answer && (*answer)->held); }
};

// Not thread-safe. References to a flight hold until it is removed.
class Flights {
 public:
  using Time = Flight::Time;

  // REQUIRES: max > 0.
  Flights(size_t max, std::chrono::milliseconds gap) : max_(max), gap_(gap) {}

  bool empty() const { return flights_.empty(); }
  size_t size() const { return flights_.size(); }
  Flight& first() { return flights_.front(); }
  const Flight& first() const { return flights_.front(); }
  const Flight& last() const { return flights_.back(); }
  std::deque<Flight>& all() { return flights_; }
  // Since when all before the first have been known to be in the log.
  Time first_since() const { return first_since_; }
  bool is_answered() const { return !empty() && first().answer && !paused_until_; }

  // How many may be in flight now: one more after each that was added, one after a lost place or
  // another node's group. So nodes that propose at the same time have one each.
  size_t window() const { return window_; }
  void fall_back() { window_ = 1; }
  // From when on one more may leave; nullopt: not before one of those in flight was settled.
  std::optional<Time> next_at() const;

  // It follows the last. Returns it in its place.
  Flight& add(Flight flight, Time now);
  // The first has got another place: nothing is in front of it or behind it.
  void aimed_again(Time now);
  // Returns the number of the sending, with which answered() comes.
  uint64_t sent(Flight& flight);
  // Ignored if it was sent again or removed since.
  void answered(uint64_t sending, Result<KvAnswer> answer);
  // The first is looked at again at that time. If it is sent again before, that ends.
  void pause_until(Time time) { paused_until_ = time; }
  std::optional<Time> paused_until() const { return paused_until_; }

  // The first is in the log.
  void landed(Time now);
  // The first will never be there.
  void remove_first(Time now);
  // Removes those behind the first, which will never be in the log; returns them in their order.
  std::deque<Flight> remove_behind();
  void clear();

 private:
  // So many leave behind others. Then all must land, and for the time of a flight none leaves:
  // another node learns where the log ends half a flight after it does, and its group comes to etcd
  // another half later. It would be too late each time. Only such a rest ends a run.
  size_t run_max() const { return 4 * max_ - 1; }

  const size_t max_;
  const std::chrono::milliseconds gap_;
  std::deque<Flight> flights_;
  size_t window_ = 1;
  size_t run_ = 0;  // that left behind others since the last rest
  uint64_t sendings_ = 0;
  Time rests_until_ = {};
  Time rested_at_ = {};  // none was in flight for the time of a flight by then
  Time first_since_ = {};
  std::optional<Time> paused_until_;
};

}  // namespace suyuan
