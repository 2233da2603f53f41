// What a viewer may know: every event that is for everyone, and of the others those of its party.
#pragma once

#include <map>

#include "ledger/apply/fact_reader.h"
#include "ledger/batch/note.h"
#include "ledger/registry/registry_event.h"
#include "ledger/store/schema.h"
#include "proto/answers.h"

namespace suyuan {

// A party with the codes by which events name it: its GLN, as a party's and as a place's. An empty
// party is anyone.
Result<Viewer> viewer_of(const Reader& reader, std::string_view party);
// Sources and destinations of one event that are looked at, in its order: it has a row in the index
// of each partner, and must not name so many that its rows outgrow it a thousandfold.
inline constexpr size_t kPartnersNamedMax = 32;
// The names of those who may see an event that is for its partners alone: who stated, signed or
// co-signed it, and whom it names as source or destination, the first kPartnersNamedMax of each.
// Sorted, each once.
std::vector<std::string> partners_of(const Reader& reader, const BatchNote& note,
                                     const StoredPayload& payload);

// Of one state of the ledger. One thread; it remembers what it has looked up.
class ViewerFilter final : public ReadFilter {
 public:
  // Both outlive it.
  ViewerFilter(const Reader& reader, const Viewer& viewer) : reader_(reader), viewer_(viewer) {}

  // False also where the rows cannot be read: what is in doubt is kept back.
  bool sees(Place place) const override;
  // The same of an event whose rows are at hand.
  bool sees(Place place, const BatchNote& note, const StoredPayload& payload) const;
  // Whether a sealed section of an event that is seen is for the viewer, by its audience:
  // owner: who stated, signed or co-signed the event; they see all its other sections too.
  // partner: whom it names as source or destination too. platform: a platform that is one of
  // these, or whose own one of the papers is that this event names. customs, market_supervision:
  // every party with that role.
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

// Findings as the viewer may know them. Why something was flagged may be what an event says that is
// kept from the viewer, so where one of the codes has such an event only the flag stays. `own`: the
// marked event itself is seen.
void hide_reasons(const Reader& reader, const ViewerFilter& filter, bool own,
                  std::vector<Finding>& findings);

}  // namespace suyuan
