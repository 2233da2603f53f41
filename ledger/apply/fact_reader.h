// Reading facts (docs/state.md): the latest of an aspect, what holds through containers, stays in
// containers, an account. Apply judges with it, provenance answers with it: both mean the same.
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "ledger/store/schema.h"

namespace suyuan {

inline constexpr int64_t kTimeMin = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kTimeMax = std::numeric_limits<int64_t>::max();

// The rows that one question or one event may still look at.
class StepBudget {
 public:
  explicit StepBudget(uint64_t steps) : left_(steps) {}
  bool take() { return left_ != 0 && left_-- != 0; }
  uint64_t left() const { return left_; }

 private:
  uint64_t left_;
};

// The order of facts: event time, then place in the log.
struct Instant {
  int64_t time_ms = 0;
  Place place = {};
  friend auto operator<=>(const Instant&, const Instant&) = default;
};
inline constexpr Place kPlaceMax = {std::numeric_limits<uint64_t>::max(),
                                    std::numeric_limits<uint32_t>::max()};

struct Fact {
  FactKey key;
  StoredFact fact;
  Instant when() const { return {key.time_ms, key.place}; }
};

// One stay in one container. `to` is empty while it is open; the events at both ends belong to it.
struct Inside {
  std::string parent;  // canonical code
  Hash parent_key;
  Instant from;
  std::optional<Instant> to = {};
  friend bool operator==(const Inside&, const Inside&) = default;
};

// What is left of a lot, in the unit in which it came.
struct Account {
  Decimal left;
  std::string uom;
  friend bool operator==(const Account&, const Account&) = default;
};

// Whether `each` shows facts that an error declaration voids.
enum class Withdrawn : uint8_t { skip, show };

// What the one who asks may know. It is asked about statements that are not for everyone; what it
// does not see counts for nothing in an answer, as if it had not been stated.
class ReadFilter {
 public:
  virtual ~ReadFilter() = default;
  virtual bool sees(Place place) const = 0;
};

// Facts as of a log size. All times inclusive at both ends.
// Errors: IO, CORRUPT, TOO_COMPLEX (the budget is used up).
class FactReader {
 public:
  // `reader` and `budget` outlive it. Without `known_at` every leaf counts.
  // Without `filter`, which outlives it too, everything is seen.
  FactReader(const Reader& reader, std::optional<uint64_t> known_at, StepBudget& budget,
             const ReadFilter* filter = nullptr)
      : reader_(reader), known_at_(known_at), budget_(budget), filter_(filter) {}

  const Reader& reader() const { return reader_; }
  bool is_known(Place place) const { return !known_at_ || place.leaf < *known_at_; }
  bool sees(const Fact& fact) const {
    return !filter_ || fact.fact.audience == EventAudience::everyone ||
           filter_->sees(fact.key.place);
  }
  // A withdrawal that is not yet known does not count.
  bool is_withdrawn(const StoredFact& fact) const {
    return fact.withdrawn_by != 0 && (!known_at_ || fact.withdrawn_by < *known_at_);
  }

  // Returns whether to go on.
  using Visitor = std::function<bool(const Fact&)>;
  Result<Done> each(const Hash& code_key, Aspect aspect, int64_t from_ms, int64_t to_ms,
                    Direction direction, const Visitor& visit,
                    Withdrawn withdrawn = Withdrawn::skip) const;
  // The events naming the code that are kept from the one who asks; whatever their times.
  Result<std::vector<Place>> hidden(const Hash& code_key) const;
  // The last one at `at_ms`, not before `from_ms`.
  Result<std::optional<Fact>> latest(const Hash& code_key, Aspect aspect, int64_t at_ms,
                                     int64_t from_ms = kTimeMin) const;

  // Custody, disposition or location at a time, through containers. Its key names the code that it
  // was stated of.
  Result<std::optional<Fact>> effective(const Hash& code_key, Aspect aspect, int64_t at_ms) const;

  // The direct container at a time; containers_of: all from it outwards, at most
  // limits::kContainmentDepthMax.
  Result<std::optional<Inside>> inside_at(const Hash& code_key, int64_t at_ms) const;
  Result<std::optional<std::string>> container_of(const Hash& code_key, int64_t at_ms) const;
  Result<std::vector<std::string>> containers_of(const Hash& code_key, int64_t at_ms) const;

  // The stays known up to `until_ms`, ascending, disjoint; one that ends later is open. Those that
  // end before `from_ms` may be left out.
  Result<std::vector<Inside>> intervals(const Hash& code_key, int64_t until_ms,
                                        int64_t from_ms = kTimeMin) const;

  // Nullopt: nothing is known to have come, so nothing can be balanced.
  Result<std::optional<Account>> account(const Hash& lot_key, int64_t at_ms) const;

 private:
  struct Window {
    Instant from;
    Instant to;
  };
  Result<std::optional<Fact>> latest_within(const Hash& code_key, Aspect aspect,
                                            Window window) const;
  Result<std::optional<Fact>> effective_within(const Hash& code_key, Aspect aspect, Window window,
                                               std::vector<Hash>& path) const;
  // The first fact after `after`, up to and with `to`.
  Result<std::optional<Instant>> first_after(const Hash& code_key, Aspect aspect, Instant after,
                                             Instant to) const;
  Result<Done> close_at_end(const Hash& code_key, Instant until, std::vector<Inside>& stays) const;

  // Of what is known, seen or not.
  Result<Done> each_known(const Hash& code_key, Aspect aspect, int64_t from_ms, int64_t to_ms,
                          Direction direction, const Visitor& visit) const;

  const Reader& reader_;
  std::optional<uint64_t> known_at_;
  StepBudget& budget_;
  const ReadFilter* filter_;
};

}  // namespace suyuan
