#include <algorithm>

#include "proto/epcis_query/query.h"

namespace suyuan::epcis {
namespace {

template <class T>
bool compares(Op op, const T& field, const T& operand) {
  switch (op) {
    case Op::gt:
      return field > operand;
    case Op::ge:
      return field >= operand;
    case Op::lt:
      return field < operand;
    case Op::le:
      return field <= operand;
    default:
      return field == operand;
  }
}

bool stands(Op op, const Field& field, const Operand& operand) {
  switch (op) {
    case Op::match:
      return operand.pattern.matches(field.text);
    case Op::within:
      // A GLN's own sub-places, and whatever is below a URI.
      return field.text == operand.text || field.text.starts_with(operand.text + "/");
    case Op::eq:
      if (field.text == operand.text) return true;
      break;
    default:
      break;
  }
  if (field.number && operand.number) return compares(op, *field.number, *operand.number);
  return field.ms && operand.ms && compares(op, *field.ms, *operand.ms);
}

bool fulfils(const Condition& condition, const FlatEvent& event) {
  for (const auto& name : condition.fields) {
    const auto [begin, end] = event.named(name);
    if (condition.op == Op::exists) {
      if (begin != end) return true;
      continue;
    }
    for (const Field* field = begin; field != end; ++field) {
      if (std::any_of(condition.any_of.begin(), condition.any_of.end(), [&](const Operand& one) {
            return stands(condition.op, *field, one);
          })) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

bool matches(const Query& query, const FlatEvent& event, int64_t record_time_ms) {
  return query.event_time.holds(event.event_time_ms) && query.record_time.holds(record_time_ms) &&
         std::all_of(query.conditions.begin(), query.conditions.end(),
                     [&](const Condition& condition) { return fulfils(condition, event); });
}

}  // namespace suyuan::epcis
