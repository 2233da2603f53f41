// An EPCIS 2.0 query: what an event must be to be in the answer, and how the answer is cut and
// ordered. Made from the parameters of a URL or of a JSON body; docs/epcis_rest.md lists them all.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/code/pattern.h"
#include "proto/epcis_query/fields.h"

namespace suyuan::epcis {

enum class Op : uint8_t { eq, gt, ge, lt, le, exists, within, match };

// One value that a parameter names, in every way in which a field can be compared with it.
struct Operand {
  std::string text = {};
  std::optional<Decimal> number = {};
  std::optional<int64_t> ms = {};
  CodePattern pattern = {};   // of Op::match
  std::string under = {};     // the class that all it matches are of; empty: no such one
};

// Fulfilled by an event that has a field of one of these names which stands so to one of the
// operands.
struct Condition {
  std::string parameter;  // as it was asked: for messages
  Op op = Op::eq;
  std::vector<std::string> fields;
  std::vector<Operand> any_of;  // empty for Op::exists
};

// From ge_ms on, before lt_ms.
struct TimeRange {
  std::optional<int64_t> ge_ms = {};
  std::optional<int64_t> lt_ms = {};
  bool holds(int64_t ms) const { return (!ge_ms || ms >= *ge_ms) && (!lt_ms || ms < *lt_ms); }
};

struct Query {
  std::vector<Condition> conditions;  // all of them
  TimeRange event_time;
  TimeRange record_time;
  std::string order_by;  // "eventTime", "recordTime", a field's name; empty: any order
  bool ascending = false;
  std::optional<uint64_t> event_count_limit;  // the first so many
  std::optional<uint64_t> max_event_count;    // more is an error
};

// A parameter as it came: one value, or those of a list.
struct Parameter {
  std::string name;
  std::vector<std::string> values;
};

inline constexpr size_t kParametersMax = 64;
inline constexpr size_t kValuesMax = 256;  // of all lists together

// The parameters of a URL, decoded; those of lists are split at '|'.
std::vector<Parameter> url_parameters(const std::map<std::string, std::string>& decoded);
// Of the JSON object that a named query has. Its @context, if any, adds to `prefixes`. BAD_REQUEST
// for what no parameter could be.
Result<std::vector<Parameter>> json_parameters(JsonValue object, Prefixes& prefixes);
// INVALID_FIELD for a parameter that is none, a value that it cannot have, or two that exclude each
// other; CODE_* of a MATCH_ value; TOO_MANY. The error's field is the parameter's name.
Result<Query> make_query(const std::vector<Parameter>& parameters, const Prefixes& prefixes);
// A parameter of any query, whatever its values: the families too.
bool is_parameter(std::string_view name);

bool matches(const Query& query, const FlatEvent& event, int64_t record_time_ms);

}  // namespace suyuan::epcis
