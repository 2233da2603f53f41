// A statement: one event at its place in the log, with what the ledger knows of its codes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/batch/batch.h"
#include "ledger/code/code.h"
#include "ledger/store/schema.h"

namespace suyuan {

// One code of an event. Views and pointers are into the event, which outlives it.
struct Subject {
  Hash key;
  ProductCode code;
  uint8_t roles = 0;           // kMentionObject | kMentionParent | ...
  const Item* item = nullptr;  // null: a parent
  ChainHead head;              // before this event

  const std::string& text() const { return code.text(); }
  bool is(uint8_t role) const { return (roles & role) != 0; }
  bool is_new() const { return head.count == 0; }
  // A class or variant stands for every unit of it: it is named, but nothing is said of one thing.
  bool is_class() const;
  // Can be held, packed, used up.
  bool is_thing() const { return code.is_physical() && !is_class(); }
  // Has an account: a lot, or a thing named otherwise that is stated with a quantity.
  bool is_counted() const;
  // Comes into being once; a container or pallet number comes back after years.
  bool is_made_once() const;
};

struct Statement {
  const TraceEvent& event;
  std::string_view party;
  Place place;
  int64_t log_time_ms = 0;
  std::vector<Subject> subjects;      // ascending by key
  const Subject* parent = nullptr;
  std::optional<ProductCode> lot = {};  // that units come from: mere data
  Hash lot_key = {};

  int64_t at() const { return event.event_time.ms; }
  bool packs() const;    // an aggregation or association with action ADD
  bool unpacks() const;  // ... DELETE
  bool names_goods() const;
  // Facts that pair inputs with outputs, or papers with what they are named beside.
  size_t pairs() const;
  // Brings a code into being: an object that is added, an output, a paper in a transaction event.
  bool brings(const Subject& subject) const;
  // Ends an object: DELETE, or the step says so.
  bool ends(const Subject& subject) const;
  // Path of the field that names it: "objects[3].code".
  std::string field_of(const Subject& subject) const;
  std::string time_text() const;
};

// Errors: IO, CORRUPT.
Result<Statement> look_up(const Reader& state, const VerifiedEvent& verified,
                          std::string_view party, Place place, int64_t log_time_ms);

}  // namespace suyuan
