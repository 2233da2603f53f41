#include "node/epcis/repeats.h"

#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/store/schema.h"
#include "proto/epcis/epcis.h"
#include "proto/epcis/event_hash.h"

namespace suyuan::epcis {
namespace {

// Whether the event at the place says the same: another spelling, another context around it, other
// digits of a number say nothing new. The event hash has what extensions are named in full.
Result<bool> says_the_same(const Reader& reader, Place place, const TraceEvent& event,
                           const std::string& payload) {
  SUYUAN_TRY(stored, get<StoredPayload>(reader, Table::payload, place_key(place)));
  if (!stored || stored->type != PayloadType::epcis_json) return false;  // erased, or not of here
  const auto before = decode_epcis(stored->bytes);
  const auto first = event_hash(stored->bytes);
  const auto again = event_hash(payload);
  return before && *before == event && first && again && *first == *again;
}

}  // namespace

bool SaidOnce::is_new(const TraceEvent& event, const std::string& payload) {
  if (event.event_id.empty()) return true;
  auto hash = event_hash(payload);
  const auto [known, fresh] =
      said_.try_emplace(event.event_id, Said{.event = event, .hash = hash ? *hash : std::string()});
  return fresh || !hash || known->second.hash != *hash || known->second.event != event;
}

Result<bool> is_repeat(const Reader& reader, const std::string& party, const TraceEvent& event,
                       const std::string& payload) {
  if (event.event_id.empty()) return false;
  SUYUAN_TRY(known, get<StoredEventId>(reader, Table::event_id,
                                       event_id_key(party, event.event_id).view()));
  if (!known) return false;
  if (!event.error) {
    if (known->payload_sha256 == sha256(payload)) return true;
    return says_the_same(reader, known->place, event, payload);
  }
  // The declaration is in the leaf that withdrew the event.
  for (uint32_t i = 0; known->withdrawn_by != 0 && i < limits::kBatchEventsMax; ++i) {
    const Place place{.leaf = known->withdrawn_by, .event = i};
    SUYUAN_TRY(record, reader.get(Table::record, place_key(place)));
    if (!record) break;
    SUYUAN_TRY(same, says_the_same(reader, place, event, payload));
    if (same) return true;
  }
  return false;
}

}  // namespace suyuan::epcis
