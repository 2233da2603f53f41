#include "proto/epcis/write.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/terms.h"
#include "proto/epcis/texts.h"
#include "proto/epcis/writing.h"
#include "proto/jsontext/document.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace ld {
namespace {

constexpr std::string_view kContext = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld";

// A time in EPCIS: the instant, and the offset of the place next to it.
std::string offset_text(int16_t minutes) {
  const int size = minutes < 0 ? -minutes : minutes;
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return (minutes < 0 ? "-" : "+") + two(size / 60) + ":" + two(size % 60);
}

bool is_class(std::string_view code) {
  const auto parsed = parse_code(code);
  return parsed && (parsed->type() == CodeType::gtin_class || parsed->type() == CodeType::lot ||
                    parsed->type() == CodeType::variant);
}

}  // namespace

std::string own(std::string_view term) { return std::string(kOwnPrefix) + std::string(term); }

std::string spelled(Vocabulary vocabulary, std::string_view word) {
  const bool known = has_word(vocabulary, word) || word.find(':') != std::string_view::npos;
  return (known ? std::string() : std::string(row_of(vocabulary).own)) + std::string(word);
}

void Writing::identity(std::optional<int64_t> record_time_ms) {
  out_.field("@context", kContext);
  out_.field("type", type_name(event_.type));
  out_.field("eventID", event_.event_id);
  out_.field("eventTime", to_rfc3339(event_.event_time));
  out_.field("eventTimeZoneOffset", offset_text(event_.event_time.offset_minutes));
  if (record_time_ms) {
    out_.field("recordTime", to_rfc3339({.ms = *record_time_ms, .offset_minutes = 0}));
  }
  out_.field(own("kind"), word(event_.kind));
  out_.field(own("audience"), word(event_.audience));
  out_.field("action", word(event_.action));
  out_.field("certificationInfo", event_.certifications);
  error();
}

void Writing::error() {
  if (!event_.error) return;
  out_.key("errorDeclaration");
  out_.begin_object();
  out_.field("declarationTime", to_rfc3339(event_.error->declared));
  if (!event_.error->reason.empty()) {
    out_.field("reason", spelled(Vocabulary::error_reason, event_.error->reason));
  }
  out_.field("correctiveEventIDs", event_.error->corrective_event_ids);
  out_.end_object();
}

void Writing::items(std::string_view epcs, std::string_view quantities,
                    const std::vector<Item>& list) {
  std::vector<std::string> single;
  std::vector<const Item*> counted;
  for (const Item& item : list) {
    if (item.quantity || is_class(item.code)) {
      counted.push_back(&item);
    } else {
      single.push_back(item.code);
    }
  }
  out_.field(epcs, single);
  if (counted.empty()) return;
  out_.key(quantities);
  out_.begin_array();
  for (const Item* item : counted) {
    out_.begin_object();
    out_.field("epcClass", item->code);
    number("quantity", item->quantity);
    out_.field("uom", item->uom);
    out_.end_object();
  }
  out_.end_array();
}

// Its objects are the codes under which an event without things is kept: rules.cc, name_place.
bool Writing::names_itself() const {
  const auto is_counted = [](const Item& item) { return item.quantity.has_value(); };
  if (!event_.parent.empty() || std::ranges::any_of(event_.objects, is_counted)) return false;
  std::vector<std::string> codes;
  if (event_.type == EventType::transaction) {
    for (const Reference& paper : event_.transactions) {
      const auto parsed = parse_code(paper.id);
      if (parsed && parsed->text() == paper.id && !is_plain_epc(paper.id))
        codes.push_back(paper.id);
    }
  }
  const auto& place = event_.read_point.empty() ? event_.biz_location : event_.read_point;
  if (codes.empty() && !place.empty()) codes.push_back(place);
  return std::ranges::equal(event_.objects, codes, {}, &Item::code);
}

