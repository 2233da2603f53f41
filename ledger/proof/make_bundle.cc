// Follows the reach, chain by chain, until it leads nowhere new.
#include "ledger/proof/make_bundle.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/batch/notice.h"
#include "ledger/code/code.h"
#include "ledger/proof/batch_rows.h"
#include "ledger/proof/reach.h"
#include "ledger/store/schema.h"

namespace suyuan {
namespace {

Unexpected<Error> corrupt(std::string what) { return fail(Code::CORRUPT, std::move(what)); }

Unexpected<Error> too_much(std::string_view code, std::string_view what) {
  return fail(Code::TOO_COMPLEX,
              "the bundle of " + quoted(code) + " would hold more than " + std::string(what) +
                  ": ask for the bundles of its inputs and containers, one by one",
              "code");
}

// Bytes of one event in the file with its path and its share of a leaf; an upper estimate.
size_t text_bytes(size_t record, size_t payload) {
  constexpr size_t kFraming = 1024;
  return kFraming + (record + payload) * 4 / 3;
}

constexpr size_t kNoticeBytes = 1024;  // of a leaf; one has some 600

class Maker {
 public:
  Maker(const BundleSource& source, std::string_view code, const PayloadDecoder& decode,
        const BundleRoom& room)
      : source_(source),
        decode_(decode),
        room_(room),
        batches_(source.state, source.size),
        reach_(code) {
    bundle_.code = code;
  }
  Result<Bundle> run() &&;

 private:
  struct Candidate {
    std::string code;
    bool needed = false;  // must not be cut
    MapAnswer answer;
    uint64_t count() const { return answer.entry ? answer.entry->count : 0; }
  };

  Result<Done> follow();
  Result<std::vector<Candidate>> next_round() const;
  Result<Done> take_code(Candidate one);
  Result<std::vector<Place>> places_of(const Candidate& one) const;
  Result<size_t> bytes_of(const std::vector<Place>& places) const;
  Result<Done> take_event(Place place);
  Result<Done> take_notice(uint64_t leaf);
  Result<Done> take_payload(const Batch& batch, BundleEvent& event, Place place);
  Result<ProvenLeaf> proven_leaf(uint64_t index) const;
  Result<Done> finish();

