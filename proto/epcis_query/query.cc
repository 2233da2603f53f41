#include "proto/epcis_query/query.h"

#include <algorithm>
#include <array>

#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "proto/epcis_query/parameters.h"

namespace suyuan::epcis {
namespace {

constexpr std::array<std::string_view, 5> kEventTypes = {
    "ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent",
    "AssociationEvent"};
constexpr std::array<std::string_view, 3> kActions = {"ADD", "OBSERVE", "DELETE"};

Unexpected<Error> refuse(const std::string& parameter, std::string message) {
  return fail(Code::INVALID_FIELD, std::move(message), parameter);
}

template <size_t N>
bool is_in(const std::array<std::string_view, N>& all, std::string_view text) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

std::string listed(const auto& all) {
  std::string text;
  for (const auto one : all) text += (text.empty() ? "" : ", ") + std::string(one);
  return text;
}

Result<int64_t> time_value(const std::string& name, const std::string& value) {
  const auto moment = from_rfc3339(value);
  if (moment) return moment->ms;
  return refuse(name, quote(value) + " is not a time like 2026-07-01T00:00:00+08:00 (write + as "
                                     "%2B in a URL)");
}

Result<uint64_t> count_value(const std::string& name, const std::string& value) {
  const auto number = from_decimal(value);
  if (number && *number > 0) return *number;
  return refuse(name, quote(value) + " is not a number, 1 or more");
}

Result<Operand> flag_operand(const std::string& name, const std::string& value) {
  // The OpenAPI file uses a boolean, the query schema an integer or null.
  if (value == "true" || value == "1" || value.empty()) return Operand{.text = "true"};
  if (value == "false" || value == "0") return Operand{.text = "false"};
  return refuse(name, quote(value) + " is neither true nor false");
}

Result<Operand> word_operand(const std::string& name, ValueForm form, std::string word) {
  if (form == ValueForm::action && !is_in(kActions, word))
    return refuse(name, quote(word) + " is not one of " + listed(kActions));
  if (form == ValueForm::event_type && !is_in(kEventTypes, word) &&
      word.find(':') == std::string::npos) {
    return refuse(name, quote(word) + " is not one of " + listed(kEventTypes) +
                            ", nor the URI of another type");
  }
  return Operand{.text = std::move(word)};
}

// The trade item that all codes of a pattern belong to.
std::string class_of_all(const CodePattern& pattern) {
  if (pattern.prefixes.size() != 1) return {};
  const auto code = parse_code(pattern.prefixes.front());
  if (!code) return {};
  return code->class_of().value_or(code->type() == CodeType::gtin_class ? code->text() : "");
}

Result<Operand> operand_of(const std::string& name, ValueForm form, const std::string& value,
                           const Prefixes& prefixes) {
  if (form == ValueForm::flag) return flag_operand(name, value);
  if (value.empty()) return refuse(name, "a value is missing");
  switch (form) {
    case ValueForm::word:
    case ValueForm::event_type:
    case ValueForm::action:
      return word_operand(name, form, word_of(value, prefixes));
    case ValueForm::code:
    case ValueForm::place:
      return Operand{.text = code_in(value, prefixes)};
    case ValueForm::id:
      return Operand{.text = expand(value, prefixes)};
    case ValueForm::names:
      return Operand{.text = name_of(value, prefixes)};
    case ValueForm::pattern: {
      auto operand = pattern_operand(value, prefixes);
      if (!operand) {
        Error error = std::move(operand).error();
        error.field = name;
        return Unexpected(std::move(error));
      }
      return operand;
    }
    case ValueForm::time: {
      SUYUAN_TRY(ms, time_value(name, value));
      return Operand{.text = value, .ms = ms};
    }
    case ValueForm::number: {
      const auto number = decimal_in(value);
      if (!number) return refuse(name, quote(value) + " is not a number of at most 18 digits");
      return Operand{.text = value, .number = number};
    }
    case ValueForm::any: {
      Operand operand{.text = value, .number = decimal_in(value)};
      if (const auto moment = from_rfc3339(value)) operand.ms = moment->ms;
      return operand;
    }
    default:
      return Operand{.text = value};
  }
}

class Maker {
 public:
  explicit Maker(const Prefixes& prefixes) : prefixes_(prefixes) {}

  Result<Done> add(const Parameter& parameter) {
    const std::string& name = parameter.name;
    if (parameter.values.empty()) return refuse(name, "a value is missing");
    values_ += parameter.values.size();
    if (values_ > kValuesMax)
      return fail(Code::TOO_MANY, "a query names at most 256 values in all", name);
    if (name == "GE_eventTime") return bound(parameter, query_.event_time.ge_ms);
    if (name == "LT_eventTime") return bound(parameter, query_.event_time.lt_ms);
    if (name == "GE_recordTime") return bound(parameter, query_.record_time.ge_ms);
    if (name == "LT_recordTime") return bound(parameter, query_.record_time.lt_ms);
    if (is_control(name)) return control(parameter);
    return condition(parameter);
  }

  Result<Query> take() && {
    if (query_.event_count_limit && query_.max_event_count) {
      return refuse("eventCountLimit", "eventCountLimit and maxEventCount exclude each other");
    }
    if (query_.event_count_limit && query_.order_by.empty()) {
      return refuse("eventCountLimit", "without orderBy it is undefined which events come first");
    }
    return std::move(query_);
  }

