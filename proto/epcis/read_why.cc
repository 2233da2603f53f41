// Why and where: steps, places, business documents, who hands over to whom.
#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/read.h"

namespace suyuan::ld {

void EventReader::read_why(Member member, JsonValue value, const At& at) {
  switch (member) {
    case Member::biz_step: event_.step = word(Vocabulary::biz_step, value, at); return;
    case Member::disposition: event_.disposition = word(Vocabulary::disposition, value, at); return;
    case Member::persistent: return read_persistent(value, at);
    case Member::read_point: event_.read_point = read_place(value, at); return;
    case Member::biz_location: event_.biz_location = read_place(value, at); return;
    case Member::transactions:
      return read_references(value, at, Vocabulary::transaction_type, "bizTransaction",
                             event_.transactions);
    case Member::sources:
      return read_references(value, at, Vocabulary::party_type, "source", event_.sources);
    case Member::destinations:
      return read_references(value, at, Vocabulary::party_type, "destination",
                             event_.destinations);
    default: return;
  }
}

void EventReader::read_persistent(JsonValue value, const At& at) {
  if (!is_object(value, at)) return;
  if (!event_.persistent_set.empty() || !event_.persistent_unset.empty()) {
    return faults_.add(Code::INVALID_FIELD, at, "is given under two names");
  }
  for (const JsonValue member : value) {
    const At here = at.member(member.name());
    const bool set = member.name() == "set";
    if (!set && member.name() != "unset") {
      faults_.add(Code::INVALID_FIELD, here,
                  "a persistentDisposition has set and unset, and no " + quoted(member.name()));
      continue;
    }
    if (!is_list(member, here, limits::kListMax)) continue;
    auto& words = set ? event_.persistent_set : event_.persistent_unset;
    needs(member.size() > 0, here, "a list of at least one disposition");
    size_t index = 0;
    for (const JsonValue entry : member) {
      const At at_entry = here.entry(index++);
      std::string found = word(Vocabulary::disposition, entry, at_entry);
      if (found.empty()) continue;
      if (std::ranges::find(words, found) != words.end()) {
        faults_.add(Code::INVALID_FIELD, at_entry, quoted(found) + " is twice in the list");
      }
      words.push_back(std::move(found));
    }
  }
  const bool any = !event_.persistent_set.empty() || !event_.persistent_unset.empty();
  if (!faults_.any()) needs(any, at, "a persistentDisposition sets or unsets something");
}

std::string EventReader::read_place(JsonValue value, const At& at) {
  if (!is_object(value, at)) return {};
  const At at_id = at.member("id");
  std::optional<JsonValue> id;
  for (const JsonValue member : value) {
    const At here = at.member(member.name());
    if (member.name() == "id") {
      id = member;
    } else if (member.name().starts_with('@') || begins_with(member.name(), kOwnPrefix)) {
      faults_.add(Code::INVALID_FIELD, here,
                  quoted(member.name()) + " next to a place's id could mean another place");
    }
  }
  if (id) return code(*id, at_id);
  needs(false, at_id, "a place is named by its id");
  return {};
}

void EventReader::read_references(JsonValue list, const At& at, Vocabulary types,
                                  std::string_view id_name, std::vector<Reference>& references) {
  if (!is_list(list, at, limits::kListMax)) return;
  size_t index = 0;
  for (const JsonValue entry : list) {
    if (faults_.full()) return;
    const At here = at.entry(index++);
    if (is_object(entry, here)) read_reference(entry, here, types, id_name, references);
  }
}

void EventReader::read_reference(JsonValue entry, const At& at, Vocabulary types,
                                 std::string_view id_name, std::vector<Reference>& references) {
  Reference reference;
  bool typed = false;
  bool names = false;
  for (const JsonValue member : entry) {
    const At here = at.member(member.name());
    if (member.name() == "type") {
      typed = true;
      reference.type = word(types, member, here);
    } else if (member.name() == id_name) {
      names = true;
      reference.id = named(types, member, here);
    } else {
      faults_.add(Code::INVALID_FIELD, here,
                  "an entry of " + std::string(at.of->name) + " has type and " +
                      std::string(id_name) + ", and no " + quoted(member.name()));
    }
  }
  const At at_id = at.member(id_name);
  const At at_type = at.member("type");
  needs(names, at_id, "the entry names nothing");
  if (types == Vocabulary::party_type) {
    needs(typed, at_type, "what it is: owning_party, possessing_party or location");
  }
  // The same entry twice, in any spelling, counts once.
  const bool known = std::ranges::find(references, reference) != references.end();
  if (!reference.id.empty() && !known) references.push_back(std::move(reference));
}

}  // namespace suyuan::ld
