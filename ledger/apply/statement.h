// A statement: one event at its place in the log, with the ledger's knowledge of its codes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/apply/pairs.h"
#include "ledger/batch/batch.h"
#include "ledger/code/code.h"
#include "ledger/store/schema.h"

namespace suyuan {

// One code of an event. Views and pointers refer to the event, which must outlive it.
struct Subject {
  Hash key;
  ProductCode code;
  uint8_t roles = 0;           // kMentionObject | kMentionParent | ...
  const Item* item = nullptr;  // null: a parent
  ChainHead head;              // before this event

  const std::string& text() const { return code.text(); }
  bool is(uint8_t role) const { return (roles & role) != 0; }
  bool is_new() const { return head.count == 0; }
  bool is_class() const { return names_class(code); }
  bool is_thing() const { return suyuan::is_thing(code); }
  // Has an account: a lot, or another thing stated with a quantity.
  bool is_counted() const;
  // Is made only once. Container and pallet numbers are reused after years.
  bool is_made_once() const;
};

struct Statement {
  const TraceEvent& event;
  std::string_view party;
  Place place;
  int64_t log_time_ms = 0;
  std::vector<Subject> subjects;      // ascending by key
  const Subject* parent = nullptr;
  std::optional<ProductCode> lot = {};  // the lot that units come from; data only
  Hash lot_key = {};

  int64_t at() const { return event.event_time.ms; }
  bool packs() const;    // an aggregation or association with action ADD
  bool unpacks() const;  // ... DELETE
  bool names_goods() const;
  size_t pairs() const;  // as PairCounter counts them
  // Makes a code: an object that is added, an output, a document in a transaction event.
  bool brings(const Subject& subject) const;
  // Ends an object: action DELETE, or a step that says so.
  bool ends(const Subject& subject) const;
  // Returns the path of the field that names it, as "objects[3].code", or of another of its fields.
  std::string field_of(const Subject& subject, std::string_view member = "code") const;
  std::string time_text() const;
};

// Looks up the event's codes in `state`. Errors: IO, CORRUPT.
Result<Statement> look_up(const Reader& state, const VerifiedEvent& verified,
                          std::string_view party, Place place, int64_t log_time_ms);

}  // namespace suyuan
