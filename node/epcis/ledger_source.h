// The ledger's events as EPCIS JSON, and as input of the index.
#pragma once

#include "ledger/batch/note.h"
#include "node/epcis/search.h"

namespace suyuan::epcis {

// Events of one state. Single-threaded; caches the last leaf, because events come in runs.
class LedgerSource final : public EventSource {
 public:
  // `reader` must outlive it.
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

// The trace events of the leaves in [from, to), in log order. It ends earlier, before `next`, when
// it has the maximum of events, or of terms in all their scopes. A leaf is never split.
struct IndexedLeaves {
  std::vector<IndexedEvent> events;
  uint64_t next = 0;
};
// Requires: from < to, and the log has these leaves.
Result<IndexedLeaves> indexed_events(const Reader& reader, uint64_t from, uint64_t to,
                                     size_t events_max, size_t terms_max);

// Returns the scopes of a reader: everyone's, and for a party all names that events have for it. An
// event that is not for everyone is in the scopes of its partners (node/access/viewer.h).
Result<std::vector<std::string>> scopes_of_party(const Reader& reader, std::string_view party);

}  // namespace suyuan::epcis
