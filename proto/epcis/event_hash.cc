#include "proto/epcis/event_hash.h"

#include <algorithm>
#include <span>
#include <vector>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/crypto/hash.h"
#include "proto/epcis/context.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/terms.h"
#include "proto/jsontext/document.h"

namespace suyuan {
namespace ld {
namespace {

constexpr std::string_view kComment = "http://www.w3.org/2000/01/rdf-schema#comment";
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kCanonicalLink = "https://id.gs1.org/";

enum class Shape : uint8_t {
  text, time, verbatim, step, disposition, epcs, quantities, persistent, place, references, sensors,
  tree, measurement, alert, component
};
struct Piece {
  std::string_view name;
  Shape shape;
};
// The order of CBV 8.9's reference implementation; docs/epcis.md says where others differ.
constexpr Piece kEventOrder[] = {
    {"eventTime", Shape::time},
    {"eventTimeZoneOffset", Shape::verbatim},
    {"certificationInfo", Shape::text},
    {"parentID", Shape::text},
    {"epcList", Shape::epcs},
    {"inputEPCList", Shape::epcs},
    {"childEPCs", Shape::epcs},
    {"quantityList", Shape::quantities},
    {"childQuantityList", Shape::quantities},
    {"inputQuantityList", Shape::quantities},
    {"outputEPCList", Shape::epcs},
    {"outputQuantityList", Shape::quantities},
    {"action", Shape::text},
    {"transformationID", Shape::text},
    {"bizStep", Shape::step},
    {"disposition", Shape::disposition},
    {"persistentDisposition", Shape::persistent},
    {"readPoint", Shape::place},
    {"bizLocation", Shape::place},
    {"sensorElementList", Shape::sensors},
    {"bizTransactionList", Shape::references},
    {"destinationList", Shape::references},
    {"ilmd", Shape::tree},
    {"sourceList", Shape::references}};
constexpr std::string_view kIgnored[] = {"@context", "type", "recordTime", "eventID",
                                         "errorDeclaration"};
constexpr Piece kMetadataOrder[] = {
    {"time", Shape::time},           {"startTime", Shape::time},
    {"endTime", Shape::time},        {"deviceID", Shape::text},
    {"deviceMetadata", Shape::text}, {"rawData", Shape::text},
    {"dataProcessingMethod", Shape::text}, {"bizRules", Shape::text}};
constexpr Piece kReportOrder[] = {
    {"type", Shape::measurement},   {"exception", Shape::alert},
    {"deviceID", Shape::text},      {"deviceMetadata", Shape::text},
    {"rawData", Shape::text},       {"dataProcessingMethod", Shape::text},
    {"bizRules", Shape::text},      {"time", Shape::time},
    {"microorganism", Shape::text}, {"chemicalSubstance", Shape::text},
    {"value", Shape::text},         {"component", Shape::component},
    {"stringValue", Shape::text},   {"booleanValue", Shape::text},
    {"hexBinaryValue", Shape::text}, {"uriValue", Shape::text},
    {"minValue", Shape::text},      {"maxValue", Shape::text},
    {"meanValue", Shape::text},     {"sDev", Shape::text},
    {"percRank", Shape::text},      {"percValue", Shape::text},
    {"uom", Shape::text},           {"coordinateReferenceSystem", Shape::text}};
constexpr Piece kQuantityOrder[] = {
    {"epcClass", Shape::text}, {"quantity", Shape::text}, {"uom", Shape::text}};

std::string trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

std::string joined(std::vector<std::string> pieces) {
  std::ranges::sort(pieces);
  std::string all;
  for (const auto& piece : pieces) all += piece;
  return all;
}

// In UTC, in milliseconds, rounded at the fourth decimal.
std::string time_text(std::string_view sent) {
  const auto moment = from_rfc3339(sent);
  if (!moment) return std::string(sent);
  int64_t ms = moment->ms;
  const size_t point = sent.find('.');
  constexpr size_t kFourth = 4;
  if (point != std::string_view::npos && sent.size() > point + kFourth &&
      sent[point + kFourth] >= '5' && sent[point + kFourth] <= '9') {
    ++ms;
  }
  std::string text = to_rfc3339({.ms = ms, .offset_minutes = 0});
  if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000");
  return text;
}

// A GS1 key on any host, or an EPC URN, in the form that events have: without its variant.
std::string link_text(const std::string& text) {
  const auto code = parse_code(text);
  if (!code || !code->text().starts_with(kCanonicalLink)) return text;
  if (code->type() == CodeType::variant) return code->class_of().value_or(code->text());
  return code->text();
}

bool is_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::ranges::count(text, '.') <= 1;
}

class Hashing {
 public:
  explicit Hashing(const Context& context) : context_(context) {}
  std::string event(JsonValue event) const;

