#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "proto/json/event_json.h"
#include "proto/json/reader.h"

namespace suyuan {
namespace {

constexpr std::string_view kTypeWords =
    "object, aggregation, transaction, transformation, association";
constexpr std::string_view kKindWords = "origin, supply, logistics, transaction, inspection";
constexpr std::string_view kActionWords = "ADD, OBSERVE, DELETE";
constexpr std::string_view kAudienceWords = "owner, partner, platform, customs, market_supervision";

Item read_item(JsonValue value, const std::string& path, FirstFault& faults) {
  Item item;
  if (value.kind() == NodeKind::text) {
    item.code = read_code(value, path, faults);
    return item;
  }
  ObjectReader object(value, path, faults);
  object.need("code", "a thing needs its code");
  object.code("code", item.code);
  object.decimal("quantity", item.quantity);
  object.text("uom", item.uom);
  object.decimal("netKg", item.net_kg);
  object.finish();
  return item;
}

Loss read_loss(JsonValue value, const std::string& path, FirstFault& faults) {
  Loss loss;
  ObjectReader object(value, path, faults);
  object.text("reason", loss.reason);
  object.need("quantity", "a loss needs a quantity");
  std::optional<Decimal> quantity;
  object.decimal("quantity", quantity);
  loss.quantity = quantity.value_or(Decimal{});
  object.text("uom", loss.uom);
  object.finish();
  return loss;
}

Reference read_reference(JsonValue value, const std::string& path, FirstFault& faults) {
  Reference reference;
  ObjectReader object(value, path, faults);
  object.text("type", reference.type);
  object.need("id", "an identifier is required");
  if (reference.type == "location") {
    object.place("id", reference.id);
  } else {
    object.text("id", reference.id);
  }
  object.finish();
  return reference;
}

Document read_document(JsonValue value, const std::string& path, FirstFault& faults) {
  Document document;
  ObjectReader object(value, path, faults);
  object.text("number", document.number);
  object.text("type", document.type);
  std::string sha256;
  object.text("sha256", sha256);
  if (!sha256.empty()) {
    document.sha256 = fixed_from_hex<Hash>(sha256);
    if (!document.sha256) {
      faults.add(Code::INVALID_FIELD, object.path_of("sha256"),
                 quoted(sha256) + " is not a SHA-256: 64 lower-case hexadecimal digits");
    }
  }
  object.number("size", document.size);
  object.text("mediaType", document.media_type);
  object.text("issuer", document.issuer);
  object.finish();
  return document;
}

SensorReport read_report(JsonValue value, const std::string& path, FirstFault& faults) {
  SensorReport report;
  ObjectReader object(value, path, faults);
  object.text("type", report.type);
  object.decimal("value", report.value);
  object.decimal("minValue", report.min_value);
  object.decimal("maxValue", report.max_value);
  object.decimal("meanValue", report.mean_value);
  object.text("uom", report.uom);
  object.text("deviceID", report.device_id);
  object.text("exception", report.exception);
  object.moment("time", report.time);
  object.tree("other", report.other);
  object.finish();
  return report;
}

SensorElement read_sensor(JsonValue value, const std::string& path, FirstFault& faults) {
  SensorElement sensor;
  ObjectReader object(value, path, faults);
  object.tree("metadata", sensor.metadata);
  object.list("reports", sensor.reports, limits::kListMax, read_report);
  object.finish();
  return sensor;
}

UnsealedSection read_section(JsonValue value, const std::string& path, FirstFault& faults) {
  UnsealedSection section;
  ObjectReader object(value, path, faults);
  object.need("audience", "a sealed section must say who may read it");
  object.word("audience", section.audience, audience_from, kAudienceWords);
  object.text("label", section.label);
  object.need("content", "a sealed section must have content");
  if (const auto content = object.find("content")) {
    JsonWriter out;
    out.value(*content);
    section.content = std::move(out).str();
    if (section.content.size() > limits::kSectionBytesMax) {
      faults.add(Code::TOO_LARGE, object.path_of("content"),
                 std::to_string(section.content.size()) + " bytes; a section is at most " +
                     std::to_string(limits::kSectionBytesMax));
    }
  }
  object.finish();
  return section;
}

// A bare party id or "consumer".
Reference read_holder(JsonValue value, const std::string& path, FirstFault& faults) {
  const std::string id = read_text(value, path, faults);
  if (id.empty()) return {};
  if (id == kConsumer) return {.type = std::string(kPossessingParty), .id = id};
  if (auto party = check_party_id(id); !party) {
    faults.add(Code::INVALID_FIELD, path, party.error().message);
  }
  return {.type = std::string(kPossessingParty), .id = std::string(kPartyUrn) + id};
}

void read_custody(ObjectReader& object, TraceEvent& event) {
  if (const auto from = object.find("custodyFrom"); from && from->kind() == NodeKind::text) {
    event.sources.push_back(read_holder(*from, "custodyFrom", object.faults()));
  } else {
    object.list("custodyFrom", event.sources, limits::kListMax, read_holder);
  }
  if (const auto to = object.find("custodyTo")) {
    event.destinations.push_back(read_holder(*to, "custodyTo", object.faults()));
  }
  std::vector<Reference> more;
  object.list("sources", more, limits::kListMax, read_reference);
  event.sources.insert(event.sources.end(), more.begin(), more.end());
  more.clear();
  object.list("destinations", more, limits::kListMax, read_reference);
  event.destinations.insert(event.destinations.end(), more.begin(), more.end());
}

void read_error_declaration(ObjectReader& object, TraceEvent& event) {
  const auto value = object.find("errorDeclaration");
  if (!value) return;
  ErrorDeclaration error;
  ObjectReader inner(*value, "errorDeclaration", object.faults());
  inner.need("declarationTime", "when the error was declared");
  std::optional<Moment> declared;
  inner.moment("declarationTime", declared);
  error.declared = declared.value_or(Moment{});
  inner.text("reason", error.reason);
  inner.texts("correctiveEventIDs", error.corrective_event_ids, limits::kListMax);
  inner.finish();
  event.error = std::move(error);
}

void read_head(ObjectReader& object, TraceEvent& event) {
  object.need("type", "which type of event it is: " + std::string(kTypeWords));
  object.word("type", event.type, event_type_from, kTypeWords);
  object.need("kind", "which kind of event it is: " + std::string(kKindWords));
  object.word("kind", event.kind, kind_from, kKindWords);
  object.word("action", event.action, action_from, kActionWords);
  object.text("eventID", event.event_id);
  object.need("eventTime", "when it happened, with the offset of the place");
  std::optional<Moment> time;
  object.moment("eventTime", time);
  event.event_time = time.value_or(Moment{});
  read_error_declaration(object, event);
}

void read_what(ObjectReader& object, TraceEvent& event) {
  object.list("objects", event.objects, limits::kCodesPerEventMax, read_item);
  object.code("parent", event.parent);
  object.list("children", event.children, limits::kCodesPerEventMax, read_item);
  object.list("inputs", event.inputs, limits::kCodesPerEventMax, read_item);
  object.list("outputs", event.outputs, limits::kCodesPerEventMax, read_item);
  object.list("losses", event.losses, limits::kListMax, read_loss);
  object.text("transformationID", event.transformation_id);
  object.code("lot", event.lot);
  object.boolean("wholeLot", event.whole_lot);
}

void read_why(ObjectReader& object, TraceEvent& event) {
  object.place("readPoint", event.read_point);
  object.place("bizLocation", event.biz_location);
  object.text("step", event.step);
  object.text("disposition", event.disposition);
  if (const auto value = object.find("persistentDisposition")) {
    ObjectReader inner(*value, "persistentDisposition", object.faults());
    inner.texts("set", event.persistent_set, limits::kListMax);
    inner.texts("unset", event.persistent_unset, limits::kListMax);
    inner.finish();
  }
  object.list("transactions", event.transactions, limits::kListMax, read_reference);
  read_custody(object, event);
  object.text("result", event.result);
  object.text("confirms", event.confirms);
}

}  // namespace

Result<JsonEvent> parse_event_json(std::string_view text) {
  SUYUAN_TRY(document, parse_json(text));
  FirstFault faults;
  JsonEvent out;
  TraceEvent& event = out.event;
  ObjectReader object(document.root(), "", faults);
  read_head(object, event);
  read_what(object, event);
  read_why(object, event);
  object.list("sensors", event.sensors, limits::kListMax, read_sensor);
  object.list("documents", event.documents, limits::kListMax, read_document);
  object.texts("certifications", event.certifications, limits::kListMax);
  object.tree("ilmd", event.ilmd);
  object.tree("extensions", event.extensions);
  object.list("sealed", out.sealed, limits::kSectionsPerEventMax, read_section);
  if (object.find("sections")) {
    faults.add(Code::INVALID_FIELD, "sections",
               "digests are computed when the event is signed: write the content under sealed");
  }
  object.finish();
  if (faults.any()) return faults.take();
  return out;
}

}  // namespace suyuan
