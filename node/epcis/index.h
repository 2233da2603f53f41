// The rows by which EPCIS events are found. They are derived from the log, kept in a store next to
// the ledger, and rebuilt if that store is missing, damaged or of another ledger.
// docs/epcis_rest.md, Index.
//
//   "P"                                             format, ledger, next leaf
//   "E" place                                       times and scopes of events: event_block.h
//   "T", "B"                                        events that have a term: posting_block.h
//   "V" scope[8] u8 kind, value                     place of the first event with the value
//
// A scope is who may see the event: everyone, or one of the names of its parties. An event has rows
// in each of its scopes, so a query reads only rows of its viewer's scopes. term and scope are
// truncated hashes; a term's hash covers a scope, a name and a text. Whoever finds two terms with
// one hash only leads a query to events that it then skips.
#pragma once

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "ledger/registry/genesis.h"
#include "ledger/store/rocks/side_store.h"
#include "ledger/store/schema.h"
#include "node/epcis/event_block.h"
#include "node/epcis/index_damage.h"
#include "node/epcis/spot_stream.h"
#include "proto/epcis_query/query.h"

namespace suyuan::epcis {

// What the lists of values contain: /eventTypes, /epcs, ...
enum class ValueKind : uint8_t {
  event_type = 1, epc = 2, biz_step = 3, biz_location = 4, read_point = 5, disposition = 6,
};

inline const std::string kEveryone;  // the scope of public events

struct IndexedEvent {
  Place place;
  int64_t event_time_ms = 0;
  int64_t record_time_ms = 0;
  std::vector<std::string> scopes;  // {kEveryone}, or the names of its parties
  std::vector<Term> terms;
};

// Finds events by their places. Sees the index as it was when it was made; one thread.
class EventRows {
 public:
  // `store` and `damage` outlive it.
  EventRows(const SideStore& store, IndexDamage& damage)
      : rows_(store.cursor()), damage_(damage) {}
  // Reads the row of the event found last first: events come in runs. Errors: IO, CORRUPT.
  Result<std::optional<IndexRow>> find(Place place) { return damage_.checked(read(place)); }

 private:
  Result<std::optional<IndexRow>> read(Place place);
  Result<std::optional<IndexRow>> read_here(Place place) const;
  std::unique_ptr<SideCursor> rows_;
  IndexDamage& damage_;
};

// A damaged row that is met marks the index: the next open() removes the rows.
class Index {
 public:
  // `folder` belongs to this index only; `leaves` are in the log. Removes the rows if they must be
  // built again: next_leaf() is then 0. Errors: IO.
  static Result<std::unique_ptr<Index>> open(const std::string& folder, const LedgerId& ledger,
                                             uint64_t leaves);

  // The first leaf whose events have no rows yet. Only for the adding thread.
  uint64_t next_leaf() const { return next_leaf_; }
  // Adds the events of the leaves from next_leaf() to `next_leaf`, ascending. Errors: IO, CORRUPT.
  Result<Done> add(const std::vector<IndexedEvent>& events, uint64_t next_leaf);

  // Thread-safe.
  EventRows event_rows() const { return EventRows(*store_, *damage_); }
  // The events with one of the terms in one of the scopes.
  SpotStream stream(const std::vector<Term>& terms, const std::vector<std::string>& scopes,
                    bool ascending) const;
  // Distinct values after `after`, ascending, whose first event is before the leaf `before`; at
  // most `limit`. `more`: there are more. Errors: IO, CORRUPT, TOO_COMPLEX.
  struct Values {
    std::vector<std::string> values;
    bool more = false;
  };
  Result<Values> values(ValueKind kind, const std::vector<std::string>& scopes,
                        std::string_view after, uint64_t before, size_t limit) const;
  // Whether an event of these scopes before that leaf has the value. Errors: IO, CORRUPT.
  Result<bool> has_value(ValueKind kind, const std::vector<std::string>& scopes,
                         std::string_view value, uint64_t before) const;

  SideMemory memory() const { return store_->memory(); }
  // Whether a damaged row was met since the start. Thread-safe.
  bool is_damaged() const { return damage_->is_met(); }

 private:
  Result<Values> read_values(ValueKind kind, const std::vector<std::string>& scopes,
                             std::string_view after, uint64_t before, size_t limit) const;
  Result<bool> read_has_value(ValueKind kind, const std::vector<std::string>& scopes,
                              std::string_view value, uint64_t before) const;
  Index(std::unique_ptr<SideStore> store, std::string folder, LedgerId ledger, uint64_t next_leaf)
      : store_(std::move(store)),
        damage_(std::make_unique<IndexDamage>(std::move(folder))),
        ledger_(std::move(ledger)),
        next_leaf_(next_leaf) {}

  const std::unique_ptr<SideStore> store_;
  const std::unique_ptr<IndexDamage> damage_;
  const LedgerId ledger_;
  uint64_t next_leaf_;
  // Keys of value rows that were put: most events have values that others had. Only for the adding
  // thread.
  std::unordered_set<Bytes> known_values_;
};

// In the order of record times, as kEvery is for event times.
inline constexpr std::string_view kRecorded = "recorded";

}  // namespace suyuan::epcis
