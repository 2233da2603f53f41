#include "ledger/base/text.h"
#include "proto/json/event_json.h"

namespace suyuan {
namespace {

template <class T, class Write>
void write_objects(JsonWriter& out, std::string_view name, const std::vector<T>& list,
                   Write write) {
  if (list.empty()) return;
  out.key(name);
  out.begin_array();
  for (const T& one : list) {
    out.begin_object();
    write(out, one);
    out.end_object();
  }
  out.end_array();
}

void write_item(JsonWriter& out, const Item& item) {
  out.field("code", item.code);
  out.field("quantity", item.quantity);
  out.field("uom", item.uom);
  out.field("netKg", item.net_kg);
}

void write_loss(JsonWriter& out, const Loss& loss) {
  out.field("reason", loss.reason);
  out.field("quantity", std::optional(loss.quantity));
  out.field("uom", loss.uom);
}

void write_reference(JsonWriter& out, const Reference& reference) {
  out.field("type", reference.type);
  out.field("id", reference.id);
}

void write_document(JsonWriter& out, const Document& document) {
  out.field("number", document.number);
  out.field("type", document.type);
  if (document.sha256) out.field("sha256", to_hex(document.sha256->view()));
  if (document.size != 0) {
    out.key("size");
    out.number(document.size);
  }
  out.field("mediaType", document.media_type);
  out.field("issuer", document.issuer);
}

void write_sensor(JsonWriter& out, const SensorElement& sensor) {
  out.field("metadata", sensor.metadata);
  write_objects(out, "reports", sensor.reports, [](JsonWriter& inner, const SensorReport& report) {
    inner.field("type", report.type);
    inner.field("value", report.value);
    inner.field("minValue", report.min_value);
    inner.field("maxValue", report.max_value);
    inner.field("meanValue", report.mean_value);
    inner.field("uom", report.uom);
    inner.field("deviceID", report.device_id);
    inner.field("exception", report.exception);
    inner.field("time", report.time);
    inner.field("other", report.other);
  });
}

bool is_holder(const Reference& reference) {
  return reference.type == kPossessingParty &&
         (reference.id == kConsumer ||
          (reference.id.starts_with(kPartyUrn) && reference.id.size() > kPartyUrn.size()));
}

std::string_view holder(const Reference& reference) {
  const std::string_view id = reference.id;
  return id == kConsumer ? id : id.substr(kPartyUrn.size());
}

// The short forms are for the holders at the head of each list, so that the order reads back.
void write_custody(JsonWriter& out, const TraceEvent& event) {
  size_t givers = 0;
  while (givers < event.sources.size() && is_holder(event.sources[givers])) ++givers;
  std::vector<std::string> from;
  for (size_t i = 0; i < givers; ++i) from.emplace_back(holder(event.sources[i]));
  out.field("custodyFrom", from);
  const bool to = !event.destinations.empty() && is_holder(event.destinations.front());
  if (to) out.field("custodyTo", holder(event.destinations.front()));
  const std::vector<Reference> sources(
      event.sources.begin() + static_cast<ptrdiff_t>(givers), event.sources.end());
  const std::vector<Reference> destinations(event.destinations.begin() + (to ? 1 : 0),
                                            event.destinations.end());
  write_objects(out, "sources", sources, write_reference);
  write_objects(out, "destinations", destinations, write_reference);
}

void write_head(JsonWriter& out, const TraceEvent& event) {
  out.field("type", word(event.type));
  out.field("kind", word(event.kind));
  if (event.audience != EventAudience::everyone) out.field("audience", word(event.audience));
  out.field("action", word(event.action));
  out.field("eventID", event.event_id);
  out.field("eventTime", std::optional(event.event_time));
  if (!event.error) return;
  out.key("errorDeclaration");
  out.begin_object();
  out.field("declarationTime", std::optional(event.error->declared));
  out.field("reason", event.error->reason);
  out.field("correctiveEventIDs", event.error->corrective_event_ids);
  out.end_object();
}

void write_why(JsonWriter& out, const TraceEvent& event) {
  out.field("readPoint", event.read_point);
  out.field("bizLocation", event.biz_location);
  out.field("step", event.step);
  out.field("disposition", event.disposition);
  if (!event.persistent_set.empty() || !event.persistent_unset.empty()) {
    out.key("persistentDisposition");
    out.begin_object();
    out.field("set", event.persistent_set);
    out.field("unset", event.persistent_unset);
    out.end_object();
  }
  write_objects(out, "transactions", event.transactions, write_reference);
  write_custody(out, event);
  out.field("result", event.result);
  out.field("confirms", event.confirms);
}

}  // namespace

void write_event(JsonWriter& out, const TraceEvent& event) {
  out.begin_object();
  write_head(out, event);
  write_objects(out, "objects", event.objects, write_item);
  out.field("parent", event.parent);
  write_objects(out, "children", event.children, write_item);
  write_objects(out, "inputs", event.inputs, write_item);
  write_objects(out, "outputs", event.outputs, write_item);
  write_objects(out, "losses", event.losses, write_loss);
  out.field("transformationID", event.transformation_id);
  out.field("lot", event.lot);
  if (event.whole_lot) {
    out.key("wholeLot");
    out.boolean(true);
  }
  write_why(out, event);
  write_objects(out, "sensors", event.sensors, write_sensor);
  write_objects(out, "documents", event.documents, write_document);
  out.field("certifications", event.certifications);
  out.field("ilmd", event.ilmd);
  out.field("extensions", event.extensions);
  write_objects(out, "sections", event.sections, [](JsonWriter& inner, const SectionRef& section) {
    inner.field("audience", word(section.audience));
    inner.field("label", section.label);
    inner.field("digest", to_hex(section.digest.view()));
  });
  out.end_object();
}

std::string write_event_json(const TraceEvent& event) {
  JsonWriter out;
  write_event(out, event);
  return std::move(out).str();
}

}  // namespace suyuan