void Writing::objects() {
  if (event_.type != EventType::object && event_.type != EventType::transaction) return;
  if (event_.objects.empty() || names_itself()) {
    out_.key("epcList");
    out_.begin_array();
    return out_.end_array();
  }
  items("epcList", "quantityList", event_.objects);
}

void Writing::what() {
  objects();
  out_.field("parentID", event_.parent);
  items("childEPCs", "childQuantityList", event_.children);
  items("inputEPCList", "inputQuantityList", event_.inputs);
  items("outputEPCList", "outputQuantityList", event_.outputs);
  out_.field("transformationID", event_.transformation_id);
}

void Writing::place(std::string_view name, const std::string& code) {
  if (code.empty()) return;
  out_.key(name);
  out_.begin_object();
  out_.field("id", code);
  out_.end_object();
}

void Writing::words(std::string_view name, const std::vector<std::string>& list) {
  std::vector<std::string> spelt;
  for (const auto& one : list) spelt.push_back(spelled(Vocabulary::disposition, one));
  out_.field(name, spelt);
}

void Writing::persistent() {
  if (event_.persistent_set.empty() && event_.persistent_unset.empty()) return;
  const bool has_member = event_.type == EventType::object ||
                          event_.type == EventType::transformation;
  out_.key(has_member ? "persistentDisposition" : own("persistentDisposition"));
  out_.begin_object();
  words("set", event_.persistent_set);
  words("unset", event_.persistent_unset);
  out_.end_object();
}

void Writing::references(std::string_view list, std::string_view id, Vocabulary types,
                         const std::vector<Reference>& references) {
  const bool needed = types == Vocabulary::transaction_type &&
                      event_.type == EventType::transaction;
  if (references.empty() && !needed) return;
  out_.key(list);
  out_.begin_array();
  for (const Reference& one : references) {
    out_.begin_object();
    if (!one.type.empty()) out_.field("type", spelled(types, one.type));
    const bool consumer = types == Vocabulary::party_type && one.id == kConsumer;
    out_.field(id, consumer ? std::string(kConsumerUri) : uri_of_text(one.id));
    out_.end_object();
  }
  if (references.empty()) {
    out_.begin_object();
    out_.field(id, kNoTransaction);
    out_.end_object();
  }
  out_.end_array();
}

void Writing::why() {
  if (!event_.step.empty()) out_.field("bizStep", spelled(Vocabulary::biz_step, event_.step));
  if (!event_.disposition.empty()) {
    out_.field("disposition", spelled(Vocabulary::disposition, event_.disposition));
  }
  persistent();
  place("readPoint", event_.read_point);
  place("bizLocation", event_.biz_location);
  references("bizTransactionList", "bizTransaction", Vocabulary::transaction_type,
             event_.transactions);
  references("sourceList", "source", Vocabulary::party_type, event_.sources);
  references("destinationList", "destination", Vocabulary::party_type, event_.destinations);
}

std::string Writing::run(std::optional<int64_t> record_time_ms) {
  out_.begin_object();
  identity(record_time_ms);
  what();
  why();
  sensors();
  trees();
  beyond();
  out_.end_object();
  return std::move(out_).str();
}

}  // namespace ld

std::string write_epcis(const TraceEvent& event, std::optional<int64_t> record_time_ms) {
  return ld::Writing(event).run(record_time_ms);
}

Result<std::string> with_record_time(BytesView payload, int64_t record_time_ms) {
  SUYUAN_TRY(document, parse_json(payload, {.bytes = limits::kPayloadBytesMax,
                                            .values = limits::kEpcisValuesMax}));
  JsonWriter out;
  out.begin_object();
  const std::string time = to_rfc3339({.ms = record_time_ms, .offset_minutes = 0});
  bool set = false;
  for (const JsonValue member : document.root()) {
    out.key(member.name());
    if (member.name() == "recordTime") {
      out.text(time);
      set = true;
    } else {
      out.value(member);
    }
  }
  if (!set) out.field("recordTime", time);
  out.end_object();
  return std::move(out).str();
}

}  // namespace suyuan
