#include "tests/support/forge.h"

#include <algorithm>
#include <map>
#include <set>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/log_writer.h"
#include "ledger/batch/notice.h"
#include "ledger/batch/sign.h"
#include "ledger/code/code.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/codes_of.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/reach.h"
#include "proto/event_codec.h"
#include "proto/json/bundle_json.h"
#include "proto/registry_codec.h"

namespace suyuan::testing {
namespace {

std::vector<std::string> codes_named(const EventValue& value) {
  if (const auto* act = std::get_if<RegistryEvent>(&value)) return {code_of(*act)};
  return codes_of(std::get<TraceEvent>(value));
}

std::optional<SignedBatchNote> note_of(const ForgedLeaf& leaf) {
  if (leaf.kind != LeafKind::batch) return std::nullopt;
  auto note = parse_batch_note(leaf.text);
  return note ? std::optional(*std::move(note)) : std::nullopt;
}

std::optional<EventValue> value_of(const ForgedLeaf& leaf, const ForgedEvent& event) {
  const auto note = note_of(leaf);
  if (!note || !event.payload) return std::nullopt;
  auto value = decode_any_payload(note->batch.type, event.payload->bytes);
  return value ? std::optional(*std::move(value)) : std::nullopt;
}

std::vector<Hash> record_hashes(const ForgedLeaf& leaf) {
  std::vector<Hash> hashes;
  for (const auto& event : leaf.events) hashes.push_back(leaf_hash(event.record));
  return hashes;
}

}  // namespace

Result<Done> Rows::scan(const Hash& first, const Hash& last, const Visitor& visit) const {
  for (const MapEntry& entry : entries_) {
    if (entry.key < first || entry.key > last) continue;
    if (!visit(entry)) break;
  }
  return Done{};
}

Forge::Forge(const ProvenLedger& ledger) : keys_(const_cast<ProvenLedger&>(ledger)) {
  const Reader& state = ledger.sealed_state();
  for (uint64_t i = 0; i + 1 < ledger.tree().size; ++i) {
    auto leaf = read_leaf(state, i).value();
    ForgedLeaf forged{.kind = leaf.kind, .time_ms = leaf.time_ms, .text = std::move(leaf.text)};
    if (const auto note = note_of(forged)) {
      for (uint32_t n = 0; n < note->batch.events; ++n) {
        const Bytes key = place_key({i, n});
        auto payload = get<StoredPayload>(state, Table::payload, key).value();
        ForgedEvent event{.record = state.get(Table::record, key).value().value(), .payload = {}};
        if (payload) event.payload = BundlePayload{payload->salt, payload->bytes};
        forged.events.push_back(std::move(event));
      }
    }
    if (forged.kind == LeafKind::notice) {
      const auto notice = parse_notice(forged.text).value();
      forged.linked = std::get<EraseNotice>(notice.text).place();
    }
    leaves.push_back(std::move(forged));
  }
  sealed_ms = cosigned_ms = ledger.sealed_ms();
  log_name = ledger.id().origin;
}

LedgerId Forge::id() const {
  const auto genesis = parse_genesis(leaves.front().text);
  return {.origin = genesis ? genesis->origin : "", .genesis = sha256(leaves.front().data())};
}

std::vector<MapEntry> Forge::heads() const {
  std::map<Hash, MapEntry> heads;
  const auto link = [&](const std::vector<Hash>& keys, Place place, const Hash& linked) {
    for (const Hash& key : keys) {
      MapEntry& head = heads.try_emplace(key, MapEntry{.key = key, .link = key}).first->second;
      ++head.count;
      head.link = chain_link(head.count, head.link, place, linked);
    }
  };
  for (uint64_t i = 0; i < leaves.size(); ++i) {
    if (leaves[i].linked) {
      const auto record = decode_record(leaves.at(leaves[i].linked->leaf)
                                            .events.at(leaves[i].linked->event).record);
      link(record->code_keys, {i, kNoticeEvent}, leaf_hash(leaves[i].data()));
    }
    for (uint32_t n = 0; n < leaves[i].events.size(); ++n) {
      const Bytes& bytes = leaves[i].events[n].record;
      const auto record = decode_record(bytes);
      if (record) link(record->code_keys, {i, n}, leaf_hash(bytes));
    }
  }
  std::vector<MapEntry> entries;
  for (const auto& [key, head] : heads) entries.push_back(head);
  if (edit_map) edit_map(entries);
  return entries;
}

Bytes Forge::seal_data() const {
  const auto entries = heads();
  SealText seal{.ledger = id(), .leaves = leaves.size(), .chains = entries.size()};
  for (const auto& leaf : leaves) seal.events += leaf.events.size();
  seal.map = ChainMap::build(Rows(entries)).value().root();
  std::string text = write_seal(seal);
  if (edit_seal) {
    edit_seal(seal);
    text = write_seal(seal);
  }
  if (edit_seal_text) edit_seal_text(text);
  return write_leaf(LeafKind::seal, sealed_ms, text);
}

std::vector<Hash> Forge::leaf_hashes() const {
  std::vector<Hash> hashes;
  for (const auto& leaf : leaves) hashes.push_back(leaf_hash(leaf.data()));
  hashes.push_back(leaf_hash(seal_data()));
  return hashes;
}

Bundle Forge::make(std::string_view code) const {
  const auto hashes = leaf_hashes();
  Bundle bundle{.code = std::string(code)};
  bundle.genesis = {.data = leaves.front().data(), .path = inclusion_path(hashes, 0)};
  bundle.seal = {.data = seal_data(), .path = inclusion_path(hashes, hashes.size() - 1)};
  bundle.checkpoint = checkpoint_note(log_name, {hashes.size(), tree_hash(hashes)},
                                      keys_.log_key(), witnesses, cosigned_ms);
  std::set<std::string> codes;
  std::vector<EventValue> values;
  Reach reach(code);
  for (uint64_t i = 0; i < leaves.size(); ++i) {
    if (leaves[i].kind == LeafKind::notice) {
      bundle.leaves.push_back({i, {leaves[i].data(), inclusion_path(hashes, i)}});
      if (const auto notice = parse_notice(leaves[i].text)) {
        reach.add_party(std::get<EraseNotice>(notice->text).party);
      }
    }
    const auto note = note_of(leaves[i]);
    if (!note) continue;
    bundle.leaves.push_back({i, {leaves[i].data(), inclusion_path(hashes, i)}});
    const auto records = record_hashes(leaves[i]);
    for (uint64_t n = 0; n < records.size(); ++n) {
      const ForgedEvent& event = leaves[i].events[n];
      bundle.events.push_back({i, n, event.record, inclusion_path(records, n), event.payload});
      if (auto value = value_of(leaves[i], event)) values.push_back(*std::move(value));
    }
    reach.add_party(note->batch.party);
    for (const auto& line : note->note.signatures) reach.add_party(line.name);
  }
  for (const auto& value : values) {
    for (auto& named : codes_named(value)) codes.insert(std::move(named));
    if (const auto* stated = std::get_if<TraceEvent>(&value)) reach.add(*stated);
  }
  for (const auto& [named, why] : reach.codes()) codes.insert(named);
  const auto entries = heads();
  const ChainMap map = ChainMap::build(Rows(entries)).value();
  for (const auto& named : codes) {
    bundle.chains.push_back({named, map.prove(Rows(entries), code_key(named)).value().proof});
  }
  return bundle;
}

ForgedLeaf Forge::resigned(ForgedLeaf leaf, const By& by) const {
  BatchNote note = note_of(leaf)->batch;
  note.root = tree_hash(record_hashes(leaf));
  SignedNote again{.text = write_batch_text(note), .signatures = {}};
  const KeyPair& pair = keys_.keys(by.party, by.key);
  again.signatures.push_back(sign_note(again.text, by.party, pair.secret, pair.key));
  leaf.text = write_note(again);
  return leaf;
}

ForgedLeaf Forge::notice(const EraseNotice& erase, const By& by) const {
  SignedNote note{.text = write_erase_text(erase), .signatures = {}};
  const KeyPair& pair = keys_.keys(by.party, by.key);
  note.signatures.push_back(sign_note(note.text, by.party, pair.secret, pair.key));
  return {.kind = LeafKind::notice,
          .time_ms = leaves.back().time_ms,
          .text = write_note(note),
          .linked = erase.place()};
}

ForgedLeaf Forge::batch(const By& by, const std::vector<EventValue>& events,
                        uint64_t until_ms) const {
  BatchDraft draft{
      .ledger = id(), .events = {}, .until_ms = until_ms, .on_behalf_of = by.for_party};
  draft.nonce.data[0] = ++nonce_;
  ForgedLeaf leaf{.time_ms = leaves.back().time_ms};
  for (const auto& value : events) {
    const auto* act = std::get_if<RegistryEvent>(&value);
    if (act != nullptr) draft.type = PayloadType::registry_capnp;
    EventBody body;
    body.salt.data[0] = nonce_;
    body.salt.data[1] = static_cast<uint8_t>(leaf.events.size());
    body.payload = act ? encode_registry(*act) : encode_event(std::get<TraceEvent>(value));
    const auto codes = codes_named(value);
    const Record record{code_keys_of(codes), payload_hash(body.salt, body.payload)};
    leaf.events.push_back({encode_record(record), BundlePayload{body.salt, body.payload}});
    draft.events.push_back({std::move(body), codes});
  }
  const auto signer = [&](const By& one) {
    const KeyPair& pair = keys_.keys(one.party, one.key);
    return Signer{one.party, pair.secret, pair.key};
  };
  std::vector<Signer> with;
  for (const By& one : by.with) with.push_back(signer(one));
  leaf.text = sign_batch(std::move(draft), signer(by), with).value().note;
  return leaf;
}

}  // namespace suyuan::testing
