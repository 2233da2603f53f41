#include "node/viewer.h"

#include <algorithm>

#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "ledger/registry/state.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

bool signed_by(const BatchNote& note, const std::string& party) {
  return note.party == party || note.signer == party ||
         std::ranges::find(note.with, party) != note.with.end();
}

bool is_name_of(const Viewer& viewer, const std::string& code) {
  return code == party_code(viewer.party) ||
         std::ranges::find(viewer.names, code) != viewer.names.end();
}

// Of these the reason is the marked event's own time, or the registry's.
bool is_about_itself(Flag flag) {
  return flag == Flag::BACKDATED || flag == Flag::CERT_EXPIRED || flag == Flag::CERT_SUSPENDED;
}

bool has_hidden(const Reader& reader, const Sight& sight, const std::string& code) {
  StepBudget budget(limits::kTraceStepsMax);
  const auto hidden = FactReader(reader, std::nullopt, budget, &sight).hidden(code_key(code));
  return !hidden || !hidden->empty();
}

}  // namespace

Result<Viewer> viewer_of(const Reader& reader, std::string_view party) {
  Viewer viewer{.party = std::string(party)};
  if (party.empty()) return viewer;
  SUYUAN_TRY(found, find_party(reader, party));
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
        // By the number of a site, say: who is handed a thing may read who hands it over.
        const auto party = party_named(reader, id);
        if (party && !party->empty()) all.push_back(party_code(*party));
      }
    }
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void hide_reasons(const Reader& reader, const ViewerSight& sight, bool own,
                  std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    if (finding.flag == Flag::SIGNER_REVOKED || (own && is_about_itself(finding.flag))) continue;
    const bool hide = !own || std::ranges::any_of(finding.codes, [&](const std::string& code) {
      return has_hidden(reader, sight, code);
    });
    if (!hide) continue;
    finding.reason.clear();
    finding.related.clear();
    if (!own) finding.codes.clear();
  }
}

bool ViewerSight::sees(Place place) const {
  if (viewer_.party.empty()) return false;
  const auto known = seen_.find(place);
  if (known != seen_.end()) return known->second;
  return seen_[place] = look_up(place);
}

bool ViewerSight::look_up(Place place) const {
  const auto leaf = read_leaf(reader_, place.leaf);
  if (!leaf) return false;
  const auto note = parse_batch_note(leaf->text);
  if (!note) return false;
  const auto payload = get<StoredPayload>(reader_, Table::payload, place_key(place));
  return payload && *payload && sees(note->batch, **payload);
}

bool ViewerSight::sees(const BatchNote& note, const StoredPayload& payload) const {
  if (payload.audience == EventAudience::everyone) return true;
  if (viewer_.party.empty()) return false;
  if (signed_by(note, viewer_.party)) return true;
  return std::ranges::any_of(partners_of(reader_, note, payload), [&](const std::string& partner) {
    return is_name_of(viewer_, partner);
  });
}

}  // namespace suyuan
