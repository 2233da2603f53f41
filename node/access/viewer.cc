#include "node/access/viewer.h"

#include <algorithm>

#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "ledger/registry/party_numbers.h"
#include "ledger/registry/state.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

bool signed_by(const BatchNote& note, const std::string& party) {
  return note.party == party || note.signer == party ||
         std::ranges::find(note.with, party) != note.with.end();
}

// Documents of an event that are looked up.
constexpr size_t kPapersLookedAtMax = 16;
constexpr size_t kCreditCodeLength = 18;  // GB 32100
constexpr size_t kNamesakesMax = 16;      // parties with one credit code

bool is_name_of(const Viewer& viewer, const std::string& code) {
  return code == party_code(viewer.party) ||
         std::ranges::find(viewer.names, code) != viewer.names.end();
}

// For these flags the reason is in the marked event's own time, or in the registry.
bool is_about_itself(Flag flag) {
  return flag == Flag::BACKDATED || flag == Flag::CERT_EXPIRED || flag == Flag::CERT_SUSPENDED;
}

bool is_signed_by(const Reader& reader, uint64_t batch, const std::string& party) {
  const auto leaf = read_leaf(reader, batch);
  if (!leaf) return false;
  const auto note = parse_batch_note(leaf->text);
  return note && signed_by(note->batch, party);
}

// Returns the issuer of a document number: the field before the last, in every form of
// docs/identifiers.md, 4.
std::string_view issuer_of(std::string_view paper) {
  const size_t number = paper.rfind(':');
  if (number == std::string_view::npos || number == 0) return {};
  const size_t issuer = paper.rfind(':', number - 1);
  return issuer == std::string_view::npos ? std::string_view()
                                          : paper.substr(issuer + 1, number - issuer - 1);
}

bool has_hidden(const Reader& reader, const ReadFilter& filter, const std::string& code) {
  StepBudget budget(limits::kTraceStepsMax);
  const auto hidden = FactReader(reader, std::nullopt, budget, &filter).hidden(code_key(code));
  return !hidden || !hidden->empty();
}

}  // namespace

Result<Viewer> viewer_of(const Reader& reader, std::string_view party) {
  Viewer viewer{.party = std::string(party)};
  if (party.empty()) return viewer;
  SUYUAN_TRY(found, find_party(reader, party));
  if (found) viewer.roles = found->data.roles;
  if (!found || found->data.gln.empty()) return viewer;
  for (const std::string key : {"417", "414"}) {
    const auto code = parse_code("https://id.gs1.org/" + key + "/" + found->data.gln);
    if (code) viewer.names.push_back(code->text());
  }
  return viewer;
}

