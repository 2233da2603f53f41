#include "node/epcis/ledger_source.h"

#include "ledger/apply/log_reader.h"
#include "ledger/code/code.h"
#include "node/epcis/rendering.h"
#include "node/viewer.h"

namespace suyuan::epcis {
namespace {

Result<std::optional<IndexedEvent>> indexed_event(const Reader& reader, const BatchNote& note,
                                                  Place place) {
  SUYUAN_TRY(payload, get<StoredPayload>(reader, Table::payload, place_key(place)));
  if (!payload) return std::optional<IndexedEvent>{};  // erased
  SUYUAN_TRY(rendered, render(*payload));
  IndexedEvent event{.place = place, .scopes = {}, .terms = {}};
  const auto document = parse_json(rendered.json);
  if (const auto flat = document ? flatten(document->root()) : Result<FlatEvent>(FlatEvent{})) {
    event.event_time_ms = flat->event_time_ms;
    event.terms = terms_of(*flat);
  }
  event.scopes = rendered.for_everyone ? std::vector<std::string>{kEveryone}
                                       : partners_of(reader, note, *payload);
  return std::optional<IndexedEvent>(std::move(event));
}

}  // namespace

Result<std::vector<std::string>> scopes_of_party(const Reader& reader, std::string_view party) {
  std::vector<std::string> scopes = {kEveryone};
  if (party.empty()) return scopes;
  scopes.push_back(party_code(party));
  SUYUAN_TRY(viewer, viewer_of(reader, party));
  scopes.insert(scopes.end(), viewer.names.begin(), viewer.names.end());
  return scopes;
}

Result<std::optional<EventText>> LedgerSource::load(Place place) const {
  if (!known_ || known_->leaf != place.leaf) {
    SUYUAN_TRY(leaf, read_leaf(reader_, place.leaf));
    SUYUAN_TRY(note, parse_batch_note(leaf.text));
    known_ = Known{.leaf = place.leaf, .time_ms = leaf.time_ms, .note = std::move(note.batch)};
  }
  SUYUAN_TRY(payload, get<StoredPayload>(reader_, Table::payload, place_key(place)));
  if (!payload) return std::optional<EventText>{};
  SUYUAN_TRY(rendered, render(*payload));
  return std::optional<EventText>(EventText{.place = place,
                                            .record_time_ms = known_->time_ms,
                                            .json = std::move(rendered.json),
                                            .party = known_->note.party,
                                            .signer = known_->note.signer});
}

Result<std::vector<IndexedEvent>> indexed_events(const Reader& reader, uint64_t leaf) {
  SUYUAN_TRY(found, read_leaf(reader, leaf));
  std::vector<IndexedEvent> events;
  if (found.kind != LeafKind::batch) return events;
  SUYUAN_TRY(note, parse_batch_note(found.text));
  if (note.batch.type == PayloadType::registry_capnp) return events;
  for (uint32_t i = 0; i < note.batch.events; ++i) {
    SUYUAN_TRY(event, indexed_event(reader, note.batch, {.leaf = leaf, .event = i}));
    if (!event) continue;
    event->record_time_ms = found.time_ms;
    events.push_back(*std::move(event));
  }
  return events;
}

}  // namespace suyuan::epcis
