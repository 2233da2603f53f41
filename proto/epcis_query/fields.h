// One EPCIS event as a flat list of named values, each in one spelling. Queries are compared with
// it, and the index has rows for it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/epcis_query/names.h"

namespace suyuan::epcis {

// Names are those of the query parameters without their verbs: "bizStep", "bizTransaction_po",
// "quantity_KGM"; for extensions "ILMD_http://ns.example.com/lot", "INNER_...", and so on.
struct Field {
  std::string name;
  std::string text;                       // normalised; empty if only its existence counts
  std::optional<Decimal> number = {};
  std::optional<int64_t> ms = {};         // of a time
  friend bool operator==(const Field&, const Field&) = default;
};

struct FlatEvent {
  std::vector<Field> fields;  // by name
  int64_t event_time_ms = 0;
  // Returns the fields of one name.
  std::pair<const Field*, const Field*> named(std::string_view name) const;
  // Returns the first field of one name, null if none.
  const Field* first(std::string_view name) const;
};

// The bound for one event. Extension values beyond it are left out and cannot be queried, so no
// accepted event keeps others from being found.
inline constexpr size_t kFieldsMax = 1 << 16;

// Returns the fields of an event's object. Its own @context adds to `prefixes`. It was parsed
// strictly before it was stored, so anything malformed is ignored here.
Result<FlatEvent> flatten(JsonValue event, Prefixes prefixes = {});

// An index row: a name and a text.
struct Term {
  std::string name;
  std::string text;
  friend bool operator==(const Term&, const Term&) = default;
  friend auto operator<=>(const Term&, const Term&) = default;
};
// Returns distinct terms, ascending. Every event has the term kEvery.
std::vector<Term> terms_of(const FlatEvent& event);
// Returns whether events have terms of this field.
bool is_term_name(std::string_view field);
inline constexpr std::string_view kEvery = "every";
// Text: the class of a trade item, for all events that name the class or anything below it.
inline constexpr std::string_view kUnder = "under";

}  // namespace suyuan::epcis
