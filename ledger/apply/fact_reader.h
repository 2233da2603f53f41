// Reads facts (docs/state.md): the latest of an aspect, what applies through containers, stays in
// containers, accounts. Apply judges with it and provenance answers with it, so both agree.
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

// The number of rows that one question or one event may still read.
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

// One stay in one container. `to` is empty while the stay is open. Both end events belong to it.
struct Inside {
  std::string parent;  // canonical code
  Hash parent_key;
  Instant from;
  std::optional<Instant> to = {};
  friend bool operator==(const Inside&, const Inside&) = default;
};

// What is left of a lot, in the unit in which it was received.
struct Account {
  Decimal left;
  std::string uom;
  friend bool operator==(const Account&, const Account&) = default;
};

// Whether `each` includes facts that an error declaration withdrew.
enum class Withdrawn : uint8_t { skip, show };

// Read filter for the requester, asked about statements that are not public. A fact it hides is
// skipped as if it had never been recorded.
class ReadFilter {
 public:
  virtual ~ReadFilter() = default;
  virtual bool sees(Place place) const = 0;
};

// Facts as of a log size. All times are ms since 1970, inclusive at both ends.
// Errors: IO, CORRUPT, TOO_COMPLEX (the budget is used up).
class FactReader {
 public:
  // `known_at`: only leaves below it count; nullopt: all leaves. Without `filter` everything is
  // visible. `reader`, `budget` and `filter` must outlive the object.
  FactReader(const Reader& reader, std::optional<uint64_t> known_at, StepBudget& budget,
             const ReadFilter* filter = nullptr)
      : reader_(reader), known_at_(known_at), budget_(budget), filter_(filter) {}

  const Reader& reader() const { return reader_; }
  bool is_known(Place place) const { return !known_at_ || place.leaf < *known_at_; }
  bool sees(const Fact& fact) const {
    return !filter_ || fact.fact.audience == EventAudience::everyone ||
           filter_->sees(fact.key.place);
  }
  // A withdrawal at or after `known_at` does not count.
  bool is_withdrawn(const StoredFact& fact) const {
    return fact.withdrawn_by != 0 && (!known_at_ || fact.withdrawn_by < *known_at_);
  }

  // Returns whether to continue.
  using Visitor = std::function<bool(const Fact&)>;
  Result<Done> each(const Hash& code_key, Aspect aspect, int64_t from_ms, int64_t to_ms,
                    Direction direction, const Visitor& visit,
                    Withdrawn withdrawn = Withdrawn::skip) const;
  // Returns the events of any time that name the code and are hidden from the requester.
  Result<std::vector<Place>> hidden(const Hash& code_key) const;
  // Returns the last fact at `at_ms`, but not before `from_ms`.
  Result<std::optional<Fact>> latest(const Hash& code_key, Aspect aspect, int64_t at_ms,
                                     int64_t from_ms = kTimeMin) const;

  // Returns custody, disposition or location at a time, through containers. The fact's key names
  // the code that it was stated about.
  Result<std::optional<Fact>> effective(const Hash& code_key, Aspect aspect, int64_t at_ms) const;
  // The same, just before an event of the log.
  Result<std::optional<Fact>> effective_before(const Hash& code_key, Aspect aspect,
                                               Instant event) const;

  // Returns the direct container at a time. containers_of returns all, innermost first, at most
  // limits::kContainmentDepthMax.
  Result<std::optional<Inside>> inside_at(const Hash& code_key, int64_t at_ms) const;
  Result<std::optional<std::string>> container_of(const Hash& code_key, int64_t at_ms) const;
  Result<std::vector<std::string>> containers_of(const Hash& code_key, int64_t at_ms) const;

  // Returns the stays known up to `until_ms`, ascending and disjoint; a stay that ends later is
  // open. Stays that end before `from_ms` may be missing.
  Result<std::vector<Inside>> intervals(const Hash& code_key, int64_t until_ms,
                                        int64_t from_ms = kTimeMin) const;
  // Of an open stay: when its container was first emptied after `stay.from`, not later than `to`.
  using Emptied = std::function<Result<std::optional<Instant>>(const Inside& stay, Instant to)>;
  // The same for a caller that knows when containers were emptied.
  Result<std::vector<Inside>> intervals(const Hash& code_key, int64_t until_ms, int64_t from_ms,
                                        const Emptied& emptied_of) const;

  // Returns nullopt if nothing is known to have come in, so nothing can be balanced.
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
  // Returns the first fact later than `after` and not later than `to`.
  Result<std::optional<Instant>> first_after(const Hash& code_key, Aspect aspect, Instant after,
                                             Instant to) const;
  Result<Done> close_at_end(const Hash& code_key, Instant until, std::vector<Inside>& stays) const;

  // Visits all known facts, visible or not.
  Result<Done> each_known(const Hash& code_key, Aspect aspect, int64_t from_ms, int64_t to_ms,
                          Direction direction, const Visitor& visit) const;

  const Reader& reader_;
  std::optional<uint64_t> known_at_;
  StepBudget& budget_;
  const ReadFilter* filter_;
};

}  // namespace suyuan
