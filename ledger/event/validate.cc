#include "ledger/event/validate.h"

#include "ledger/base/control.h"
#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "ledger/event/validate_rules.h"
#include "ledger/event/vocabulary.h"

namespace suyuan {
namespace {

// 1900-01-01 to 9999-12-31, both in UTC: what RFC 3339 can write at every offset.
constexpr int64_t kMomentMsMin = -2'208'988'800'000;
constexpr int64_t kMomentMsMax = 253'402'214'399'999;
constexpr int16_t kOffsetMinutesMax = 14 * 60;

bool is_carrier(CodeType type) {
  return type == CodeType::asset || type == CodeType::container || type == CodeType::sscc;
}

void check_enumerations(Faults& faults, const TraceEvent& event) {
  const auto unknown = [&](std::string_view name) {
    faults.add(Code::INVALID_FIELD, {.name = name}, "a value that this version does not know");
  };
  if (word(event.type).empty()) unknown("type");
  if (word(event.kind).empty()) unknown("kind");
  if (event.action != Action::none && word(event.action).empty()) unknown("action");
}

void check_when(Faults& faults, const TraceEvent& event) {
  check_moment(faults, event.event_time, {.name = "eventTime"});
  if (!event.event_id.empty()) check_uri(faults, event.event_id, {.name = "eventID"});
  if (!event.error) return;
  const Field of{.name = "errorDeclaration"};
  if (event.event_id.empty()) {
    faults.add(Code::MISSING_FIELD, {.name = "eventID"},
               "an error declaration has the eventID of the event that it withdraws");
  }
  check_moment(faults, event.error->declared, {.name = "declarationTime", .of = &of});
  check_term(faults, event.error->reason, {.name = "reason", .of = &of}, false);
  const auto& corrective = event.error->corrective_event_ids;
  check_uris(faults, corrective, "correctiveEventIDs", &of);
  const Field list{.name = "correctiveEventIDs", .of = &of};
  if (event.error->reason == "did_not_occur" && !corrective.empty()) {
    faults.add(Code::INVALID_FIELD, list, "what did not occur is not corrected by another event");
  }
  for (const auto& id : corrective) {
    if (id != event.event_id) continue;
    faults.add(Code::INVALID_FIELD, list, "an event does not correct itself: give the new event "
                                          "an eventID of its own");
    break;
  }
}

void check_where(Faults& faults, const TraceEvent& event) {
  check_location(faults, event.read_point, {.name = "readPoint"});
  check_location(faults, event.biz_location, {.name = "bizLocation"});
}

}  // namespace

Errors faults_of(const TraceEvent& event) {
  Faults faults;
  check_enumerations(faults, event);
  check_when(faults, event);
  check_what(faults, event);
  check_where(faults, event);
  check_why(faults, event);
  check_how(faults, event);
  check_trees(faults, event);
  return faults.take();
}

std::string Field::text() const {
  std::string path;
  for (const Field* at = this; at != nullptr; at = at->of) {
    std::string part(at->name);
    if (at->index != kWhole) part.append("[").append(std::to_string(at->index)).append("]");
    path = path.empty() ? part : part + '.' + path;
  }
  return path;
}

void Faults::add(Code code, const Field& field, std::string message) {
  if (full()) return;
  errors_.push_back({.code = code, .message = std::move(message), .field = field.text()});
}

bool Faults::full() const { return errors_.size() >= limits::kErrorsPerBatchMax; }

bool check_text(Faults& faults, std::string_view text, const Field& field) {
  if (text.size() > limits::kTextBytesMax) {
    faults.add(Code::TOO_LARGE, field, std::to_string(text.size()) + " bytes; a text is at most " +
                                           std::to_string(limits::kTextBytesMax));
    return false;
  }
  if (!is_clean_utf8(text)) {
    faults.add(Code::BAD_TEXT, field, quoted(text) + " is not valid UTF-8 without NUL");
    return false;
  }
  auto control = control_fault(text);
  if (control.empty()) return true;
  faults.add(Code::INVALID_FIELD, field, std::move(control));
  return false;
}

bool check_needed_text(Faults& faults, std::string_view text, const Field& field) {
  if (!text.empty()) return check_text(faults, text, field);
  faults.add(Code::MISSING_FIELD, field, "a text is required here");
  return false;
}

bool check_term(Faults& faults, std::string_view text, const Field& field, bool needed) {
  if (text.empty()) {
    if (needed) faults.add(Code::MISSING_FIELD, field, "a word or absolute URI is required here");
    return !needed;
  }
  if (is_word(text)) return true;
  if (const auto bare = cbv_word_in(text); !bare.empty()) {
    faults.add(Code::INVALID_FIELD, field,
               quoted(text) + " is the URI form of a CBV word; write " + quoted(bare));
    return false;
  }
  if (is_uri(text)) return true;
  faults.add(Code::INVALID_FIELD, field,
             quoted(text) + " is neither a word (lower-case letters, digits and '_', beginning "
                            "with a letter, at most 64) nor an absolute URI");
  return false;
}

bool check_uri(Faults& faults, std::string_view text, const Field& field) {
  if (is_uri(text)) return true;
  faults.add(Code::INVALID_FIELD, field,
             quoted(text) + " is not an absolute URI of at most " +
                 std::to_string(limits::kCodeBytesMax) + " ASCII characters, such as urn:uuid:...");
  return false;
}

bool check_uris(Faults& faults, const std::vector<std::string>& uris, std::string_view name,
                const Field* of) {
  if (!check_count(faults, uris.size(), limits::kListMax, {.name = name, .of = of})) return false;
  bool good = true;
  for (size_t i = 0; i < uris.size() && !faults.full(); ++i) {
    good = check_uri(faults, uris[i], {.name = name, .index = i, .of = of}) && good;
  }
  return good;
}

bool check_uom(Faults& faults, std::string_view uom, const Field& field) {
  if (is_uom(uom)) return true;
  faults.add(uom.empty() ? Code::MISSING_FIELD : Code::INVALID_FIELD, field,
             (uom.empty() ? std::string("a quantity")
                          : quoted(uom) + " is not a unit: a quantity") +
                 " has a unit of UN/ECE Recommendation 20, such as KGM (kilogram) or H87 (piece)");
  return false;
}

bool check_moment(Faults& faults, const Moment& moment, const Field& field) {
  if (moment.ms >= kMomentMsMin && moment.ms <= kMomentMsMax &&
      moment.offset_minutes >= -kOffsetMinutesMax && moment.offset_minutes <= kOffsetMinutesMax) {
    return true;
  }
  faults.add(Code::INVALID_FIELD, field,
             "a time must lie in the years 1900 to 9999, its offset within 14 hours");
  return false;
}

bool check_count(Faults& faults, size_t count, size_t max, const Field& field) {
  if (count <= max) return true;
  faults.add(Code::TOO_MANY, field,
             std::to_string(count) + " entries; at most " + std::to_string(max));
  return false;
}

bool check_location(Faults& faults, std::string_view code, const Field& field) {
  if (code.empty()) return true;
  if (auto canonical = check_canonical(code); !canonical) {
    faults.add(canonical.error().code, field, canonical.error().message);
    return false;
  }
  const auto parsed = parse_code(code);
  // A truck, a container or a pallet may be the location of something.
  if (parsed && (parsed->type() == CodeType::location || parsed->type() == CodeType::uri ||
                 is_carrier(parsed->type()))) {
    return true;
  }
  faults.add(Code::INVALID_FIELD, field,
             quoted(code) + " is not a place; write its GLN, as https://id.gs1.org/414/..., or "
                            "another absolute URI");
  return false;
}

}  // namespace suyuan
