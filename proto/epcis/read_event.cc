// The event's object: the members it may have, and those that say which event it is.
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/read.h"

namespace suyuan::ld {
namespace {

constexpr unsigned bit_of(Member member) { return static_cast<unsigned>(member); }

bool is_counted(Member member) {
  return member == Member::quantities || member == Member::child_quantities ||
         member == Member::input_quantities || member == Member::output_quantities;
}

std::optional<JsonValue> find(JsonValue object, std::string_view name) {
  for (const JsonValue member : object) {
    if (member.name() == name) return member;
  }
  return std::nullopt;
}

}  // namespace

void EventReader::read(JsonValue object) {
  const At at_type = kEvent.member("type");
  const auto type = find(object, "type");
  const auto known = type && type->kind() == NodeKind::text ? type_from(type->value())
                                                            : std::optional<EventType>{};
  if (!known) {
    return faults_.add(type ? Code::INVALID_FIELD : Code::MISSING_FIELD, at_type,
                       (type ? quoted(type->value()) + " is not a type that can be recorded: "
                             : std::string("an event has a type: ")) +
                           "ObjectEvent, AggregationEvent, TransactionEvent, TransformationEvent "
                           "or AssociationEvent");
  }
  event_.type = *known;
  event_.audience = EventAudience::partner;  // unless it states another
  const auto here = static_cast<uint8_t>(1U << static_cast<unsigned>(*known));
  // Quantities come after identifiers, in any order of the members: they share one list.
  for (const bool counted : {false, true}) {
    for (const JsonValue member : object) {
      if (faults_.full()) return;
      const At at = kEvent.member(member.name());
      const MemberRow* row = find_member(member.name());
      if ((row != nullptr && is_counted(row->member)) != counted) continue;
      if (row == nullptr) {
        read_extension(member, at);
      } else if ((row->types & here) == 0) {
        faults_.add(Code::INVALID_FIELD, at,
                    std::string(type_name(event_.type)) + " has no " + std::string(row->name));
      } else {
        seen_ |= uint64_t{1} << bit_of(row->member);
        read_member(*row, member, at);
      }
    }
  }
  if (!faults_.any()) check_rules();
}

void EventReader::read_member(const MemberRow& row, JsonValue value, const At& at) {
  if (row.member <= Member::action) return read_identity(row.member, value, at);
  if (row.member <= Member::destinations) return read_why(row.member, value, at);
  if (row.member == Member::sensors) return read_sensors(value, at);
  if (row.member == Member::ilmd) return read_ilmd(value, at);
  read_what(row.member, value, at);
}

void EventReader::read_identity(Member member, JsonValue value, const At& at) {
  switch (member) {
    case Member::event_time:
      if (const auto moment = time(value, at)) event_.event_time.ms = moment->ms;
      return;
    case Member::record_time:
      (void)time(value, at);  // set by the server that answers; a sender's value is ignored
      return;
    case Member::time_zone: return read_zone(value, at);
    case Member::event_id: event_.event_id = uri(value, at); return;
    case Member::certification: return read_certification(value, at);
    case Member::error: return read_error(value, at);
    case Member::action: {
      const auto action = value.kind() == NodeKind::text ? action_from(value.value())
                                                         : std::optional<Action>{};
      if (action && *action != Action::none) {
        event_.action = *action;
      } else {
        faults_.add(Code::INVALID_FIELD, at,
                    quoted(value.value()) + " is not an action: ADD, OBSERVE or DELETE");
      }
      return;
    }
    default: return;  // @context and type were read before
  }
}

void EventReader::read_zone(JsonValue value, const At& at) {
  const auto offset = value.kind() == NodeKind::text ? offset_of(value.value())
                                                     : std::optional<int16_t>{};
  if (offset) {
    event_.event_time.offset_minutes = *offset;
  } else {
    faults_.add(Code::INVALID_FIELD, at,
                quoted(value.value()) + " is not an offset from UTC, such as \"+08:00\", within 14 "
                                        "hours");
  }
}

void EventReader::read_certification(JsonValue value, const At& at) {
  if (value.kind() != NodeKind::array) {
    event_.certifications.push_back(uri(value, at));
    return;
  }
  if (!is_list(value, at, limits::kListMax)) return;
  for (const JsonValue entry : value) {
    event_.certifications.push_back(uri(entry, at.entry(event_.certifications.size())));
  }
}

void EventReader::read_error(JsonValue value, const At& at) {
  if (!is_object(value, at)) return;
  event_.error.emplace();
  bool declared = false;
  for (const JsonValue member : value) {
    const At here = at.member(member.name());
    if (member.name() == "declarationTime") {
      declared = true;
      if (const auto moment = time(member, here)) event_.error->declared = *moment;
    } else if (member.name() == "reason") {
      event_.error->reason = word(Vocabulary::error_reason, member, here);
    } else if (member.name() == "correctiveEventIDs") {
      auto& ids = event_.error->corrective_event_ids;
      if (!is_list(member, here, limits::kListMax)) continue;
      for (const JsonValue entry : member) ids.push_back(uri(entry, here.entry(ids.size())));
    } else {
      (void)is_free(member.name(), here, "errorDeclaration");
    }
  }
  const At at_time = at.member("declarationTime");
  needs(declared, at_time, "an error declaration says when it is made");
}

// A name outside the standard: the ledger's own terms have a meaning, all others are kept.
void EventReader::read_extension(JsonValue member, const At& at) {
  if (member.name().starts_with(kOwnPrefix)) return read_own(member, at);
  if (is_free(member.name(), at, type_name(event_.type))) append(member, event_.extensions);
}

}  // namespace suyuan::ld
