#include "node/epcis/ledger_source.h"

#include <algorithm>
#include <functional>

#include "ledger/apply/log_reader.h"
#include "ledger/code/code.h"
#include "node/access/viewer.h"
#include "node/epcis/event_terms.h"
#include "node/epcis/rendering.h"
#include "proto/event_codec.h"

namespace suyuan::epcis {
namespace {

constexpr size_t kLeavesMax = 1024;  // of one pass

// Returns an event's time and terms. An event in the ledger's own encoding usually need not be
// written for that.
Result<Done> describe(const StoredPayload& payload, IndexedEvent& event) {
  if (payload.type == PayloadType::event_capnp) {
    SUYUAN_TRY(decoded, decode_event(payload.bytes));
    if (auto terms = terms_of(decoded)) {
      event.event_time_ms = decoded.event_time.ms;
      event.terms = *std::move(terms);
      return Done{};
    }
  }
  SUYUAN_TRY(rendered, render(payload));
  const auto document = parse_json(rendered.json);
  if (const auto flat = document ? flatten(document->root()) : Result<FlatEvent>(FlatEvent{})) {
    event.event_time_ms = flat->event_time_ms;
    event.terms = terms_of(*flat);
  }
  return Done{};
}

// Reads the rows of a table whose keys begin with the numbers of these leaves. `take` returns
// whether to continue, or an error that ends it.
Result<Done> each_row(const Reader& reader, Table table, uint64_t from, uint64_t to,
                      const std::function<Result<bool>(BytesView key, BytesView value)>& take) {
  Result<Done> outcome = Done{};
  SUYUAN_TRY_DONE(reader.scan(table, u64_key(from), u64_key(to), Direction::ascending,
                              [&](BytesView key, BytesView value) {
                                auto more = take(key, value);
                                if (!more) outcome = Unexpected(std::move(more).error());
                                return more && *more;
                              }));
  return outcome;
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
                                            .signer = known_->note.signer,
                                            .for_everyone = rendered.for_everyone});
}

Result<IndexedLeaves> indexed_events(const Reader& reader, uint64_t from, uint64_t to,
                                     size_t events_max, size_t terms_max) {
  IndexedLeaves out{.events = {}, .next = std::min(to, from + kLeavesMax)};
  std::vector<Leaf> leaves;
  SUYUAN_TRY_DONE(each_row(reader, Table::leaf, from, out.next,
                           [&](BytesView, BytesView value) -> Result<bool> {
                             SUYUAN_TRY(leaf, parse_leaf(value));
                             leaves.push_back(std::move(leaf));
                             return true;
                           }));
  if (leaves.size() != out.next - from)
    return fail(Code::CORRUPT, "the log lacks a leaf after " + std::to_string(from));
  size_t terms = 0;
  const auto take = [&](BytesView key, BytesView value) -> Result<bool> {
    SUYUAN_TRY(place, decode_place_key(key));
    const bool full = out.events.size() >= events_max || terms >= terms_max;
    if (full && place.leaf != out.events.back().place.leaf) {
      out.next = place.leaf;
      return false;
    }
    SUYUAN_TRY(payload, decode<StoredPayload>(value));
    if (payload.type == PayloadType::registry_capnp) return true;
    const Leaf& leaf = leaves[static_cast<size_t>(place.leaf - from)];
    IndexedEvent event{.place = place, .record_time_ms = leaf.time_ms, .scopes = {}, .terms = {}};
    SUYUAN_TRY_DONE(describe(payload, event));
    if (payload.audience == EventAudience::everyone) {
      event.scopes = {kEveryone};
    } else {
      SUYUAN_TRY(note, parse_batch_note(leaf.text));
      event.scopes = partners_of(reader, note.batch, payload);
    }
    terms += event.terms.size() * event.scopes.size();
    out.events.push_back(std::move(event));
    return true;
  };
  SUYUAN_TRY_DONE(each_row(reader, Table::payload, from, out.next, take));
  return out;
}

}  // namespace suyuan::epcis
