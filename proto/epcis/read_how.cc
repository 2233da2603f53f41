// How it is known: sensors; and values that are kept as they are.
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/event/vocabulary.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/read.h"

namespace suyuan::ld {
namespace {

// Trees of the ledger's own events whose names EPCIS would not accept.
constexpr std::string_view kOwnTree = "suyuan:other";

}  // namespace

void EventReader::append(JsonValue value, Tree& tree) {
  tree.push_back({.depth = 0, .kind = value.kind(), .name = value.name(), .value = value.value()});
  for (TreeNode& node : value.tree()) {
    ++node.depth;
    tree.push_back(std::move(node));
  }
}

void EventReader::read_sensors(JsonValue list, const At& at) {
  if (!is_list(list, at, limits::kListMax)) return;
  size_t index = 0;
  for (const JsonValue entry : list) {
    if (faults_.full()) return;
    const At here = at.entry(index++);
    if (!is_object(entry, here)) continue;
    SensorElement& sensor = event_.sensors.emplace_back();
    bool reported = false;
    for (const JsonValue member : entry) {
      const At at_member = here.member(member.name());
      if (member.name() == "sensorMetadata") {
        read_metadata(member, at_member, sensor.metadata);
      } else if (member.name() == "sensorReport") {
        reported = true;
        if (!is_list(member, at_member, limits::kListMax)) continue;
        needs(member.size() > 0, at_member, "a sensor element has at least one report");
        size_t report = 0;
        for (const JsonValue one : member) {
          read_report(one, at_member.entry(report++), sensor.reports.emplace_back());
        }
      } else if (is_free(member.name(), at_member, "a sensor element")) {
        append(member, sensor.metadata);
      }
    }
    const At at_report = here.member("sensorReport");
    needs(reported, at_report, "a sensor element has at least one report");
  }
}

void EventReader::read_metadata(JsonValue value, const At& at, Tree& tree) {
  if (!is_object(value, at)) return;
  for (const JsonValue member : value) {
    const At here = at.member(member.name());
    const InnerRow* row = find_metadata_member(member.name());
    if (member.name() == kOwnTree && member.kind() == NodeKind::object) {
      for (const JsonValue inner : member) append(inner, tree);
    } else if (row != nullptr ? check_inner(member, row->form, here)
                              : is_free(member.name(), here, "sensorMetadata")) {
      append(member, tree);
    }
  }
}

bool EventReader::check_inner(JsonValue value, Form form, const At& at) {
  const auto is = [&](NodeKind kind, std::string_view what) {
    if (value.kind() == kind) return true;
    faults_.add(Code::INVALID_FIELD, at, "expected " + std::string(what));
    return false;
  };
  switch (form) {
    case Form::uri: return !uri(value, at).empty();
    case Form::time: return time(value, at).has_value();
    case Form::number: return is(NodeKind::number, "a JSON number");
    case Form::text: return !text(value, at).empty();
    case Form::boolean: return is(NodeKind::boolean, "true or false");
    case Form::hex:
      if (value.kind() == NodeKind::text && is_hex(value.value())) return true;
      faults_.add(Code::INVALID_FIELD, at, "expected hexadecimal digits");
      return false;
    case Form::component: return !word(Vocabulary::component, value, at).empty();
    case Form::measurement: return !word(Vocabulary::measurement, value, at).empty();
    case Form::alert: return !word(Vocabulary::alert, value, at).empty();
  }
  return false;
}

void EventReader::read_report(JsonValue value, const At& at, SensorReport& report) {
  if (!is_object(value, at)) return;
  for (const JsonValue member : value) {
    const At here = at.member(member.name());
    const InnerRow* row = find_report_member(member.name());
    if (row != nullptr) {
      read_report_member(member, *row, here, report);
    } else if (member.name() == kOwnTree && member.kind() == NodeKind::object) {
      for (const JsonValue inner : member) append(inner, report.other);
    } else if (is_free(member.name(), here, "sensorReport")) {
      append(member, report.other);
    }
  }
  const At at_type = at.member("type");
  bool typed = !report.type.empty();
  for (const JsonValue member : value) typed = typed || member.name() == "type";
  needs(typed, at_type, "what was measured, such as Temperature");
  const bool measured = report.value || report.min_value || report.max_value || report.mean_value;
  if (!measured && !report.uom.empty()) {
    report.other.push_back(
        {.depth = 0, .kind = NodeKind::text, .name = "uom", .value = report.uom});
    report.uom.clear();
  }
}

// A value with a field of its own goes there if it fits; all else is kept as it is.
void EventReader::read_report_member(JsonValue member, const InnerRow& row, const At& at,
                                     SensorReport& report) {
  if (!check_inner(member, row.form, at)) return;
  const std::string_view field = row.name;
  std::optional<Decimal>* number = field == "value"       ? &report.value
                                   : field == "minValue"  ? &report.min_value
                                   : field == "maxValue"  ? &report.max_value
                                   : field == "meanValue" ? &report.mean_value
                                                          : nullptr;
  if (number != nullptr) {
    *number = decimal_of(member.value());
    if (*number) return;
  } else if (field == "type") {
    report.type = word(Vocabulary::measurement, member, at);
    return;
  } else if (field == "deviceID") {
    report.device_id = device(member, at);
    return;
  } else if (field == "time") {
    report.time = time(member, at);
    return;
  } else if (field == "exception") {
    report.exception = word(Vocabulary::alert, member, at);
    if (has_word(Vocabulary::alert, report.exception)) return;
    report.exception.clear();
  } else if (field == "uom") {
    report.uom = member.value();
    if (is_uom(report.uom)) return;
    faults_.add(Code::INVALID_FIELD, at,
                quoted(report.uom) + " is not a unit of UN/ECE Recommendation 20, such as CEL");
    return;
  }
  append(member, report.other);
}

}  // namespace suyuan::ld
