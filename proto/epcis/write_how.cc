// How it is known, trees, and what EPCIS has no field for.
#include <algorithm>

#include "ledger/base/text.h"
#include "proto/epcis/context.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/texts.h"
#include "proto/epcis/writing.h"

namespace suyuan::ld {
namespace {

// The names of a tree's outermost values.
template <class Good>
bool all_names(const Tree& tree, Good good) {
  return std::ranges::all_of(
      tree, [&](const TreeNode& node) { return node.depth != 0 || good(node); });
}

bool is_free_name(const TreeNode& node) { return Context().name_fault(node.name).empty(); }

bool fits(const TreeNode& node, const InnerRow* row) {
  if (row == nullptr) return is_free_name(node);
  switch (row->form) {
    case Form::number: return node.kind == NodeKind::number;
    case Form::boolean: return node.kind == NodeKind::boolean;
    case Form::text: return node.kind == NodeKind::text;
    case Form::hex: return node.kind == NodeKind::text && is_hex(node.value);
    case Form::time: return node.kind == NodeKind::text && from_rfc3339(node.value).has_value();
    case Form::uri:
    case Form::component:
    case Form::measurement:
    case Form::alert: break;
  }
  return node.kind == NodeKind::text && is_uri_shaped(node.value);
}

}  // namespace

void Writing::report(const SensorReport& report) {
  out_.begin_object();
  out_.field("type", spelled(Vocabulary::measurement, report.type));
  number("value", report.value);
  number("minValue", report.min_value);
  number("maxValue", report.max_value);
  number("meanValue", report.mean_value);
  out_.field("uom", report.uom);
  if (!report.device_id.empty()) out_.field("deviceID", uri_of_text(report.device_id));
  out_.field("exception", report.exception);
  out_.field("time", report.time);
  const auto taken = [&](std::string_view name) {
    return name == "type" || (name == "value" && report.value) ||
           (name == "minValue" && report.min_value) || (name == "maxValue" && report.max_value) ||
           (name == "meanValue" && report.mean_value) || (name == "uom" && !report.uom.empty()) ||
           (name == "deviceID" && !report.device_id.empty()) ||
           (name == "exception" && !report.exception.empty()) || (name == "time" && report.time);
  };
  const bool plain = all_names(report.other, [&](const TreeNode& node) {
    return !taken(node.name) && fits(node, find_report_member(node.name));
  });
  if (plain) {
    out_.members(report.other);
  } else {
    out_.field(own("other"), report.other);
  }
  out_.end_object();
}

void Writing::sensors() {
  if (event_.sensors.empty()) return;
  out_.key("sensorElementList");
  out_.begin_array();
  for (const SensorElement& sensor : event_.sensors) {
    out_.begin_object();
    if (!sensor.metadata.empty()) {
      const bool plain = all_names(sensor.metadata, [](const TreeNode& node) {
        return fits(node, find_metadata_member(node.name));
      });
      out_.key("sensorMetadata");
      out_.begin_object();
      if (plain) {
        out_.members(sensor.metadata);
      } else {
        out_.field(own("other"), sensor.metadata);
      }
      out_.end_object();
    }
    out_.key("sensorReport");
    out_.begin_array();
    for (const SensorReport& one : sensor.reports) report(one);
    out_.end_array();
    out_.end_object();
  }
  out_.end_array();
}

void Writing::trees() {
  const bool makes = event_.type == EventType::transformation ||
                     (event_.type == EventType::object && event_.action == Action::add);
  const bool plain_ilmd = makes && all_names(event_.ilmd, is_free_name);
  out_.field(plain_ilmd ? "ilmd" : own("ilmd"), event_.ilmd);
  if (all_names(event_.extensions, is_free_name)) {
    out_.members(event_.extensions);
  } else {
    out_.field(own("extensions"), event_.extensions);
  }
}

void Writing::masses() {
  bool open = false;
  for (const auto* list : {&event_.objects, &event_.children, &event_.inputs, &event_.outputs}) {
    for (const Item& item : *list) {
      if (!item.net_kg) continue;
      if (!open) {
        out_.key(own("netKg"));
        out_.begin_array();
        open = true;
      }
      out_.begin_object();
      out_.field("epcClass", item.code);
      number("kg", item.net_kg);
      out_.end_object();
    }
  }
  if (open) out_.end_array();
}

void Writing::documents() {
  if (event_.documents.empty()) return;
  out_.key(own("documents"));
  out_.begin_array();
  for (const Document& document : event_.documents) {
    out_.begin_object();
    out_.field("number", document.number);
    out_.field("type", document.type);
    if (document.sha256) out_.field("sha256", to_hex(document.sha256->view()));
    if (document.size != 0) {
      out_.key("size");
      out_.number(document.size);
    }
    out_.field("mediaType", document.media_type);
    out_.field("issuer", document.issuer);
    out_.end_object();
  }
  out_.end_array();
}

// What EPCIS has no field for.
void Writing::beyond() {
  out_.field(own("lot"), event_.lot);
  if (event_.whole_lot) {
    out_.key(own("wholeLot"));
    out_.boolean(true);
  }
  out_.field(own("result"), event_.result);
  out_.field(own("confirms"), event_.confirms);
  if (!event_.losses.empty()) {
    out_.key(own("losses"));
    out_.begin_array();
    for (const Loss& loss : event_.losses) {
      out_.begin_object();
      out_.field("reason", loss.reason);
      number("quantity", loss.quantity);
      out_.field("uom", loss.uom);
      out_.end_object();
    }
    out_.end_array();
  }
  masses();
  documents();
  if (event_.sections.empty()) return;
  out_.key(own("sections"));
  out_.begin_array();
  for (const SectionRef& section : event_.sections) {
    out_.begin_object();
    out_.field("audience", word(section.audience));
    out_.field("label", section.label);
    out_.field("digest", to_hex(section.digest.view()));
    out_.end_object();
  }
  out_.end_array();
}

}  // namespace suyuan::ld
