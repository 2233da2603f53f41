#include "proto/epcis_query/parameters.h"

#include <algorithm>
#include <array>

namespace suyuan::epcis {
namespace {

using Name = std::string_view;

struct FixedRow {
  Name name;
  Op op;
  ValueForm form;
  std::array<Name, 5> fields;
};
using enum Op;
using Form = ValueForm;

// EPCIS 2.0, 8.2.7.1: the names of the standard's OpenAPI file and of its query schema.
constexpr FixedRow kFixed[] = {
    {"eventType", eq, Form::event_type, {"eventType"}},
    {"EQ_action", eq, Form::action, {"action"}},
    {"EQ_bizStep", eq, Form::word, {"bizStep"}},
    {"EQ_disposition", eq, Form::word, {"disposition"}},
    {"EQ_persistentDisposition_set", eq, Form::word, {"persistentDisposition_set"}},
    {"EQ_persistentDisposition_unset", eq, Form::word, {"persistentDisposition_unset"}},
    {"EQ_readPoint", eq, Form::place, {"readPoint"}},
    {"WD_readPoint", within, Form::place, {"readPoint"}},
    {"EQ_bizLocation", eq, Form::place, {"bizLocation"}},
    {"WD_bizLocation", within, Form::place, {"bizLocation"}},
    {"EQ_transformationID", eq, Form::id, {"transformationID"}},
    {"MATCH_epc", match, Form::pattern, {"epc"}},
    {"MATCH_parentID", match, Form::pattern, {"parentID"}},
    {"MATCH_inputEPC", match, Form::pattern, {"inputEPC"}},
    {"MATCH_outputEPC", match, Form::pattern, {"outputEPC"}},
    {"MATCH_anyEPC", match, Form::pattern, {"epc", "parentID", "inputEPC", "outputEPC"}},
    {"MATCH_epcClass", match, Form::pattern, {"epcClass"}},
    {"MATCH_inputEPCClass", match, Form::pattern, {"inputEPCClass"}},
    {"MATCH_outputEPCClass", match, Form::pattern, {"outputEPCClass"}},
    {"MATCH_anyEPCClass", match, Form::pattern, {"epcClass", "inputEPCClass", "outputEPCClass"}},
    {"EQ_eventID", eq, Form::id, {"eventID"}},
    {"EXISTS_errorDeclaration", exists, Form::flag, {"errorDeclaration"}},
    {"GE_errorDeclarationTime", ge, Form::time, {"errorDeclarationTime"}},
    {"LT_errorDeclarationTime", lt, Form::time, {"errorDeclarationTime"}},
    {"GE_errorDeclaration_Time", ge, Form::time, {"errorDeclarationTime"}},
    {"LT_errorDeclaration_Time", lt, Form::time, {"errorDeclarationTime"}},
    {"EQ_errorReason", eq, Form::word, {"errorReason"}},
    {"EQ_correctiveEventID", eq, Form::id, {"correctiveEventID"}},
    {"EXISTS_sensorElementList", exists, Form::flag, {"sensorElementList"}},
    {"EQ_type", eq, Form::word, {"type"}},
    {"EQ_deviceID", eq, Form::place, {"deviceID"}},
    {"EQ_dataProcessingMethod", eq, Form::place, {"dataProcessingMethod"}},
    {"EQ_microorganism", eq, Form::place, {"microorganism"}},
    {"EQ_chemicalSubstance", eq, Form::place, {"chemicalSubstance"}},
    {"EQ_bizRules", eq, Form::place, {"bizRules"}},
    {"EQ_stringValue", eq, Form::text, {"stringValue"}},
    {"EQ_hexBinaryValue", eq, Form::text, {"hexBinaryValue"}},
    {"EQ_uriValue", eq, Form::place, {"uriValue"}},
    {"EQ_booleanValue", eq, Form::flag, {"booleanValue"}}};

constexpr std::array<Name, 4> kControls = {"orderBy", "orderDirection", "eventCountLimit",
                                           "maxEventCount"};
// With any of the five comparisons; all except percRank may have a unit after them.
constexpr std::array<Name, 8> kNumbers = {"quantity",  "value", "minValue",  "maxValue",
                                          "meanValue", "sDev",  "percValue", "percRank"};
constexpr std::array<Name, 8> kTimes = {"time", "startTime", "endTime"};
constexpr std::array<Name, 3> kPairs = {"bizTransaction_", "source_", "destination_"};
constexpr std::array<Name, 8> kScopes = {
    "ILMD_",           "ERROR_DECLARATION_", "SENSORELEMENT_", "SENSORMETADATA_",
    "SENSORREPORT_",   "readPoint_",         "bizLocation_",   ""};

struct Verb {
  Name text;
  Op op;
};
constexpr Verb kVerbs[] = {{"EQ_", eq}, {"GT_", gt}, {"GE_", ge}, {"LT_", lt}, {"LE_", le},
                           {"EXISTS_", exists}};

bool is_unit(Name text) {
  return text.size() >= 2 && text.size() <= 4 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

// "quantity", "quantity_KGM"
bool is_number_field(Name field) {
  const size_t bar = field.find('_');
  const Name stem = field.substr(0, bar);
  if (stem.empty() || std::find(kNumbers.begin(), kNumbers.end(), stem) == kNumbers.end())
    return false;
  return bar == Name::npos || (stem != "percRank" && is_unit(field.substr(bar + 1)));
}

bool is_time_field(Name field) {
  return !field.empty() && std::find(kTimes.begin(), kTimes.end(), field) != kTimes.end();
}

// An extension's name has a name space: a prefix, or a URI.
bool is_extension_name(Name name) {
  const size_t colon = name.find(':');
  return colon != Name::npos && colon != 0 && colon + 1 < name.size();
}

// Expands the prefix in a name such as "INNER_ILMD_example:lot".
std::optional<std::string> extension_field(Name rest, const Prefixes& prefixes) {
  std::string field;
  if (rest.starts_with("INNER_")) {
    field = "INNER_";
    rest.remove_prefix(field.size());
  }
  for (const Name scope : kScopes) {
    if (!rest.starts_with(scope)) continue;
    rest.remove_prefix(scope.size());
    field += scope;
    break;
  }
  // In real JSON files, ILMD also has CBV attributes without a name space.
  const bool bare_ilmd = field.ends_with("ILMD_") && !rest.empty();
  if (!is_extension_name(rest) && !bare_ilmd) return std::nullopt;
  // The form of EPCIS 1: name space, '#', local name.
  return field + name_of(rest, prefixes);
}

std::optional<ParameterRow> pair_parameter(Name rest, const Prefixes& prefixes) {
  for (const Name pair : kPairs) {
    if (!rest.starts_with(pair) || rest.size() == pair.size()) continue;
    const std::string type = word_of(rest.substr(pair.size()), prefixes);
    return ParameterRow{.op = eq, .form = Form::place, .fields = {std::string(pair) + type}};
  }
  return std::nullopt;
}

// "example:field_attribute": the attribute follows the last bar that leaves a field.
std::optional<ParameterRow> attribute_parameter(Name rest, const Prefixes& prefixes) {
  const size_t bar = rest.rfind('_');
  if (bar == Name::npos || bar + 1 == rest.size() || !is_extension_name(rest.substr(0, bar)))
    return std::nullopt;
  return ParameterRow{.op = eq,
                      .form = Form::any,
                      .fields = {"ATTR_" + name_of(rest.substr(0, bar), prefixes) + "_" +
                                 name_of(rest.substr(bar + 1), prefixes)}};
}

std::optional<ParameterRow> family_parameter(Name name, const Prefixes& prefixes) {
  for (const Name verb : {Name("EQATTR_"), Name("EQ_ATTR_")}) {
    if (name.starts_with(verb)) return attribute_parameter(name.substr(verb.size()), prefixes);
  }
  if (name.starts_with("HASATTR_")) {
    const Name field = name.substr(8);
    if (!is_extension_name(field)) return std::nullopt;
    return ParameterRow{
        .op = eq, .form = Form::names, .fields = {"HASATTR_" + name_of(field, prefixes)}};
  }
  for (const Verb& verb : kVerbs) {
    if (!name.starts_with(verb.text)) continue;
    const Name rest = name.substr(verb.text.size());
    if (verb.op != exists && is_number_field(rest))
      return ParameterRow{.op = verb.op, .form = Form::number, .fields = {std::string(rest)}};
    if ((verb.op == ge || verb.op == lt) && is_time_field(rest))
      return ParameterRow{.op = verb.op, .form = Form::time, .fields = {std::string(rest)}};
    if (verb.op == eq) {
      if (auto pair = pair_parameter(rest, prefixes)) return pair;
    }
    auto field = extension_field(rest, prefixes);
    if (!field) return std::nullopt;
    return ParameterRow{.op = verb.op,
                        .form = verb.op == exists ? Form::flag : Form::any,
                        .fields = {*std::move(field)}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<ParameterRow> find_parameter(std::string_view name, const Prefixes& prefixes) {
  for (const FixedRow& row : kFixed) {
    if (row.name != name) continue;
    ParameterRow found{.op = row.op, .form = row.form, .fields = {}};
    for (const Name field : row.fields) {
      if (!field.empty()) found.fields.emplace_back(field);
    }
    return found;
  }
  return family_parameter(name, prefixes);
}

bool is_control(std::string_view name) {
  return std::find(kControls.begin(), kControls.end(), name) != kControls.end();
}

bool is_list(std::string_view name) {
  return name == "eventType" || name.starts_with("EQ_") || name.starts_with("EQATTR_") ||
         name.starts_with("MATCH_") || name.starts_with("WD_") || name.starts_with("HASATTR_");
}

bool is_parameter(std::string_view name) {
  constexpr std::array<Name, 4> kRanges = {"GE_eventTime", "LT_eventTime", "GE_recordTime",
                                           "LT_recordTime"};
  return is_control(name) || std::find(kRanges.begin(), kRanges.end(), name) != kRanges.end() ||
         find_parameter(name, {}).has_value();
}

}  // namespace suyuan::epcis