  const BundleSource& source_;
  const PayloadDecoder& decode_;
  const BundleRoom room_;
  BatchRows batches_;
  Reach reach_;
  std::deque<EventValue> values_;  // the reach refers to them
  std::map<Place, BundleEvent> events_;
  std::set<uint64_t> notices_;  // leaves
  std::map<std::string, bool> taken_;  // code -> whether as a chain, not cut
  size_t bytes_ = 0;
  Bundle bundle_;
};

// Chains that are added bring new codes: another round, until there are none.
Result<Done> Maker::follow() {
  while (true) {
    SUYUAN_TRY(round, next_round());
    if (round.empty()) return Done{};
    for (Candidate& one : round) SUYUAN_TRY_DONE(take_code(std::move(one)));
  }
}

// First what must not be cut, then short chains before long ones: flooding one code takes no room
// from the others.
Result<std::vector<Maker::Candidate>> Maker::next_round() const {
  std::vector<Candidate> round;
  for (const auto& [code, why] : reach_.codes()) {
    const bool needed = code == bundle_.code || (why & Reach::kRegistry) != 0;
    // A chain that was cut as a container's may turn out to be one that must not be cut.
    const auto before = taken_.find(code);
    if (before != taken_.end() && (before->second || !needed)) continue;
    SUYUAN_TRY(answer, source_.map.prove(source_.rows, code_key(code)));
    round.push_back({.code = code, .needed = needed, .answer = std::move(answer)});
  }
  std::ranges::stable_sort(round, {}, [](const Candidate& one) {
    return std::pair(!one.needed, one.count());
  });
  return round;
}

Result<Done> Maker::take_code(Candidate one) {
  if (taken_.size() >= limits::kBundleChainsMax) return too_much(bundle_.code, "4,096 chains");
  if (one.count() > limits::kBundleEventsMax && one.needed) {
    return too_much(bundle_.code, "20,000 events");
  }
  std::vector<Place> places;
  bool fits = one.needed;
  if (!fits && events_.size() + one.count() <= room_.events) {
    SUYUAN_TRY(read, places_of(one));
    places = std::move(read);
    SUYUAN_TRY(more, bytes_of(places));
    fits = bytes_ + more <= room_.bytes;
  } else if (fits) {
    SUYUAN_TRY(read, places_of(one));
    places = std::move(read);
  }
  taken_[one.code] = fits;
  if (!fits) {
    bundle_.cuts.push_back({.code = std::move(one.code),
                            .count = one.count(),
                            .link = one.answer.entry->link,
                            .proof = std::move(one.answer.proof)});
    return Done{};
  }
  bundle_.chains.push_back({.code = std::move(one.code), .proof = std::move(one.answer.proof)});
  for (const Place place : places) SUYUAN_TRY_DONE(take_event(place));
  return Done{};
}

Result<std::vector<Place>> Maker::places_of(const Candidate& one) const {
  std::vector<Place> places;
  if (one.count() == 0) return places;
  places.reserve(one.count());
  std::optional<Error> error;
  auto note = [&](BytesView, BytesView row) {
    auto link = decode<StoredLink>(row);
    if (!link) {
      error = std::move(link).error();
      return false;
    }
    places.push_back(link->place);
    return places.size() < one.count();
  };
  const Hash& key = one.answer.entry->key;
  SUYUAN_TRY_DONE(source_.state.scan(Table::chain, chain_key(key, 1), after_prefix(key.view()),
                                     Direction::ascending, note));
  if (error) return Unexpected(*std::move(error));
  if (places.size() != one.count()) return corrupt("a chain has fewer links than the map says");
  return places;
}

// Bytes as text of the places that are not in the bundle yet.
Result<size_t> Maker::bytes_of(const std::vector<Place>& places) const {
  size_t bytes = 0;
  for (const Place place : places) {
    if (place.event == kNoticeEvent) {
      if (!notices_.contains(place.leaf)) bytes += text_bytes(kNoticeBytes, 0);
      continue;
    }
    if (events_.contains(place)) continue;
    SUYUAN_TRY(record, source_.state.get(Table::record, place_key(place)));
    SUYUAN_TRY(payload, source_.state.get(Table::payload, place_key(place)));
    bytes += text_bytes(record ? record->size() : 0, payload ? payload->size() : 0);
  }
  return bytes;
}

// Its event is in the same chain, before it.
Result<Done> Maker::take_notice(uint64_t leaf) {
  if (!notices_.insert(leaf).second) return Done{};
  if (notices_.size() + events_.size() >= limits::kBundleLeavesMax) {
    return too_much(bundle_.code, "20,000 leaves");
  }
  SUYUAN_TRY(data, read_leaf(source_.state, leaf));
  SUYUAN_TRY(notice, parse_notice(data.text));
  const EraseNotice* erase = erasure_of(notice);
  if (erase == nullptr) return corrupt("a link leads to a notice that is about no event");
  reach_.add_party(erase->party);
  bytes_ += text_bytes(data.text.size(), 0);
  if (bytes_ > limits::kBundleBytesMax) return too_much(bundle_.code, "64 MiB");
  return Done{};
}

Result<Done> Maker::take_event(Place place) {
  if (place.event == kNoticeEvent) return take_notice(place.leaf);
  if (events_.contains(place)) return Done{};
  if (events_.size() >= limits::kBundleEventsMax) return too_much(bundle_.code, "20,000 events");
  SUYUAN_TRY(batch, batches_.of(place.leaf));
  if (batch == nullptr) return too_much(bundle_.code, "a million records can prove");
  if (place.event >= batch->records.size()) return corrupt("a link leads beyond its batch");
  SUYUAN_TRY(path, batch->path_of(place.event));
  BundleEvent event{.leaf = place.leaf,
                    .event = place.event,
                    .record = batch->records[place.event],
                    .path = std::move(path),
                    .payload = {}};
  SUYUAN_TRY_DONE(take_payload(*batch, event, place));
  bytes_ += text_bytes(event.record.size(), event.payload ? event.payload->bytes.size() : 0);
  if (bytes_ > limits::kBundleBytesMax) return too_much(bundle_.code, "64 MiB");
  const BatchNote& note = batch->note;
  reach_.add_party(note.party);
  if (!note.signer.empty()) reach_.add_party(note.signer);
  for (const std::string& with : note.with) reach_.add_party(with);
  events_.emplace(place, std::move(event));
  return Done{};
}

Result<Done> Maker::take_payload(const Batch& batch, BundleEvent& event, Place place) {
  SUYUAN_TRY(stored, get<StoredPayload>(source_.state, Table::payload, place_key(place)));
  if (!stored) {
    if (batch.note.type != PayloadType::registry_capnp) return Done{};
    return corrupt("the registry act at leaf " + std::to_string(place.leaf) + " is not there");
  }
  const bool open = stored->audience == EventAudience::everyone || source_.filter == nullptr ||
                    source_.filter->sees(place);
  if (!open) return Done{};
  auto value = decode_(batch.note.type, stored->bytes);
  if (!value) return corrupt("a stored payload does not decode: " + value.error().message);
  values_.push_back(*std::move(value));
  if (const auto* stated = std::get_if<TraceEvent>(&values_.back())) reach_.add(*stated);
  event.payload = BundlePayload{.salt = stored->salt, .bytes = std::move(stored->bytes)};
  return Done{};
}

Result<ProvenLeaf> Maker::proven_leaf(uint64_t index) const {
  SUYUAN_TRY(data, source_.state.get(Table::leaf, u64_key(index)));
  if (!data) return corrupt("leaf " + std::to_string(index) + " is missing");
  SUYUAN_TRY(path, leaf_path(source_.state, index, source_.size));
  return ProvenLeaf{.data = *std::move(data), .path = std::move(path)};
}

Result<Done> Maker::finish() {
  SUYUAN_TRY(genesis, proven_leaf(0));
  SUYUAN_TRY(seal, proven_leaf(source_.size - 1));
  bundle_.genesis = std::move(genesis);
  bundle_.seal = std::move(seal);
  bundle_.checkpoint = source_.checkpoint;
  std::set<uint64_t> leaves = notices_;
  for (auto& [place, event] : events_) {
    leaves.insert(place.leaf);
    bundle_.events.push_back(std::move(event));
  }
  for (const uint64_t index : leaves) {
    SUYUAN_TRY(leaf, proven_leaf(index));
    bundle_.leaves.push_back({.index = index, .leaf = std::move(leaf)});
  }
  std::ranges::sort(bundle_.chains, {}, &BundleChain::code);
  // A code found again as one that must not be cut is only in chains.
  std::erase_if(bundle_.cuts, [&](const BundleCut& cut) { return taken_.at(cut.code); });
  std::ranges::sort(bundle_.cuts, {}, &BundleCut::code);
  return Done{};
}

Result<Bundle> Maker::run() && {
  SUYUAN_TRY_DONE(follow());
  SUYUAN_TRY_DONE(finish());
  return std::move(bundle_);
}

}  // namespace

Result<Bundle> make_bundle(const BundleSource& source, std::string_view code,
                           const PayloadDecoder& decode, const BundleRoom& room) {
  SUYUAN_CHECK(source.size >= 2);
  return Maker(source, code, decode, room).run();
}

}  // namespace suyuan
