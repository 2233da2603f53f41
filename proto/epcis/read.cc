// Values, each with one form, and the entry point: from the payload's bytes.
#include "proto/epcis/read.h"

#include "ledger/base/control.h"
#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "ledger/event/codes_of.h"
#include "ledger/event/validate.h"
#include "ledger/event/vocabulary.h"
#include "proto/epcis/epcis.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/texts.h"

namespace suyuan {
namespace ld {
namespace {

// Names that the registry gives.
constexpr std::string_view kRegistry = "urn:suyuan:";

// Measurement types and alerts, under any name space that the prefix gs1 may mean.
std::string with_main_space(std::string uri) {
  constexpr std::string_view kMain = "https://ref.gs1.org/voc/";
  for (const std::string_view other :
       {"https://gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/"}) {
    if (uri.starts_with(other)) return std::string(kMain) + uri.substr(other.size());
  }
  return uri;
}

// Added to the words of CBV 2.0, which are read first: only names unlike any of them.
bool looks_like_cbv(std::string_view uri) {
  constexpr std::string_view kMain = "https://ref.gs1.org/cbv/";
  if (begins_with(uri, "urn:epcglobal:cbv:")) return true;
  if (!uri.starts_with(kMain)) return is_under_gs1(uri, "cbv/");
  const std::string_view name = uri.substr(kMain.size());
  if (name.find('%') != std::string_view::npos) return true;
  for (const std::string_view kind : {"bizstep-", "disp-", "btt-", "sdt-", "er-", "comp-"}) {
    if (begins_with(name, kind)) return true;
  }
  return false;
}

std::string kind_words(JsonValue value) {
  switch (value.kind()) {
    case NodeKind::object: return "an object";
    case NodeKind::array: return "an array";
    case NodeKind::null: return "null";
    case NodeKind::text: return value.value().empty() ? "an empty text" : quoted(value.value());
    case NodeKind::number:
    case NodeKind::boolean: break;
  }
  return value.value();
}

}  // namespace

std::string EventReader::text(JsonValue value, const At& at) {
  if (value.kind() == NodeKind::text && !value.value().empty()) return value.value();
  faults_.add(Code::INVALID_FIELD, at, kind_words(value) + "; expected a text");
  return {};
}

std::string EventReader::uri(JsonValue value, const At& at) {
  if (value.kind() != NodeKind::text || !is_uri_shaped(value.value())) {
    faults_.add(Code::INVALID_FIELD, at,
                kind_words(value) + "; expected a URI, such as \"urn:uuid:...\", \"https://...\" "
                                    "or \"prefix:name\"");
    return {};
  }
  std::string whole = context_.expand(value.value());
  if (is_uri(whole)) return whole;
  faults_.add(Code::TOO_LARGE, at, "a URI has at most " + std::to_string(limits::kCodeBytesMax) +
                                       " bytes, this one " + std::to_string(whole.size()));
  return {};
}

std::string EventReader::word(Vocabulary vocabulary, JsonValue value, const At& at) {
  const VocabularyRow& row = row_of(vocabulary);
  const auto refuse = [&](std::string why) {
    faults_.add(Code::INVALID_FIELD, at, std::move(why));
    return std::string();
  };
  const std::string sent = text(value, at);
  if (sent.empty() || has_word(vocabulary, sent)) return sent;
  if (sent.find(':') == std::string::npos) {
    return refuse(quoted(sent) + " is no " + std::string(row.what) +
                  " of CBV 2.0; a word of your own is a URI or \"prefix:name\"");
  }
  std::string whole = uri(value, at);
  const bool measured = vocabulary == Vocabulary::measurement || vocabulary == Vocabulary::alert;
  if (measured) whole = with_main_space(std::move(whole));
  for (const auto space : {row.web, row.web_old, row.urn, row.own}) {
    if (space.empty() || !whole.starts_with(space)) continue;
    std::string bare = whole.substr(space.size());
    const bool own = space == row.own;
    if (has_word(vocabulary, bare) != own && (!own || is_word(bare))) return bare;
    if (own && has_word(vocabulary, bare)) {
      return refuse(quoted(sent) + " is a word of CBV 2.0; write \"" + bare + "\"");
    }
    if (own && vocabulary == Vocabulary::measurement && is_measurement_word(bare)) return bare;
    return refuse(quoted(sent) + " is no " + std::string(row.what) +
                  " of CBV 2.0; a word of your own is a URI in a name space of your own");
  }
  // In any case of letters: what looks like a word of the standard is one, or is refused.
  if (looks_like_cbv(whole) ||
      (measured && is_under_gs1(whole, "voc/")) || begins_with(whole, kOwnPrefix)) {
    return refuse(quoted(sent) + " is no " + std::string(row.what) + " of CBV 2.0 or the ledger");
  }
  return whole;
}

std::string EventReader::code(JsonValue value, const At& at) {
  const std::string whole = uri(value, at);
  if (whole.empty()) return {};
  auto parsed = parse_code(whole);
  if (!parsed) {
    faults_.add(parsed.error().code, at, parsed.error().message);
    return {};
  }
  return parsed->text();
}

std::string EventReader::named(Vocabulary types, JsonValue value, const At& at) {
  std::string whole = uri(value, at);
  if (whole.empty()) return whole;
  if (!begins_with(whole, kOwnPrefix)) {
    if (begins_with(whole, kRegistry) && !whole.starts_with(kRegistry)) {
      faults_.add(Code::INVALID_FIELD, at, quoted(whole) + "; write urn:suyuan: in lower case");
    }
    const auto parsed = parse_code(whole);
    // A plain EPC names no party and no document of GS1's: like any other URI, it is as written.
    return parsed && !is_plain_epc(parsed->text()) ? parsed->text() : whole;
  }
  const bool party = types == Vocabulary::party_type;
  if (party && whole == kConsumerUri) return std::string(kConsumer);
  if (!party && whole == kNoTransaction) return {};
  auto text = text_in_uri(whole);
  if (text && !(party && *text == kConsumer)) return *std::move(text);
  faults_.add(Code::INVALID_FIELD, at, quoted(whole) + " is not a name of the ledger's that can be "
                                                       "used here (docs/epcis.md)");
  return {};
}

std::string EventReader::device(JsonValue value, const At& at) {
  std::string whole = uri(value, at);
  if (!begins_with(whole, kOwnPrefix)) return whole;
  if (auto text = text_in_uri(whole)) return *std::move(text);
  faults_.add(Code::INVALID_FIELD, at, quoted(whole) + " names no device");
  return {};
}

std::optional<Moment> EventReader::time(JsonValue value, const At& at) {
  if (value.kind() == NodeKind::text) {
    if (const auto moment = from_rfc3339(value.value())) return moment;
  }
  faults_.add(Code::INVALID_FIELD, at,
              kind_words(value) + "; expected a time with its offset, such as "
                                  "\"2026-06-02T05:30:00.000+12:00\"");
  return std::nullopt;
}

bool EventReader::is_object(JsonValue value, const At& at) {
  if (value.kind() == NodeKind::object) return true;
  faults_.add(Code::INVALID_FIELD, at, kind_words(value) + "; expected an object");
  return false;
}

bool EventReader::is_list(JsonValue value, const At& at, size_t max) {
  if (value.kind() != NodeKind::array) {
    faults_.add(Code::INVALID_FIELD, at, kind_words(value) + "; expected an array");
    return false;
  }
  const size_t size = value.size();
  if (size <= max) return true;
  faults_.add(Code::TOO_MANY, at,
              std::to_string(size) + " entries; at most " + std::to_string(max));
  return false;
}

void EventReader::needs(bool there, const At& at, std::string why) {
  if (!there) faults_.add(Code::MISSING_FIELD, at, std::move(why));
}

void EventReader::no_such_member(std::string_view member, const At& at, std::string_view where) {
  faults_.add(Code::INVALID_FIELD, at,
              "EPCIS 2.0 has no " + quoted(member) + " in " + std::string(where) +
                  "; a field of your own is named by a URI or \"prefix:name\"");
}

bool EventReader::is_free(std::string_view member, const At& at, std::string_view where) {
  if (!is_uri_shaped(member)) {
    no_such_member(member, at, where);
    return false;
  }
  auto why = context_.name_fault(member);
  if (why.empty()) return true;
  faults_.add(Code::INVALID_FIELD, at, quoted(member) + ": " + why);
  return false;
}

namespace {

// U+FDD0 to FDEF and the last two code points of each plane, which I-JSON forbids (RFC 7493 2.1).
bool has_noncharacter(std::string_view text) {
  const auto byte = [text](size_t at) { return static_cast<uint8_t>(text[at]); };
  for (size_t i = 0; i + 2 < text.size(); ++i) {
    if (byte(i) == 0xEF && byte(i + 1) == 0xB7 && byte(i + 2) >= 0x90 && byte(i + 2) <= 0xAF) {
      return true;
    }
    // EF BF BE, EF BF BF; in higher planes, F0 to F4 followed as in F0 9F BF BE.
    const bool last = byte(i + 1) == 0xBF && byte(i + 2) >= 0xBE;
    const bool above = i > 0 && byte(i - 1) >= 0xF0 && (byte(i) & 0x0FU) == 0x0F;
    if (last && (above || byte(i) == 0xEF)) return true;
  }
  return false;
}

// Checks lengths and characters of all names, texts and numbers, at any depth.
void check_texts(const JsonNode& node, Faults& faults) {
  const auto check = [&](std::string_view text, std::string_view what) {
    if (text.size() > limits::kTextBytesMax) {
      return faults.add(Code::TOO_LARGE, kEvent,
                        std::string(what) + " of " + std::to_string(text.size()) +
                            " bytes; at most " + std::to_string(limits::kTextBytesMax));
    }
    if (auto fault = control_fault(text); !fault.empty()) {
      faults.add(Code::INVALID_FIELD, kEvent, std::string(what) + ": " + fault);
    }
    if (has_noncharacter(text)) {
      faults.add(Code::BAD_TEXT, kEvent,
                 std::string(what) + " holds a code point that is not a character (RFC 7493 2.1)");
    }
  };
  check(node.name, "a name");
  check(node.value, "a value");
  if (node.kind == NodeKind::number && !is_json_number(node.value)) {
    faults.add(Code::INVALID_FIELD, kEvent,
               "a number has at most 64 characters, and its exponent four digits");
  }
}

}  // namespace

Results<ParsedEvent> parse_event(BytesView payload) {
  if (payload.size() > limits::kPayloadBytesMax) {
    return Unexpected(Errors{{.code = Code::TOO_LARGE,
                              .message = "found a payload of " + std::to_string(payload.size()) +
                                         " bytes, at most " +
                                         std::to_string(limits::kPayloadBytesMax)}});
  }
  auto document = parse_json(payload, {.bytes = limits::kPayloadBytesMax,
                                       .values = limits::kEpcisValuesMax,
                                       .depth = kEpcisDepthMax});
  if (!document) {
    Error error = std::move(document).error();
    if (error.code == Code::BAD_REQUEST || error.code == Code::INVALID_FIELD) {
      error.code = Code::MALFORMED_EVENT;
    }
    error.field.clear();
    return Unexpected(Errors{std::move(error)});
  }
  Faults faults;
  ParsedEvent parsed{.event = {}, .origins = {}, .document = *std::move(document), .context = {}};
  for (const JsonNode& node : parsed.document.nodes()) check_texts(node, faults);
  const JsonValue root = parsed.document.root();
  if (root.kind() != NodeKind::object) {
    faults.add(Code::MALFORMED_EVENT, kEvent, "a payload is one EPCIS event: a JSON object");
    return Unexpected(faults.take());
  }
  bool found = false;
  for (const JsonValue member : root) {
    if (member.name() != "@context") continue;
    found = true;
    parsed.context.add(member, kEvent.member("@context"), faults);
  }
  if (!found || !parsed.context.has_standard()) {
    faults.add(found ? Code::INVALID_FIELD : Code::MISSING_FIELD, kEvent.member("@context"),
               "an event names the context of EPCIS 2.0: "
               "\"https://ref.gs1.org/standards/epcis/epcis-context.jsonld\"");
  }
  if (!faults.any()) {
    EventReader(parsed.context, faults, parsed.event, parsed.origins).read(root);
  }
  if (faults.any()) return Unexpected(faults.take());
  return parsed;
}

Results<ParsedEvent> parse_event_checked(BytesView payload) {
  auto parsed = parse_event(payload);
  if (!parsed) return parsed;
  Errors errors = faults_of(parsed->event);
  for (Error& error : errors) error.field = pointer_of(parsed->origins, error.field);
  if (!errors.empty()) return Unexpected(std::move(errors));
  return parsed;
}

}  // namespace ld

Result<TraceEvent> decode_epcis(BytesView payload) {
  auto parsed = ld::parse_event(payload);
  if (!parsed) return Unexpected(std::move(parsed).error().front());
  return std::move(parsed->event);
}

Results<TraceEvent> check_epcis(BytesView payload) {
  auto parsed = ld::parse_event_checked(payload);
  if (!parsed) return Unexpected(std::move(parsed).error());
  return std::move(parsed->event);
}

std::string epcis_pointer(BytesView payload, std::string_view field) {
  if (field.empty() || field.starts_with('/')) return std::string(field);
  const auto parsed = ld::parse_event(payload);
  return parsed ? ld::pointer_of(parsed->origins, field) : std::string();
}

}  // namespace suyuan
