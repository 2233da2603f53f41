// The ledger's events as EPCIS JSON, and as what the index has rows for.
#pragma once

#include "ledger/batch/note.h"
#include "node/epcis/search.h"

namespace suyuan::epcis {

// Of one state. One thread; it remembers the last leaf, since events come in runs.
class LedgerSource final : public EventSource {
 public:
  // `reader` outlives it.
  explicit LedgerSource(const Reader& reader) : reader_(reader) {}
  Result<std::optional<EventText>> load(Place place) const override;

 private:
  struct Known {
    uint64_t leaf = 0;
    int64_t time_ms = 0;
    BatchNote note;
  };
  const Reader& reader_;
  mutable std::optional<Known> known_;
};

// The trace events of the leaves from `from` on and before `to`, in log order. It ends earlier,
// before `next`, where it has so many events, or terms in all their scopes; a leaf is never parted.
struct IndexedLeaves {
  std::vector<IndexedEvent> events;
  uint64_t next = 0;
};
// REQUIRES: from < to, and the log has them.
Result<IndexedLeaves> indexed_events(const Reader& reader, uint64_t from, uint64_t to,
                                     size_t events_max, size_t terms_max);

// Of a reader: everyone's, and where there is a party, all names that events have for it. An event
// that is not for everyone is in the scopes of its partners (node/access/viewer.h).
Result<std::vector<std::string>> scopes_of_party(const Reader& reader, std::string_view party);

}  // namespace suyuan::epcis
