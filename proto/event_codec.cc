#include "proto/event_codec.h"

#include "proto/payload.h"
#include "proto/writing.h"

namespace suyuan {
namespace {

// The wire's choices are cast to the value's: both must list the same ones in the same order.
template <class Wire, class Value>
constexpr bool same(Wire wire, Value value) {
  return static_cast<uint16_t>(wire) == static_cast<uint16_t>(value);
}
static_assert(same(wire::EventType::ASSOCIATION, EventType::association));
static_assert(same(wire::Kind::INSPECTION, Kind::inspection));
static_assert(same(wire::Action::REMOVE, Action::remove));
static_assert(same(wire::NodeKind::NULL_, NodeKind::null));
static_assert(same(wire::Audience::MARKET_SUPERVISION, Audience::market_supervision));

}  // namespace

// read and write are found by argument-dependent lookup (from Reading::list and put), so they are
// outside an anonymous namespace.

void read(Reading& in, wire::Item::Reader from, Item& to) {
  in.text(from.getCode(), "code", to.code);
  if (from.hasQuantity()) in.decimal(from.getQuantity(), "quantity", to.quantity.emplace());
  in.text(from.getUom(), "uom", to.uom);
  if (from.hasNetKg()) in.decimal(from.getNetKg(), "netKg", to.net_kg.emplace());
}

void write(const Item& item, wire::Item::Builder to) {
  using To = wire::Item::Builder;
  put(to, &To::setCode, item.code);
  put(to, &To::initQuantity, item.quantity);
  put(to, &To::setUom, item.uom);
  put(to, &To::initNetKg, item.net_kg);
}

void read(Reading& in, wire::Loss::Reader from, Loss& to) {
  in.text(from.getReason(), "reason", to.reason);
  if (!from.hasQuantity()) return in.refuse(Code::MISSING_FIELD, "quantity", "a loss needs it");
  in.decimal(from.getQuantity(), "quantity", to.quantity);
  in.text(from.getUom(), "uom", to.uom);
}

void write(const Loss& loss, wire::Loss::Builder to) {
  using To = wire::Loss::Builder;
  put(to, &To::setReason, loss.reason);
  write(loss.quantity, to.initQuantity());
  put(to, &To::setUom, loss.uom);
}

void read(Reading& in, wire::Reference::Reader from, Reference& to) {
  in.text(from.getType(), "type", to.type);
  in.text(from.getId(), "id", to.id);
}

void write(const Reference& reference, wire::Reference::Builder to) {
  using To = wire::Reference::Builder;
  put(to, &To::setType, reference.type);
  put(to, &To::setId, reference.id);
}

void read(Reading& in, wire::Document::Reader from, Document& to) {
  in.text(from.getNumber(), "number", to.number);
  in.text(from.getType(), "type", to.type);
  if (from.hasSha256()) in.fixed(from.getSha256(), "sha256", to.sha256.emplace());
  to.size = from.getSize();
  in.text(from.getMediaType(), "mediaType", to.media_type);
  in.text(from.getIssuer(), "issuer", to.issuer);
}

void write(const Document& document, wire::Document::Builder to) {
  using To = wire::Document::Builder;
  put(to, &To::setNumber, document.number);
  put(to, &To::setType, document.type);
  if (document.sha256) to.setSha256(data_reader(document.sha256->view()));
  to.setSize(document.size);
  put(to, &To::setMediaType, document.media_type);
  put(to, &To::setIssuer, document.issuer);
}

void read(Reading& in, wire::TreeNode::Reader from, TreeNode& to) {
  to.depth = from.getDepth();
  in.choice(from.getKind(), NodeKind::null, "kind", to.kind);
  in.text(from.getName(), "name", to.name);
  in.text(from.getValue(), "value", to.value);
}

void write(const TreeNode& node, wire::TreeNode::Builder to) {
  using To = wire::TreeNode::Builder;
  to.setDepth(node.depth);
  to.setKind(static_cast<wire::NodeKind>(node.kind));
  put(to, &To::setName, node.name);
  put(to, &To::setValue, node.value);
}

void read(Reading& in, wire::SensorReport::Reader from, SensorReport& to) {
  in.text(from.getType(), "type", to.type);
  if (from.hasValue()) in.decimal(from.getValue(), "value", to.value.emplace());
  if (from.hasMinValue()) in.decimal(from.getMinValue(), "minValue", to.min_value.emplace());
  if (from.hasMaxValue()) in.decimal(from.getMaxValue(), "maxValue", to.max_value.emplace());
  if (from.hasMeanValue()) in.decimal(from.getMeanValue(), "meanValue", to.mean_value.emplace());
  in.text(from.getUom(), "uom", to.uom);
  in.text(from.getDeviceId(), "deviceId", to.device_id);
  in.text(from.getException(), "exception", to.exception);
  if (from.hasTime()) {
    const auto time = from.getTime();
    in.moment(time.getMs(), time.getOffset(), "time", to.time.emplace());
  }
  in.list(from.getOther(), "other", limits::kTreeNodesMax, to.other);
}

void write(const SensorReport& report, wire::SensorReport::Builder to) {
  using To = wire::SensorReport::Builder;
  put(to, &To::setType, report.type);
  put(to, &To::initValue, report.value);
  put(to, &To::initMinValue, report.min_value);
  put(to, &To::initMaxValue, report.max_value);
  put(to, &To::initMeanValue, report.mean_value);
  put(to, &To::setUom, report.uom);
  put(to, &To::setDeviceId, report.device_id);
  put(to, &To::setException, report.exception);
  put(to, &To::initTime, report.time);
  put(to, &To::initOther, report.other);
}

void read(Reading& in, wire::SensorElement::Reader from, SensorElement& to) {
  in.list(from.getMetadata(), "metadata", limits::kTreeNodesMax, to.metadata);
  in.list(from.getReports(), "reports", to.reports);
}

void write(const SensorElement& element, wire::SensorElement::Builder to) {
  put(to, &wire::SensorElement::Builder::initMetadata, element.metadata);
  put(to, &wire::SensorElement::Builder::initReports, element.reports);
}

void read(Reading& in, wire::ErrorDeclaration::Reader from, ErrorDeclaration& to) {
  in.moment(from.getDeclared(), from.getDeclaredOffset(), "declared", to.declared);
  in.text(from.getReason(), "reason", to.reason);
  in.words(from.getCorrectiveIds(), "correctiveIds", to.corrective_event_ids);
}

void write(const ErrorDeclaration& error, wire::ErrorDeclaration::Builder to) {
  to.setDeclared(error.declared.ms);
  to.setDeclaredOffset(error.declared.offset_minutes);
  put(to, &wire::ErrorDeclaration::Builder::setReason, error.reason);
  put(to, &wire::ErrorDeclaration::Builder::initCorrectiveIds, error.corrective_event_ids);
}

void read(Reading& in, wire::SectionRef::Reader from, SectionRef& to) {
  in.fixed(from.getDigest(), "digest", to.digest);
  in.choice(from.getAudience(), Audience::market_supervision, "audience", to.audience);
  in.text(from.getLabel(), "label", to.label);
}

void write(const SectionRef& section, wire::SectionRef::Builder to) {
  to.setDigest(data_reader(section.digest.view()));
  to.setAudience(static_cast<wire::Audience>(section.audience));
  put(to, &wire::SectionRef::Builder::setLabel, section.label);
}

namespace {

void read_what(Reading& in, wire::TraceEvent::Reader from, TraceEvent& to) {
  in.list(from.getObjects(), "objects", limits::kCodesPerEventMax, to.objects);
  in.text(from.getParent(), "parent", to.parent);
  in.list(from.getChildren(), "children", limits::kCodesPerEventMax, to.children);
  in.list(from.getInputs(), "inputs", limits::kCodesPerEventMax, to.inputs);
  in.list(from.getOutputs(), "outputs", limits::kCodesPerEventMax, to.outputs);
  in.list(from.getLosses(), "losses", to.losses);
  in.text(from.getTransformationId(), "transformationId", to.transformation_id);
  in.text(from.getLot(), "lot", to.lot);
  to.whole_lot = from.getWholeLot();
}

void read_where_and_why(Reading& in, wire::TraceEvent::Reader from, TraceEvent& to) {
  in.text(from.getReadPoint(), "readPoint", to.read_point);
  in.text(from.getBizLocation(), "bizLocation", to.biz_location);
  in.text(from.getStep(), "step", to.step);
  in.text(from.getDisposition(), "disposition", to.disposition);
  in.words(from.getPersistentSet(), "persistentSet", to.persistent_set);
  in.words(from.getPersistentUnset(), "persistentUnset", to.persistent_unset);
  in.list(from.getTransactions(), "transactions", to.transactions);
  in.list(from.getSources(), "sources", to.sources);
  in.list(from.getDestinations(), "destinations", to.destinations);
  in.text(from.getResult(), "result", to.result);
  in.text(from.getConfirms(), "confirms", to.confirms);
}

}  // namespace

void read(Reading& in, wire::TraceEvent::Reader from, TraceEvent& to) {
  in.choice(from.getType(), EventType::association, "type", to.type);
  in.choice(from.getKind(), Kind::inspection, "kind", to.kind);
  in.choice(from.getAction(), Action::remove, "action", to.action);
  in.text(from.getEventId(), "eventId", to.event_id);
  in.moment(from.getEventTime(), from.getEventOffset(), "eventTime", to.event_time);
  if (from.hasError()) {
    const Reading::Step step(in, "error");
    read(in, from.getError(), to.error.emplace());
  }
  read_what(in, from, to);
  read_where_and_why(in, from, to);
  in.list(from.getSensors(), "sensors", to.sensors);
  in.list(from.getDocuments(), "documents", to.documents);
  in.words(from.getCertifications(), "certifications", to.certifications);
  in.list(from.getIlmd(), "ilmd", limits::kTreeNodesMax, to.ilmd);
  in.list(from.getExtensions(), "extensions", limits::kTreeNodesMax, to.extensions);
  in.list(from.getSections(), "sections", limits::kSectionsPerEventMax, to.sections);
}

void write(const TraceEvent& event, wire::TraceEvent::Builder to) {
  using To = wire::TraceEvent::Builder;
  to.setType(static_cast<wire::EventType>(event.type));
  to.setKind(static_cast<wire::Kind>(event.kind));
  to.setAction(static_cast<wire::Action>(event.action));
  to.setEventTime(event.event_time.ms);
  to.setEventOffset(event.event_time.offset_minutes);
  put(to, &To::setEventId, event.event_id);
  put(to, &To::initError, event.error);

  put(to, &To::initObjects, event.objects);
  put(to, &To::setParent, event.parent);
  put(to, &To::initChildren, event.children);
  put(to, &To::initInputs, event.inputs);
  put(to, &To::initOutputs, event.outputs);
  put(to, &To::initLosses, event.losses);
  put(to, &To::setTransformationId, event.transformation_id);
  put(to, &To::setLot, event.lot);
  to.setWholeLot(event.whole_lot);

  put(to, &To::setReadPoint, event.read_point);
  put(to, &To::setBizLocation, event.biz_location);
  put(to, &To::setStep, event.step);
  put(to, &To::setDisposition, event.disposition);
  put(to, &To::initPersistentSet, event.persistent_set);
  put(to, &To::initPersistentUnset, event.persistent_unset);
  put(to, &To::initTransactions, event.transactions);
  put(to, &To::initSources, event.sources);
  put(to, &To::initDestinations, event.destinations);
  put(to, &To::setResult, event.result);
  put(to, &To::setConfirms, event.confirms);

  put(to, &To::initSensors, event.sensors);
  put(to, &To::initDocuments, event.documents);
  put(to, &To::initCertifications, event.certifications);
  put(to, &To::initIlmd, event.ilmd);
  put(to, &To::initExtensions, event.extensions);
  put(to, &To::initSections, event.sections);
}

Result<TraceEvent> decode_event(BytesView payload) {
  return decode_payload<wire::TraceEvent, TraceEvent>(payload);
}

Bytes encode_event(const TraceEvent& event) { return encode_payload<wire::TraceEvent>(event); }

}  // namespace suyuan
