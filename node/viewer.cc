#include "node/viewer.h"

#include <algorithm>

#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

bool signed_by(const BatchNote& note, const std::string& party) {
  return note.party == party || note.signer == party ||
         std::ranges::find(note.with, party) != note.with.end();
}

bool names(const std::vector<Reference>& references, const Viewer& viewer) {
  return std::ranges::any_of(references, [&](const Reference& one) {
    return one.id == std::string(kPartyUrn) + viewer.party ||
           std::ranges::find(viewer.names, one.id) != viewer.names.end();
  });
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
  const auto value = decode_any_payload(payload.type, payload.bytes);
  const auto* event = value ? std::get_if<TraceEvent>(&*value) : nullptr;
  return event != nullptr &&
         (names(event->sources, viewer_) || names(event->destinations, viewer_));
}

}  // namespace suyuan
