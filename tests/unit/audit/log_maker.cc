#include "tests/unit/audit/log_maker.h"

#include <gtest/gtest.h>

#include "ledger/code/code.h"

namespace suyuan::testing {
namespace {

Hash seeded_hash(const std::string& what) { return sha256({"log maker ", what}); }
Nonce nonce_of(const std::string& what) {
  const Hash hash = seeded_hash(what);
  return Nonce::from(hash.view().substr(0, Nonce::kSize));
}

}  // namespace

LogMaker::LogMaker(uint64_t quorum) {
  Genesis genesis{.origin = "audit.example/log",
                  .log_key = keys("log").key,
                  .nodes = {{"node-1", keys("node-1").key}},
                  .authorities = {{"registrar", keys("registrar").key}},
                  .quorum = quorum,
                  .nonce = nonce_of("genesis")};
  for (uint64_t i = 2; i <= quorum; ++i) {
    const std::string name = "registrar-" + std::to_string(i);
    genesis.authorities.push_back({name, keys(name).key});
  }
  add(LeafKind::genesis, write_genesis(genesis).value());
  id = ledger_id(genesis, leaves[0].data);
}

const KeyPair& LogMaker::keys(const std::string& name) {
  auto found = keys_.find(name);
  if (found == keys_.end())
    found = keys_.emplace(name, key_from_seed(seeded_hash("key " + name).view())).first;
  return found->second;
}

KeyEntry LogMaker::possession(const std::string& party, const std::string& key) {
  const KeyPair& pair = keys(key);
  return prove_possession(id, party, pair.secret, pair.key);
}

void LogMaker::register_party(const std::string& party, Role role) {
  act(RegisterParty{{.id = party, .name = "Party " + party, .roles = {role}},
                    {possession(party, party)}});
}

BatchDraft LogMaker::draft(PayloadType type, const Options& options) {
  return {.ledger = id,
          .type = type,
          .events = {},
          .until_ms = options.until_ms,
          .nonce = nonce_of("nonce " + std::to_string(++made_)),
          .on_behalf_of = options.on_behalf_of};
}

void LogMaker::act(const RegistryEvent& event, const std::string& by) {
  BatchDraft made = draft(PayloadType::registry_capnp, {});
  made.events.push_back({{.salt = Salt::from(seeded_hash("salt " + std::to_string(made_)).view()),
                          .payload = encode_registry(event)},
                         {code_of(event)}});
  sign_and_add(std::move(made), by, by);
}

void LogMaker::post(const std::string& party, const std::vector<TraceEvent>& events,
                    const Options& options) {
  BatchDraft made = draft(PayloadType::event_capnp, options);
  for (size_t i = 0; i < events.size(); ++i) {
    const auto salt = "salt " + std::to_string(made_) + "." + std::to_string(i);
    made.events.push_back(
        {{.salt = Salt::from(seeded_hash(salt).view()), .payload = encode_event(events[i])},
         codes_of(events[i])});
  }
  sign_and_add(std::move(made), party, options.key.empty() ? party : options.key, options.with);
}

void LogMaker::post_as(const std::string& party, const std::vector<PayloadAndCodes>& events) {
  BatchDraft made = draft(PayloadType::event_capnp, {});
  for (const auto& [payload, codes] : events)
    made.events.push_back({{.salt = {}, .payload = payload}, codes});
  sign_and_add(std::move(made), party, party);
}

void LogMaker::sign_and_add(BatchDraft draft, const std::string& party, const std::string& key,
                            const std::vector<std::string>& with) {
  Bytes file;
  uint32_t event = 0;
  for (const auto& one : draft.events) {
    const Bytes record = encode_record(
        {.code_keys = code_keys_of(one.codes),
         .payload = payload_hash(one.body.salt, one.body.payload)});
    put_leaf_event(file,
                   {.record = record, .salt = one.body.salt, .payload = one.body.payload});
    link(record, event++);
  }
  std::vector<Signer> cosigners;
  for (const auto& name : with) cosigners.push_back({name, keys(name).secret, keys(name).key});
  const KeyPair& pair = keys(key);
  const auto submission =
      sign_batch(std::move(draft), Signer{party, pair.secret, pair.key}, cosigners).value();
  submissions.push_back(submission);
  add(LeafKind::batch, submission.note, std::move(file));
}

void LogMaker::link(BytesView record, uint32_t event) {
  link(decode_record(record).value().code_keys, {.leaf = leaves.size(), .event = event},
       leaf_hash(record));
  ++events_;
}

void LogMaker::link(const std::vector<Hash>& codes, Place place, const Hash& linked) {
  for (const Hash& code : codes) {
    ChainHead& head = rows_.heads[code];
    const Hash previous = head.count == 0 ? code : head.link;
    ++head.count;
    head.link = chain_link(head.count, previous, place, linked);
  }
}

void LogMaker::erase(const std::string& by, Place place, const Hash& section) {
  SignedNote note;
  note.text = write_erase_text({.ledger = id,
                                .party = by,
                                .leaf = place.leaf,
                                .event = place.event,
                                .section = section,
                                .nonce = nonce_of("nonce " + std::to_string(++made_))});
  const KeyPair& pair = keys(by);
  note.signatures.push_back(sign_note(note.text, by, pair.secret, pair.key));
  const Place own{.leaf = leaves.size(), .event = kNoticeEvent};
  add(LeafKind::notice, write_note(note));
  const auto file =
      place.leaf < leaves.size() ? decode_leaf_events(leaves[place.leaf].events)
                                 : Result<std::vector<LeafEvent>>(std::vector<LeafEvent>{});
  if (!file || place.event >= file->size()) return;
  link(decode_record((*file)[place.event].record).value().code_keys, own,
       leaf_hash(leaves.back().data));
}

void LogMaker::rules(RulesText rules, const std::vector<std::string>& by) {
  if (rules.ledger == LedgerId{}) rules.ledger = id;
  if (rules.nodes.empty()) rules.nodes = {{"node-1", keys("node-1").key}};
  if (rules.until_ms == 0) rules.until_ms = UINT64_C(4'000'000'000'000);
  SignedNote note{.text = write_rules(rules).value(), .signatures = {}};
  for (const auto& name : by) {
    const KeyPair& pair = keys(name);
    note.signatures.push_back(sign_note(note.text, name, pair.secret, pair.key));
  }
  add(LeafKind::notice, write_note(note));
}

Result<Done> LogMaker::Rows::scan(const Hash& first, const Hash& last,
                                  const Visitor& visit) const {
  for (auto row = heads.lower_bound(first); row != heads.end() && row->first <= last; ++row)
    if (!visit({.key = row->first, .count = row->second.count, .link = row->second.link})) break;
  return Done{};
}

void LogMaker::seal() {
  SealText text{.ledger = id,
                .previous = seal_,
                .leaves = leaves.size(),
                .events = events_,
                .chains = rows_.heads.size(),
                .map = ChainMap::build(rows_).value().root()};
  if (change_seal_) change_seal_(text);
  seal_ = leaves.size();
  add(LeafKind::seal, write_seal(text));
}

void LogMaker::add(LeafKind kind, std::string_view text, Bytes events) {
  leaves.push_back({.data = write_leaf(kind, time_ms, text), .events = std::move(events)});
}

TreeHead LogMaker::head() const {
  Frontier frontier;
  for (const auto& leaf : leaves) frontier.append(leaf_hash(leaf.data));
  return {.size = frontier.size(), .root = frontier.root()};
}

std::string LogMaker::checkpoint() const {
  const KeyPair& log = keys_.at("log");
  return sign_checkpoint({.origin = id.origin, .head = head()}, log.secret, log.key);
}

std::map<std::string, Bytes> LogMaker::files() const {
  std::map<std::string, Bytes> files = {{"checkpoint", checkpoint()}};
  const uint64_t size = leaves.size();
  std::map<unsigned, std::vector<Hash>> levels;
  Frontier frontier;
  for (uint64_t i = 0; i < size; ++i) {
    frontier.append(leaf_hash(leaves[i].data), [&](unsigned level, uint64_t, const Hash& hash) {
      levels[level / kTileHeight].push_back(hash);
    });
    files[write_events_path(i)] = leaves[i].events;
    Tile bundle{.index = i / kTileWidth};
    bundle.width = tile_width(size, std::nullopt, bundle.index);
    put_entry(files[write_tile_path(bundle)], leaves[i].data);
  }
  for (const auto& [level, hashes] : levels) {
    for (size_t i = 0; i < hashes.size(); ++i) {
      Tile tile{.level = level, .index = i / kTileWidth};
      tile.width = tile_width(size, level, tile.index);
      files[write_tile_path(tile)] += hashes[i].view();
    }
  }
  return files;
}

}  // namespace suyuan::testing