 private:
  Result<std::string> single(const Parameter& parameter) const {
    if (parameter.values.size() == 1) return parameter.values.front();
    return refuse(parameter.name, "one value is accepted, not a list");
  }

  Result<Done> bound(const Parameter& parameter, std::optional<int64_t>& out) const {
    SUYUAN_TRY(value, single(parameter));
    SUYUAN_TRY(ms, time_value(parameter.name, value));
    out = ms;
    return Done{};
  }

  Result<Done> control(const Parameter& parameter) {
    const std::string& name = parameter.name;
    SUYUAN_TRY(value, single(parameter));
    if (name == "orderDirection") {
      if (value != "ASC" && value != "DESC")
        return refuse(name, quote(value) + " is neither ASC nor DESC");
      query_.ascending = value == "ASC";
    } else if (name == "orderBy") {
      const bool extension = value.find(':') != std::string::npos;
      if (value != "eventTime" && value != "recordTime" && !extension) {
        return refuse(name, quote(value) + " is not eventTime, recordTime, or an extension's "
                                           "full name");
      }
      query_.order_by = extension ? name_of(value, prefixes_) : value;
    } else {
      SUYUAN_TRY(count, count_value(name, value));
      (name == "eventCountLimit" ? query_.event_count_limit : query_.max_event_count) = count;
    }
    return Done{};
  }

  Result<Done> condition(const Parameter& parameter) {
    const std::string& name = parameter.name;
    auto row = find_parameter(name, prefixes_);
    if (!row) return refuse(name, "there is no such parameter; docs/epcis_paths.md lists them");
    Condition condition{
        .parameter = name, .op = row->op, .fields = std::move(row->fields), .any_of = {}};
    const bool comparison = row->op == Op::gt || row->op == Op::ge || row->op == Op::lt ||
                            row->op == Op::le || row->op == Op::exists;
    if (comparison) SUYUAN_TRY_DONE(single(parameter));
    for (const auto& value : parameter.values) {
      SUYUAN_TRY(operand, operand_of(name, row->form, value, prefixes_));
      condition.any_of.push_back(std::move(operand));
    }
    if (row->op == Op::exists) {
      // With false, the standard requests nothing.
      if (condition.any_of.front().text == "false") return Done{};
      condition.any_of.clear();
    } else if (comparison && !condition.any_of.front().number && !condition.any_of.front().ms) {
      return refuse(name, quote(parameter.values.front()) + " is neither a number nor a time");
    }
    query_.conditions.push_back(std::move(condition));
    return Done{};
  }

  const Prefixes& prefixes_;
  size_t values_ = 0;
  Query query_;
};

// A JSON scalar as the text that a URL would have.
Result<std::string> scalar(const std::string& name, JsonValue value) {
  if (value.kind() == NodeKind::null) return std::string();
  if (value.kind() != NodeKind::object && value.kind() != NodeKind::array) return value.value();
  return fail(Code::BAD_REQUEST, "a parameter's value is a text, a number, true or false, or a "
                                 "list of these", name);
}

}  // namespace

Result<Operand> pattern_operand(std::string_view text, const Prefixes& prefixes) {
  SUYUAN_TRY(pattern, parse_code_pattern(expand(text, prefixes)));
  std::string exact = pattern.exact;
  std::string under = class_of_all(pattern);
  return Operand{
      .text = std::move(exact), .pattern = std::move(pattern), .under = std::move(under)};
}

std::vector<Parameter> url_parameters(const std::map<std::string, std::string>& decoded) {
  std::vector<Parameter> parameters;
  for (const auto& [name, value] : decoded) {
    Parameter parameter{.name = name, .values = {}};
    if (is_list(name)) {
      for (const auto part : split(value, '|')) parameter.values.emplace_back(part);
    } else {
      parameter.values.push_back(value);
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

Result<std::vector<Parameter>> json_parameters(JsonValue object, Prefixes& prefixes) {
  if (object.kind() != NodeKind::object)
    return fail(Code::BAD_REQUEST, "a query must be an object of parameters", "query");
  std::vector<Parameter> parameters;
  for (const JsonValue member : object) {
    if (member.name() == "@context") {
      add_prefixes(member, prefixes);
      continue;
    }
    Parameter parameter{.name = member.name(), .values = {}};
    if (member.kind() == NodeKind::array) {
      for (const JsonValue one : member) {
        SUYUAN_TRY(value, scalar(member.name(), one));
        parameter.values.push_back(std::move(value));
      }
    } else {
      SUYUAN_TRY(value, scalar(member.name(), member));
      parameter.values.push_back(std::move(value));
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

Result<Query> make_query(const std::vector<Parameter>& parameters, const Prefixes& prefixes) {
  if (parameters.size() > kParametersMax)
    return fail(Code::TOO_MANY, "a query has at most 64 parameters", "query");
  Maker maker(prefixes);
  for (const Parameter& parameter : parameters) SUYUAN_TRY_DONE(maker.add(parameter));
  return std::move(maker).take();
}

}  // namespace suyuan::epcis
