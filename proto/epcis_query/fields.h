// One EPCIS event as a flat list of named values, every one in its one spelling: what queries are
// held against, and what the index has rows for. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/epcis_query/names.h"

namespace suyuan::epcis {

// Names are those of the query parameters without their verbs: "bizStep", "bizTransaction_po",
// "quantity_KGM"; of extensions "ILMD_http://ns.example.com/lot", "INNER_...", and so on.
struct Field {
  std::string name;
  std::string text;                       // normalised; empty where only its existence counts
  std::optional<Decimal> number = {};
  std::optional<int64_t> ms = {};         // of a time
  friend bool operator==(const Field&, const Field&) = default;
};

struct FlatEvent {
  std::vector<Field> fields;  // by name
  int64_t event_time_ms = 0;
  // Those of one name.
  std::pair<const Field*, const Field*> named(std::string_view name) const;
  // The first of one name; null: none.
  const Field* first(std::string_view name) const;
};

// Of one event. Values of extensions beyond it are left out: they cannot be asked for, but no event
// that a ledger took keeps the others from being found.
inline constexpr size_t kFieldsMax = 1 << 16;

// `event` is an event's object; its own @context adds to `prefixes`. It was read strictly before
// it was stored: what is not of its form here is passed over.
Result<FlatEvent> flatten(JsonValue event, Prefixes prefixes = {});

// What the index has a row for: a name and a text.
struct Term {
  std::string name;
  std::string text;
  friend bool operator==(const Term&, const Term&) = default;
  friend auto operator<=>(const Term&, const Term&) = default;
};
// Distinct, ascending. Every event has the term kEvery.
std::vector<Term> terms_of(const FlatEvent& event);
// Whether events have terms of this field.
bool is_term_name(std::string_view field);
inline constexpr std::string_view kEvery = "every";
// Text: a trade item's class; of all events that name the class or what is below it.
inline constexpr std::string_view kUnder = "under";

}  // namespace suyuan::epcis
