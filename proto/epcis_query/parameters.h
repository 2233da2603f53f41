// The query parameters: a table of the fixed names, and the families. Internal to this folder.
#pragma once

#include "proto/epcis_query/query.h"

namespace suyuan::epcis {

// How the values of a parameter are read.
enum class ValueForm : uint8_t {
  text, word, event_type, action, id, code, place, pattern, time, number, flag, any, names
};

struct ParameterRow {
  Op op = Op::eq;
  ValueForm form = ValueForm::text;
  std::vector<std::string> fields;
};

// Returns nullopt if no parameter has this name. Order and limit parameters have no field.
std::optional<ParameterRow> find_parameter(std::string_view name, const Prefixes& prefixes);
// orderBy, orderDirection, eventCountLimit, maxEventCount.
bool is_control(std::string_view name);
// Returns whether its values in a URL are a list.
bool is_list(std::string_view name);

}  // namespace suyuan::epcis