 private:
  std::string value_text(JsonValue value) const;
  std::string word_text(Vocabulary vocabulary, JsonValue value) const;
  std::string piece(const Piece& piece, JsonValue value) const;
  std::string entries(std::string_view each, JsonValue list) const;
  std::string quantities(JsonValue list) const;
  std::string references(JsonValue list) const;
  std::string sensors(JsonValue list) const;
  std::string ordered(JsonValue object, std::span<const Piece> order) const;
  // Members that no order lists, sorted: one piece for each entry of an array.
  std::string rest(JsonValue object, std::span<const Piece> order) const;
  void free_piece(const std::string& key, JsonValue value, std::vector<std::string>& out) const;
  std::string key_text(std::string_view name) const;

  const Context& context_;
};

std::string Hashing::value_text(JsonValue value) const {
  std::string text = trimmed(value.value());
  if (value.kind() == NodeKind::number || is_number(text)) {
    const std::string_view digits = std::string_view(text).substr(text.starts_with('+') ? 1 : 0);
    if (const auto decimal = decimal_of(digits)) return decimal->to_text();
    return text;
  }
  if (value.kind() != NodeKind::text) return text;
  const std::string whole = context_.expand(text);
  for (const auto vocabulary : {Vocabulary::biz_step, Vocabulary::disposition,
                                Vocabulary::transaction_type, Vocabulary::party_type}) {
    const VocabularyRow& row = row_of(vocabulary);
    if (whole.starts_with(row.urn)) return std::string(row.web) + whole.substr(row.urn.size());
  }
  // Of values, only those in GS1's own name spaces are written in full.
  const bool standard = whole.starts_with("https://ref.gs1.org/") ||
                        whole.starts_with("https://gs1.org/");
  return standard ? whole : link_text(text);
}

std::string Hashing::word_text(Vocabulary vocabulary, JsonValue value) const {
  const std::string text = trimmed(value.value());
  const VocabularyRow& row = row_of(vocabulary);
  const bool measured = vocabulary == Vocabulary::measurement || vocabulary == Vocabulary::alert;
  const std::string_view space = measured ? row.web_old : row.web;
  if (has_word(vocabulary, text)) return std::string(space) + text;
  const std::string whole = context_.expand(text);
  for (const auto known : {row.web, row.web_old, row.urn}) {
    if (!known.empty() && whole.starts_with(known)) {
      return std::string(space) + whole.substr(known.size());
    }
  }
  return value_text(value);
}

std::string Hashing::key_text(std::string_view name) const {
  const size_t colon = name.find(':');
  const auto space = context_.space_of(name.substr(0, colon));
  if (colon == std::string_view::npos || !space) return std::string(name);
  return "{" + *space + "}" + std::string(name.substr(colon + 1));
}

std::string Hashing::entries(std::string_view each, JsonValue list) const {
  std::vector<std::string> pieces;
  for (const JsonValue entry : list) {
    const std::string text = value_text(entry);
    if (!text.empty()) pieces.push_back(std::string(each) + "=" + text);
  }
  return joined(std::move(pieces));
}

std::string Hashing::quantities(JsonValue list) const {
  std::vector<std::string> pieces;
  for (const JsonValue entry : list) {
    pieces.push_back("quantityElement" + ordered(entry, kQuantityOrder));
  }
  return joined(std::move(pieces));
}

std::string Hashing::references(JsonValue list) const {
  std::vector<std::string> pieces;
  for (const JsonValue entry : list) {
    std::string type, id;
    for (const JsonValue member : entry) {
      if (member.name() != "type") {
        id += member.name() + "=" + value_text(member);
        continue;
      }
      const std::string text = trimmed(member.value());
      const bool party = has_word(Vocabulary::party_type, text);
      type = "type=" + word_text(party ? Vocabulary::party_type : Vocabulary::transaction_type,
                                 member);
    }
    pieces.push_back(type + id);
  }
  return joined(std::move(pieces));
}

std::string Hashing::sensors(JsonValue list) const {
  std::vector<std::string> pieces;
  for (const JsonValue entry : list) {
    std::string piece = "sensorElement";
    if (const auto metadata = entry.find("sensorMetadata")) {
      piece += "sensorMetadata" + ordered(*metadata, kMetadataOrder) +
               rest(*metadata, kMetadataOrder);
    }
    std::vector<std::string> reports;
    if (const auto all = entry.find("sensorReport")) {
      for (const JsonValue report : *all) {
        reports.push_back("sensorReport" + ordered(report, kReportOrder) +
                          rest(report, kReportOrder));
      }
    }
    piece += joined(std::move(reports));
    constexpr Piece kElement[] = {{"sensorMetadata", Shape::tree}, {"sensorReport", Shape::tree}};
    pieces.push_back(piece + rest(entry, kElement));
  }
  return joined(std::move(pieces));
}

std::string Hashing::piece(const Piece& piece, JsonValue value) const {
  const std::string name(piece.name);
  const auto below = [&](const std::string& text) { return text.empty() ? text : name + text; };
  const auto is = [&](const std::string& text) { return text.empty() ? text : name + "=" + text; };
  switch (piece.shape) {
    case Shape::verbatim: return is(trimmed(value.value()));
    case Shape::time: return is(time_text(trimmed(value.value())));
    case Shape::step: return is(word_text(Vocabulary::biz_step, value));
    case Shape::disposition: return is(word_text(Vocabulary::disposition, value));
    case Shape::measurement: return is(word_text(Vocabulary::measurement, value));
    case Shape::alert: return is(word_text(Vocabulary::alert, value));
    case Shape::component: return is(word_text(Vocabulary::component, value));
    case Shape::epcs: return below(entries("epc", value));
    case Shape::quantities: return below(quantities(value));
    case Shape::references: return below(references(value));
    case Shape::sensors: return below(sensors(value));
    case Shape::place: {
      constexpr Piece kPlace[] = {{"id", Shape::text}};
      return below(ordered(value, kPlace) + rest(value, kPlace));
    }
    case Shape::persistent: {
      std::string all;
      for (const char* part : {"set", "unset"}) {
        std::vector<std::string> words;
        if (const auto list = value.find(part)) {
          for (const JsonValue entry : *list) {
            words.push_back(std::string(part) + "=" + word_text(Vocabulary::disposition, entry));
          }
        }
        all += joined(std::move(words));
      }
      return below(all);
    }
    case Shape::tree: return below(rest(value, {}));
    case Shape::text: break;
  }
  if (value.kind() == NodeKind::array) return entries(name, value);
  return is(value_text(value));
}

std::string Hashing::ordered(JsonValue object, std::span<const Piece> order) const {
  std::string all;
  for (const Piece& one : order) {
    if (const auto value = object.find(one.name)) all += piece(one, *value);
  }
  return all;
}

// The document's bound limits the depth.
void Hashing::free_piece(const std::string& key, JsonValue value,
                         std::vector<std::string>& out) const {
  if (value.kind() == NodeKind::array) {
    for (const JsonValue entry : value) free_piece(key, entry, out);
    return;
  }
  if (value.kind() == NodeKind::object) {
    out.push_back(key + rest(value, {}));
    return;
  }
  const std::string text = value_text(value);
  out.push_back(text.empty() ? key : key + "=" + text);
}

std::string Hashing::rest(JsonValue object, std::span<const Piece> order) const {
  std::vector<std::string> pieces;
  if (object.kind() != NodeKind::object) return {};
  for (const JsonValue member : object) {
    const std::string& name = member.name();
    if (std::ranges::find(order, name, &Piece::name) != order.end()) continue;
    if (name == "@context" || context_.expand(name) == kComment) continue;
    free_piece(key_text(name), member, pieces);
  }
  return joined(std::move(pieces));
}

std::string Hashing::event(JsonValue event) const {
  std::vector<Piece> known(std::begin(kEventOrder), std::end(kEventOrder));
  for (const auto name : kIgnored) known.push_back({name, Shape::text});
  const auto type = event.find("type");
  return "eventType=" + (type ? type->value() : std::string()) + ordered(event, kEventOrder) +
         rest(event, known);
}

}  // namespace
}  // namespace ld

Result<std::string> event_prehash(BytesView payload) {
  SUYUAN_TRY(document, parse_json(payload, {.bytes = limits::kPayloadBytesMax,
                                            .values = limits::kEpcisValuesMax}));
  const JsonValue event = document.root();
  if (event.kind() != NodeKind::object) {
    return fail(Code::MALFORMED_EVENT, "an event is a JSON object");
  }
  ld::Context context;
  ld::Faults faults;  // A context that is refused names no prefixes here.
  if (const auto found = event.find("@context")) {
    context.add(*found, ld::kEvent, faults);
  }
  return ld::Hashing(context).event(event);
}

Result<std::string> event_hash(BytesView payload) {
  SUYUAN_TRY(text, event_prehash(payload));
  return "ni:///sha-256;" + to_hex(sha256(BytesView(text)).view()) + "?ver=CBV2.0";
}

}  // namespace suyuan
