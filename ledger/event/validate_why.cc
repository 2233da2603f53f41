// Why it happened: steps, dispositions, business documents, who hands over to whom.
#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "ledger/event/validate_rules.h"
#include "ledger/event/vocabulary.h"

namespace suyuan {
namespace {

void check_persistent(Faults& faults, const TraceEvent& event) {
  const Field of{.name = "persistentDisposition"};
  const auto check_list = [&](const std::vector<std::string>& words, std::string_view name) {
    if (!check_count(faults, words.size(), limits::kListMax, {.name = name, .of = &of})) return;
    for (size_t i = 0; i < words.size() && !faults.full(); ++i) {
      check_term(faults, words[i], {.name = name, .index = i, .of = &of}, true);
    }
  };
  check_list(event.persistent_set, "set");
  check_list(event.persistent_unset, "unset");
  for (const auto& word : event.persistent_set) {
    const auto& unset = event.persistent_unset;
    if (std::find(unset.begin(), unset.end(), word) == unset.end()) continue;
    faults.add(Code::INVALID_FIELD, {.name = "unset", .of = &of},
               quoted(word) + " is set and unset by one event");
  }
}

// A party: its URN, the consumer, who has none, or a number by which others know it.
void check_party(Faults& faults, const Reference& reference, const Field& field) {
  const std::string_view id = reference.id;
  if (id == kConsumer) return;
  if (id.starts_with(kPartyUrn)) {
    auto party = check_party_id(id.substr(kPartyUrn.size()));
    if (!party) faults.add(Code::INVALID_FIELD, field, party.error().message);
    return;
  }
  if (is_uri(id)) return;
  faults.add(Code::INVALID_FIELD, field,
             quoted(id) + " is not a party; write urn:suyuan:party:<party id>, or \"consumer\"");
}

bool names_party(const Reference& reference) {
  return reference.type == kPossessingParty || reference.type == kOwningParty;
}

void check_references(Faults& faults, const std::vector<Reference>& references,
                      std::string_view name, bool places) {
  if (!check_count(faults, references.size(), limits::kListMax, {.name = name})) return;
  for (size_t i = 0; i < references.size() && !faults.full(); ++i) {
    const Reference& reference = references[i];
    const Field at{.name = name, .index = i};
    const Field id{.name = "id", .of = &at};
    check_term(faults, reference.type, {.name = "type", .of = &at}, places);
    if (!check_needed_text(faults, reference.id, id)) continue;
    if (places && names_party(reference)) check_party(faults, reference, id);
    if (places && reference.type == "location") check_location(faults, reference.id, id);
    if (std::find(references.begin(), references.begin() + static_cast<ptrdiff_t>(i), reference) !=
        references.begin() + static_cast<ptrdiff_t>(i)) {
      faults.add(Code::INVALID_FIELD, at, quoted(reference.id) + " is named twice");
    }
  }
}

void check_custody(Faults& faults, const TraceEvent& event) {
  const auto receivers =
      std::count_if(event.destinations.begin(), event.destinations.end(),
                    [](const Reference& one) { return one.type == kPossessingParty; });
  if (receivers < 2) return;
  faults.add(Code::INVALID_FIELD, {.name = "destinations"},
             "things are handed over to one party: " + std::to_string(receivers) +
                 " of type possessing_party are named");
}

}  // namespace

void check_why(Faults& faults, const TraceEvent& event) {
  check_term(faults, event.step, {.name = "step"}, false);
  check_term(faults, event.disposition, {.name = "disposition"}, false);
  check_persistent(faults, event);
  check_references(faults, event.transactions, "transactions", false);
  check_references(faults, event.sources, "sources", true);
  check_references(faults, event.destinations, "destinations", true);
  check_custody(faults, event);
  check_term(faults, event.result, {.name = "result"}, false);
  if (!event.result.empty() && event.kind != Kind::inspection) {
    faults.add(Code::INVALID_FIELD, {.name = "result"},
               "only an inspection has a result; this event is of kind " +
                   quoted(word(event.kind)));
  }
  if (!event.confirms.empty()) check_uri(faults, event.confirms, {.name = "confirms"});
  if (!event.confirms.empty() && event.confirms == event.event_id) {
    faults.add(Code::INVALID_FIELD, {.name = "confirms"}, "an event does not confirm itself");
  }
}

}  // namespace suyuan
