// What a viewer may see: every event that is for everyone, and of the others those of its party.
#pragma once

#include <map>

#include "ledger/apply/fact_reader.h"
#include "ledger/batch/note.h"
#include "ledger/registry/registry_event.h"
#include "ledger/store/schema.h"
#include "proto/answers.h"

namespace suyuan {

// Returns a party with the codes by which events name it: its GLN, as a party and as a place. An
// empty party is anyone.
Result<Viewer> viewer_of(const Reader& reader, std::string_view party);
// Sources and destinations of one event that are considered, in its order. The event has a row in
// the index of each partner, so this bound keeps its rows from outgrowing it a thousandfold.
inline constexpr size_t kPartnersNamedMax = 32;
// Returns the names of those who may see an event that is for its partners only: who stated, signed
// or co-signed it, and who is named as source or destination, the first kPartnersNamedMax of each.
// Sorted, without duplicates.
std::vector<std::string> partners_of(const Reader& reader, const BatchNote& note,
                                     const StoredPayload& payload);

// Filter for one state of the ledger. Single-threaded. Remembers what it has looked up, at most
// kSeenMax events: then it forgets all of them, and looks up again what is asked for again, with
// the same result.
class ViewerFilter final : public ReadFilter {
 public:
  static constexpr size_t kSeenMax = 1 << 14;

  // Both arguments must outlive it.
  ViewerFilter(const Reader& reader, const Viewer& viewer) : reader_(reader), viewer_(viewer) {}

  // Returns false on read errors too (fail closed).
  bool sees(Place place) const override;
  // As above, for an event whose rows are at hand.
  bool sees(Place place, const BatchNote& note, const StoredPayload& payload) const;
  // Returns true if a sealed section of a visible event is for the viewer, by its audience:
  // - owner: who stated, signed or co-signed the event; they see all its other sections too.
  // - partner: those, and whom the event names as source or destination.
  // - platform: a platform that is one of these, or that owns a document the event names.
  // - customs, market_supervision: every party with that role.
  bool sees_section(Place place, const BatchNote& note, const StoredPayload& payload,
                    Audience audience) const;

 private:
  bool look_up(Place place) const;
  bool may_see(const BatchNote& note, const StoredPayload& payload) const;
  bool is_partner(const BatchNote& note, const StoredPayload& payload) const;
  bool has_order_of(Place place, const StoredPayload& payload) const;
  bool is_own_paper(Place named_by, const std::string& paper, const PartyData& self) const;
  bool is_platforms(std::string_view issuer) const;

  const Reader& reader_;
  const Viewer& viewer_;
  mutable std::map<Place, bool> seen_;
};

// Reduces findings to what the viewer may know. The reason for a flag may be in an event hidden
// from the viewer, so if one of the codes has such an event only the flag stays. `own`: the marked
// event itself is visible.
void hide_reasons(const Reader& reader, const ViewerFilter& filter, bool own,
                  std::vector<Finding>& findings);

}  // namespace suyuan
