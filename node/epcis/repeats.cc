#include "node/epcis/repeats.h"

#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/store/schema.h"
#include "proto/epcis/correction.h"
#include "proto/epcis/epcis.h"
#include "proto/epcis/event_hash.h"

namespace suyuan::epcis {
namespace {

// Returns the payload of the event at the place if it is EPCIS and states the same. Another
// spelling, another context, other digits of a number or another order of names are no difference.
// The event hash covers extensions by their full names.
Result<std::optional<Bytes>> same_at(const Reader& reader, Place place, const TraceEvent& event,
                                     const std::string& hash) {
  SUYUAN_TRY(stored, get<StoredPayload>(reader, Table::payload, place_key(place)));
  if (!stored || stored->type != PayloadType::epcis_json) return std::optional<Bytes>();
  const auto first = event_hash(stored->bytes);
  if (!first || *first != hash) return std::optional<Bytes>();
  const auto before = decode_epcis(stored->bytes);
  const bool same = before && written_one_way(*before) == written_one_way(event);
  return same ? std::optional(std::move(stored->bytes)) : std::optional<Bytes>();
}

}  // namespace

bool SaidOnce::is_new(const TraceEvent& event, const std::string& payload) {
  if (event.event_id.empty()) return true;
  auto hash = event_hash(payload);
  const auto [known, fresh] =
      said_.try_emplace(event.event_id, Said{.event = written_one_way(event),
                                             .hash = hash ? *hash : std::string()});
  return fresh || !hash || known->second.hash != *hash ||
         known->second.event != written_one_way(event);
}

SaidBefore::SaidBefore(const Reader& reader, std::string party)
    : reader_(reader), party_(std::move(party)) {}

Result<bool> SaidBefore::has(const TraceEvent& event, const std::string& payload) {
  if (event.event_id.empty()) return false;
  SUYUAN_TRY(known, get<StoredEventId>(reader_, Table::event_id,
                                       event_id_key(party_, event.event_id).view()));
  if (!known) return false;
  if (!event.error && known->payload_sha256 == sha256(payload)) return true;
  if (event.error && known->withdrawn_by == 0) return false;
  Place place = known->place;
  if (event.error) {
    SUYUAN_TRY(declared, declared_in(known->withdrawn_by));
    const auto found = declared->find(event.event_id);
    if (found == declared->end()) return false;
    place = found->second;
  }
  const auto hash = event_hash(payload);
  if (!hash) return false;
  SUYUAN_TRY(same, same_at(reader_, place, event, *hash));
  return same.has_value();
}

Result<const SaidBefore::Declared*> SaidBefore::declared_in(uint64_t leaf) {
  if (const auto known = leaves_.find(leaf); known != leaves_.end()) return &known->second;
  Declared declared;
  for (uint32_t i = 0; i < limits::kBatchEventsMax; ++i) {
    const Place place{.leaf = leaf, .event = i};
    SUYUAN_TRY(record, reader_.get(Table::record, place_key(place)));
    if (!record) break;
    if (++looked_at_ > kLookedAtMax) {
      return fail(Code::TOO_LARGE, "error declarations of this document were captured before, in "
                                   "more large batches than are searched at once; send "
                                   "them in several documents");
    }
    SUYUAN_TRY(stored, get<StoredPayload>(reader_, Table::payload, place_key(place)));
    if (!stored || stored->type != PayloadType::epcis_json) continue;
    const auto event = decode_epcis(stored->bytes);
    if (event && event->error) declared.emplace(event->event_id, place);
  }
  return &leaves_.emplace(leaf, std::move(declared)).first->second;
}

Result<std::string> in_first_words(const Reader& reader, const std::string& party,
                                   const TraceEvent& declaration, std::string payload) {
  if (!declaration.error) return payload;
  SUYUAN_TRY(known, get<StoredEventId>(reader, Table::event_id,
                                       event_id_key(party, declaration.event_id).view()));
  if (!known || known->withdrawn_by != 0) return payload;
  TraceEvent bare = declaration;
  bare.error.reset();
  const auto hash = event_hash(payload);
  if (!hash) return payload;
  SUYUAN_TRY(first, same_at(reader, known->place, bare, *hash));
  if (!first) return payload;
  auto worded = declared_in_first_words(*first, payload);
  return worded ? *std::move(worded) : std::move(payload);
}

}  // namespace suyuan::epcis