std::vector<std::string> partners_of(const Reader& reader, const BatchNote& note,
                                     const StoredPayload& payload) {
  std::vector<std::string> all = {party_code(note.party)};
  if (!note.signer.empty()) all.push_back(party_code(note.signer));
  for (const auto& with : note.with) all.push_back(party_code(with));
  const auto value = decode_any_payload(payload.type, payload.bytes);
  if (const auto* event = value ? std::get_if<TraceEvent>(&*value) : nullptr) {
    for (const auto* references : {&event->sources, &event->destinations}) {
      const size_t named = std::min(references->size(), kPartnersNamedMax);
      for (size_t i = 0; i < named; ++i) {
        const std::string& id = (*references)[i].id;
        all.push_back(id);
        // An id may be a site's, for example: the receiver of goods may read who hands them over.
        const auto party = party_named(reader, id);
        if (party && !party->empty()) all.push_back(party_code(*party));
      }
    }
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void hide_reasons(const Reader& reader, const ViewerFilter& filter, bool own,
                  std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    if (finding.flag == Flag::SIGNER_REVOKED || (own && is_about_itself(finding.flag))) continue;
    const bool hide = !own || std::ranges::any_of(finding.codes, [&](const std::string& code) {
      return has_hidden(reader, filter, code);
    });
    if (!hide) continue;
    finding.reason.clear();
    finding.related.clear();
    if (!own) finding.codes.clear();
  }
}

bool ViewerFilter::sees(Place place) const {
  if (viewer_.party.empty()) return false;
  const auto known = seen_.find(place);
  if (known != seen_.end()) return known->second;
  if (seen_.size() == kSeenMax) seen_.clear();
  return seen_[place] = look_up(place);
}

bool ViewerFilter::look_up(Place place) const {
  const auto leaf = read_leaf(reader_, place.leaf);
  if (!leaf) return false;
  const auto note = parse_batch_note(leaf->text);
  if (!note) return false;
  const auto payload = get<StoredPayload>(reader_, Table::payload, place_key(place));
  return payload && *payload && sees(place, note->batch, **payload);
}

bool ViewerFilter::sees(Place place, const BatchNote& note, const StoredPayload& payload) const {
  if (payload.audience == EventAudience::everyone) return true;
  if (!may_see(note, payload)) return false;
  if (viewer_.opened != nullptr) viewer_.opened->add(place);
  return true;
}

bool ViewerFilter::may_see(const BatchNote& note, const StoredPayload& payload) const {
  if (viewer_.party.empty()) return false;
  return signed_by(note, viewer_.party) || is_partner(note, payload);
}

bool ViewerFilter::is_partner(const BatchNote& note, const StoredPayload& payload) const {
  return std::ranges::any_of(partners_of(reader_, note, payload), [&](const std::string& partner) {
    return is_name_of(viewer_, partner);
  });
}

bool ViewerFilter::sees_section(Place place, const BatchNote& note, const StoredPayload& payload,
                               Audience audience) const {
  if (viewer_.party.empty()) return false;
  if (signed_by(note, viewer_.party)) return true;
  const auto is_a = [this](Role role) {
    return std::ranges::find(viewer_.roles, role) != viewer_.roles.end();
  };
  switch (audience) {
    case Audience::owner:
      return false;
    case Audience::partner:
      return is_partner(note, payload);
    case Audience::platform:
      return is_a(Role::platform) && (is_partner(note, payload) || has_order_of(place, payload));
    case Audience::customs:
      return is_a(Role::customs);
    case Audience::market_supervision:
      return is_a(Role::market_supervision);
  }
  return false;
}

bool ViewerFilter::has_order_of(Place place, const StoredPayload& payload) const {
  const auto value = decode_any_payload(payload.type, payload.bytes);
  const auto* event = value ? std::get_if<TraceEvent>(&*value) : nullptr;
  const auto self = find_party(reader_, viewer_.party);
  if (event == nullptr || !self || !*self) return false;
  const size_t papers = std::min(event->transactions.size(), kPapersLookedAtMax);
  for (size_t i = 0; i < papers; ++i) {
    if (is_own_paper(place, event->transactions[i].id, (*self)->data)) return true;
  }
  return false;
}

// When in doubt, returns true, which keeps data back: if the rows cannot be read, or if more
// parties share a code than are looked up.
bool ViewerFilter::is_platforms(std::string_view issuer) const {
  const auto numbered_by = party_named(reader_, "https://id.gs1.org/417/" + std::string(issuer));
  if (!numbered_by) return true;
  if (!numbered_by->empty()) {
    const auto party = find_party(reader_, *numbered_by);
    return !party || (*party && (*party)->is(Role::platform));
  }
  if (issuer.size() != kCreditCodeLength) return false;
  const auto holders = parties_with_credit_code(reader_, issuer, kNamesakesMax);
  return !holders || holders->size() == kNamesakesMax ||
         std::ranges::any_of(
             *holders, [](const PartyState& holder) { return holder.is(Role::platform); });
}

// The owner follows from the number itself, or else from who recorded it. Document numbers are in
// public events, so naming one later proves nothing: what counts is who created it, and earlier.
bool ViewerFilter::is_own_paper(Place named_by, const std::string& paper,
                               const PartyData& self) const {
  const std::string_view issuer = issuer_of(paper);
  if (!issuer.empty() && (issuer == self.gln || issuer == self.credit_code)) return true;
  if (is_platforms(issuer)) return false;
  StepBudget budget(limits::kTraceStepsMax);
  const auto made = FactReader(reader_, std::nullopt, budget)
                        .latest(code_key(paper), Aspect::made, kTimeMax);
  return made && *made && (*made)->key.place.leaf < named_by.leaf &&
         is_signed_by(reader_, (*made)->key.place.leaf, viewer_.party);
}

}  // namespace suyuan
