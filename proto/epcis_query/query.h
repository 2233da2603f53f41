// An EPCIS 2.0 query: which events match, and how the answer is limited and ordered. Made from the
// parameters of a URL or a JSON body; docs/epcis_paths.md lists them all. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/code/pattern.h"
#include "proto/epcis_query/fields.h"

namespace suyuan::epcis {

enum class Op : uint8_t { eq, gt, ge, lt, le, exists, within, match };

// One value of a parameter, in every form in which a field can be compared with it.
struct Operand {
  std::string text = {};
  std::optional<Decimal> number = {};
  std::optional<int64_t> ms = {};
  CodePattern pattern = {};   // of Op::match
  std::string under = {};     // the class of everything it matches; empty: none
};
// Reads what Op::match compares with: a code, or a pattern of codes. Errors: CODE_*.
Result<Operand> pattern_operand(std::string_view text, const Prefixes& prefixes);

// Matches an event with a field of one of these names that compares so with one of the operands.
struct Condition {
  std::string parameter;  // as requested, for messages
  Op op = Op::eq;
  std::vector<std::string> fields;
  std::vector<Operand> any_of;  // empty for Op::exists
};

// From ge_ms (inclusive) to lt_ms (exclusive).
struct TimeRange {
  std::optional<int64_t> ge_ms = {};
  std::optional<int64_t> lt_ms = {};
  bool holds(int64_t ms) const { return (!ge_ms || ms >= *ge_ms) && (!lt_ms || ms < *lt_ms); }
};

struct Query {
  std::vector<Condition> conditions;  // all must match
  TimeRange event_time;
  TimeRange record_time;
  std::string order_by;  // "eventTime", "recordTime", a field's name; empty: any order
  bool ascending = false;
  std::optional<uint64_t> event_count_limit;  // return only the first that many
  std::optional<uint64_t> max_event_count;    // more is an error
};

// A parameter as received: one value, or the values of a list.
struct Parameter {
  std::string name;
  std::vector<std::string> values;
};

inline constexpr size_t kParametersMax = 64;
inline constexpr size_t kValuesMax = 256;  // of all lists together

// Parses the parameters of a URL, decoded; lists are split at '|'.
std::vector<Parameter> url_parameters(const std::map<std::string, std::string>& decoded);
// Parses the JSON object of a named query. Its @context, if any, adds to `prefixes`.
// Errors: BAD_REQUEST (no parameter can have this form).
Result<std::vector<Parameter>> json_parameters(JsonValue object, Prefixes& prefixes);
// Makes the query. The error's field is the parameter's name.
// Errors: INVALID_FIELD (an unknown parameter, an invalid value, or two that exclude each other),
// CODE_* (a MATCH_ value), TOO_MANY.
Result<Query> make_query(const std::vector<Parameter>& parameters, const Prefixes& prefixes);
// Returns whether it is a parameter of any query, families included, whatever its values.
bool is_parameter(std::string_view name);

bool matches(const Query& query, const FlatEvent& event, int64_t record_time_ms);

}  // namespace suyuan::epcis
