#include "tests/unit/proof/tamper_rows.h"

#include <algorithm>

#include "ledger/apply/log_writer.h"
#include "ledger/batch/notice.h"
#include "ledger/code/code.h"
#include "ledger/merkle/tree.h"
#include "tests/unit/proof/bundle_world.h"

namespace suyuan::testing {
namespace {

using enum BundleFault;

void flip(Bytes& bytes, size_t at = 0) { bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1); }
void flip(Hash& hash) { hash.data[7] ^= 1; }

void replace(std::string& text, std::string_view what, std::string_view by) {
  const size_t at = text.find(what);
  SUYUAN_CHECK(at != std::string::npos);
  text.replace(at, what.size(), by);
}

// Of a registry act, or of an event; the first.
size_t first_event(const Bundle& bundle, bool act) {
  for (size_t i = 0; i < bundle.events.size(); ++i) {
    const auto leaf = std::ranges::find(bundle.leaves, bundle.events[i].leaf, &BundleLeaf::index);
    const bool is_act = leaf->leaf.data.find("vnd.suyuan.registry") != Bytes::npos;
    if (is_act == act) return i;
  }
  SUYUAN_CHECK(false);
  return 0;
}

ForgedLeaf& leaf_of(Forge& forge, std::string_view party) {
  const std::string line = "\nparty " + std::string(party) + "\n";
  return *std::ranges::find_if(forge.leaves, [&](const ForgedLeaf& leaf) {
    return leaf.text.find(line) != std::string::npos;
  });
}

void add_form_rows(std::vector<Tampering>& rows) {
  const auto add = [&](std::string name, std::function<void(Bundle&)> edit) {
    rows.push_back({.name = std::move(name), .fault = BUNDLE_SYNTAX, .edit = std::move(edit)});
  };
  add("leaves out of order", [](Bundle& b) { std::swap(b.leaves[0], b.leaves[1]); });
  add("events out of order", [](Bundle& b) { std::swap(b.events[0], b.events[1]); });
  add("chains out of order", [](Bundle& b) { std::swap(b.chains[0], b.chains[1]); });
  add("a leaf twice", [](Bundle& b) { b.leaves.insert(b.leaves.begin(), b.leaves[0]); });
  add("an event twice", [](Bundle& b) { b.events.insert(b.events.begin(), b.events[0]); });
  add("a chain twice", [](Bundle& b) { b.chains.insert(b.chains.begin(), b.chains[0]); });
  add("an event without its leaf", [](Bundle& b) { b.leaves.erase(b.leaves.begin()); });
  add("a leaf without events", [](Bundle& b) {
    std::erase_if(b.events, [&](const auto& one) { return one.leaf == b.leaves[1].index; });
  });
  add("the last leaf without events", [](Bundle& b) {
    std::erase_if(b.events, [&](const auto& one) { return one.leaf == b.leaves.back().index; });
  });
  add("a cut of a chain that is there", [](Bundle& b) {
    b.cuts.push_back({.code = b.chains[0].code, .count = 1, .link = {}, .proof = {}});
  });
  add("a cut of nothing", [](Bundle& b) {
    b.cuts.push_back({.code = "urn:nobody", .count = 0, .link = {}, .proof = {}});
  });
  add("no code", [](Bundle& b) { b.code.clear(); });
  add("a code with a blank", [](Bundle& b) { b.code = "a b"; });
  add("a code that is too long", [](Bundle& b) { b.code = std::string(513, 'x'); });
  add("a chain without code", [](Bundle& b) { b.chains[0].code.clear(); });
  add("a path of 65", [](Bundle& b) { b.seal.path.resize(65); });
}

void add_checkpoint_rows(std::vector<Tampering>& rows) {
  const auto edit = [&](std::string name, BundleFault fault, std::function<void(Bundle&)> change) {
    rows.push_back({.name = std::move(name), .fault = fault, .edit = std::move(change)});
  };
  edit("no checkpoint", CHECKPOINT_SYNTAX, [](Bundle& b) { b.checkpoint.clear(); });
  edit("a checkpoint cut off", CHECKPOINT_SYNTAX, [](Bundle& b) { b.checkpoint.pop_back(); });
  edit("a checkpoint with an extension", CHECKPOINT_SYNTAX,
       [](Bundle& b) { replace(b.checkpoint, "\n\n", "\nextension\n\n"); });
  edit("a checkpoint without signatures", CHECKPOINT_SYNTAX,
       [](Bundle& b) { b.checkpoint.resize(b.checkpoint.find("\n\n") + 2); });
  edit("a checkpoint of size 1", CHECKPOINT_SYNTAX, [](Bundle& b) {
    const size_t begin = b.checkpoint.find('\n') + 1;
    b.checkpoint.replace(begin, b.checkpoint.find('\n', begin) - begin, "1");
  });
  edit("a checkpoint of another size", CHECKPOINT_SIGNATURE, [](Bundle& b) {
    b.checkpoint.insert(b.checkpoint.find('\n') + 1, "1");
  });
  rows.push_back({.name = "another log", .fault = LOG_UNKNOWN, .forge = [](Forge& f) {
                    f.log_name = "ledger.example/other";
                  }});
  rows.push_back({.name = "another key of the log", .fault = CHECKPOINT_SIGNATURE,
                  .policy = [](Policy& p) { p.logs[0].key.key = witness_key('x').key; }});
  edit("a flipped cosignature", COSIGNATURE_INVALID, [](Bundle& b) {
    const size_t at = b.checkpoint.size() - 20;
    b.checkpoint[at] = b.checkpoint[at] == 'A' ? 'B' : 'A';
  });
  rows.push_back({.name = "one witness of three", .fault = QUORUM_MISSING,
                  .forge = [](Forge& f) { f.witnesses = "a"; }});
  rows.push_back({.name = "no witness", .fault = QUORUM_MISSING,
                  .forge = [](Forge& f) { f.witnesses.clear(); }});
  rows.push_back({.name = "witnesses that nobody knows", .fault = QUORUM_MISSING,
                  .forge = [](Forge& f) { f.witnesses = "xyz"; }});
  rows.push_back({.name = "a seal long after its witnesses", .fault = SEAL_INVALID,
                  .forge = [](Forge& f) { f.cosigned_ms = f.sealed_ms - 601'000; }});
}

void add_genesis_rows(std::vector<Tampering>& rows) {
  const auto edit = [&](std::string name, BundleFault fault, std::function<void(Bundle&)> change) {
    rows.push_back({.name = std::move(name), .fault = fault, .edit = std::move(change)});
  };
  edit("genesis changed", GENESIS_INVALID,
       [](Bundle& b) { replace(b.genesis.data, "time 1", "time 2"); });
  edit("genesis with another path", GENESIS_INVALID, [](Bundle& b) { flip(b.genesis.path[0]); });
  edit("genesis with a longer path", GENESIS_INVALID,
       [](Bundle& b) { b.genesis.path.push_back(b.genesis.path[0]); });
  rows.push_back({.name = "another genesis than the policy's", .fault = GENESIS_INVALID,
                  .policy = [](Policy& p) { flip(p.genesis[0]); }});
  rows.push_back({.name = "genesis of another log key", .fault = GENESIS_INVALID,
                  .forge = [](Forge& f) {
                    auto genesis = parse_genesis(f.leaves[0].text).value();
                    genesis.log_key = witness_key('x').key;
                    f.leaves[0].text = write_genesis(genesis).value();
                  },
                  .policy = [](Policy& p) { p.genesis.clear(); }});
  edit("a batch as seal", SEAL_INVALID, [](Bundle& b) { b.seal = b.leaves.back().leaf; });
  edit("a seal with another path", SEAL_INVALID, [](Bundle& b) { flip(b.seal.path[0]); });
  edit("a seal with another map", SEAL_INVALID,
       [](Bundle& b) { replace(b.seal.data, "map ", "map A"); });
  const auto seal = [&](std::string name, BundleFault fault,
                        std::function<void(std::string&)> change) {
    rows.push_back({.name = std::move(name), .fault = fault, .forge = [change](Forge& f) {
                      f.edit_seal_text = change;
                    }});
  };
  seal("a seal of another ledger", SEAL_INVALID,
       [](std::string& t) { replace(t, "ledger.example/test", "ledger.example/else"); });
  seal("a seal that counts too few leaves", SEAL_INVALID, [](std::string& t) {
    const size_t begin = t.find("leaves ") + 7;
    t.replace(begin, t.find('\n', begin) - begin, "3");
  });
  seal("a seal whose predecessor comes later", SEAL_INVALID,
       [](std::string& t) { replace(t, "previous -", "previous 999"); });
  seal("a seal with a line too many", SEAL_INVALID, [](std::string& t) { t += "more 1\n"; });
  seal("a seal under later rules", RULES_NEWER,
       [](std::string& t) { replace(t, "rules 1", "rules 2"); });
  rows.push_back({.name = "a seal before genesis", .fault = SEAL_INVALID,
                  .forge = [](Forge& f) { f.sealed_ms = f.leaves[0].time_ms - 1; }});
}

void add_leaf_rows(std::vector<Tampering>& rows) {
  const auto edit = [&](std::string name, std::function<void(Bundle&)> change) {
    rows.push_back({.name = std::move(name), .fault = LEAF_INVALID, .edit = std::move(change)});
  };
  edit("a leaf with another path", [](Bundle& b) { flip(b.leaves[2].leaf.path[1]); });
  edit("a leaf with a shorter path", [](Bundle& b) { b.leaves[2].leaf.path.pop_back(); });
  edit("a leaf at another place", [](Bundle& b) {
    std::swap(b.leaves[2].leaf, b.leaves[3].leaf);
  });
  edit("a leaf's note changed",
       [](Bundle& b) { replace(b.leaves[2].leaf.data, "until ", "until 1"); });
  edit("a leaf that is the seal", [](Bundle& b) { b.leaves.back().leaf = b.seal; });
  const auto forge = [&](std::string name, std::function<void(Forge&)> change) {
    rows.push_back({.name = std::move(name), .fault = LEAF_INVALID, .forge = std::move(change)});
  };
  forge("log time that falls", [](Forge& f) { f.leaves.back().time_ms -= 1; });
  forge("a leaf after its seal's time",
        [](Forge& f) { f.leaves.back().time_ms = f.sealed_ms + 1; });
  forge("the same batch twice", [](Forge& f) { f.leaves.push_back(f.leaves.back()); });
  forge("a batch after its own limit", [](Forge& f) {
    f.leaves.push_back(f.batch({"carrier"}, {observe("10:00", "storing", {kFirstCan})},
                               static_cast<uint64_t>(f.leaves.back().time_ms) - 1));
  });
  forge("a batch for another ledger", [](Forge& f) {
    replace(leaf_of(f, "carrier").text, "ledger.example/test", "ledger.example/else");
  });
}

void add_event_rows(std::vector<Tampering>& rows) {
  const auto edit = [&](std::string name, std::function<void(BundleEvent&)> change) {
    rows.push_back({.name = std::move(name), .fault = EVENT_INVALID, .edit = [change](Bundle& b) {
                      change(b.events[first_event(b, false)]);
                    }});
  };
  edit("a record changed", [](BundleEvent& e) { flip(e.record, 20); });
  edit("no record", [](BundleEvent& e) { e.record.clear(); });
  edit("an event with a path too long", [](BundleEvent& e) { e.path.resize(e.path.size() + 1); });
  edit("another salt", [](BundleEvent& e) { e.payload->salt.data[0] ^= 1; });
  edit("a payload changed", [](BundleEvent& e) { flip(e.payload->bytes, 30); });
  edit("no payload", [](BundleEvent& e) { e.payload->bytes.clear(); });
  rows.push_back({.name = "an event beyond its batch", .fault = EVENT_INVALID,
                  .edit = [](Bundle& b) { b.events.back().event = 4096; }});
  rows.push_back({.name = "a withheld registry act", .fault = EVENT_INVALID, .edit = [](Bundle& b) {
                    b.events[first_event(b, true)].payload.reset();
                  }});
  // The note signs what the payload does not say.
  rows.push_back({.name = "a record of other codes than the payload's", .fault = EVENT_INVALID,
                  .forge = [](Forge& f) {
                    auto leaf = f.batch({"carrier"}, {observe("10:00", "storing", {kFirstCan})});
                    auto other = f.batch({"carrier"}, {observe("10:00", "storing", {kOtherCan})});
                    auto record = decode_record(leaf.events[0].record).value();
                    record.payload = payload_hash(other.events[0].payload->salt,
                                                  other.events[0].payload->bytes);
                    other.events[0].record = encode_record(record);
                    SUYUAN_CHECK(other.events.size() == 1);
                    f.leaves.push_back(f.resigned(std::move(other), {"carrier"}));
                  }});
}

void add_registry_rows(std::vector<Tampering>& rows) {
  const auto act = [&](std::string name, Forge::By by, std::vector<EventValue> acts) {
    rows.push_back({.name = std::move(name), .fault = REGISTRY_INVALID,
                    .forge = [by, acts](Forge& f) { f.leaves.push_back(f.batch(by, acts)); }});
  };
  const RegistryEvent stranger = RegisterParty{
      .party = {.id = "stranger", .name = "Stranger", .roles = {Role::logistics}}, .keys = {}};
  act("an act by a firm", {"maker", 1}, {stranger});
  act("an act by a stranger", {"nobody"}, {stranger});
  act("a party registered twice", {"registrar"},
      {RegistryEvent(RegisterParty{
          .party = {.id = "maker", .name = "M", .roles = {Role::lab}}, .keys = {}})});
  act("a new authority", {"registrar"},
      {RegistryEvent(RegisterParty{
          .party = {.id = "usurper", .name = "U", .roles = {Role::authority}}, .keys = {}})});
  act("a party with a reserved name", {"registrar"},
      {RegistryEvent(RegisterParty{
          .party = {.id = "consumer", .name = "C", .roles = {Role::lab}}, .keys = {}})});
  act("a delegation ended that was not", {"registrar"},
      {RegistryEvent(EndDelegation{.party = "maker", .signer = "carrier"})});
  act("a key without proof of possession", {"registrar"},
      {RegistryEvent(AddKey{.party = "maker",
                            .key = {.key = witness_key('y').key, .possession = {}}})});
  act("an act through a gateway", {"carrier", 0, "registrar"}, {stranger});
  rows.push_back({.name = "an act with another's signature", .fault = REGISTRY_INVALID,
                  .forge = [stranger](Forge& f) {
                    f.leaves.push_back(f.batch({"registrar", 3}, {stranger}));
                  }});
}

void add_signature_rows(std::vector<Tampering>& rows) {
  const TraceEvent seen = observe("10:00", "storing", {kFirstCan});
  const auto by = [&](std::string name, Forge::By who) {
    rows.push_back({.name = std::move(name), .fault = SIGNATURE_INVALID,
                    .forge = [who, seen](Forge& f) { f.leaves.push_back(f.batch(who, {seen})); }});
  };
  by("a batch of a party that nobody registered", {"nobody"});
  by("a batch under a key that nobody registered", {"carrier", 5});
  by("a batch under a revoked key", {"maker", 0});
  by("a gateway without delegation", {"carrier", 0, "maker"});
  rows.push_back({.name = "a key before it was registered", .fault = SIGNATURE_INVALID,
                  .forge = [seen](Forge& f) {
                    auto early = f.batch({"maker", 1}, {seen});
                    auto& add = leaf_of(f, "registrar");
                    early.time_ms = add.time_ms;
                    f.leaves.insert(f.leaves.begin() + 1, std::move(early));
                  }});
  rows.push_back({.name = "a signature that is not of the key it names", .fault = SIGNATURE_INVALID,
                  .forge = [](Forge& f) {
                    std::string& note = leaf_of(f, "carrier").text;
                    const size_t at = note.size() - 12;
                    note[at] = note[at] == 'A' ? 'B' : 'A';
                  }});
}

void add_chain_rows(std::vector<Tampering>& rows) {
  const auto edit = [&](std::string name, BundleFault fault, std::function<void(Bundle&)> change) {
    rows.push_back({.name = std::move(name), .fault = fault, .edit = std::move(change)});
  };
  edit("a map proof changed", CHAIN_INVALID, [](Bundle& b) { flip(b.chains[0].proof, 5); });
  edit("a map proof cut off", CHAIN_INVALID, [](Bundle& b) { b.chains[0].proof.pop_back(); });
  edit("no map proof", CHAIN_INVALID, [](Bundle& b) { b.chains[0].proof.clear(); });
  edit("two chains' proofs exchanged", CHAIN_INVALID,
       [](Bundle& b) { std::swap(b.chains[1].proof, b.chains[2].proof); });
  edit("a chain of nothing with another's proof", CHAIN_INVALID, [](Bundle& b) {
    b.chains.push_back({.code = "urn:zzz:nobody", .proof = b.chains[0].proof});
    std::ranges::sort(b.chains, {}, &BundleChain::code);
  });
  edit("a cut that is not proven", CHAIN_INVALID, [](Bundle& b) {
    b.cuts.push_back({.code = "urn:nobody", .count = 1, .link = {}, .proof = {}});
  });
  rows.push_back({.name = "a map with another count", .fault = CHAIN_INVALID,
                  .forge = [](Forge& f) {
                    f.edit_map = [](std::vector<MapEntry>& map) { ++map[0].count; };
                  }});
  rows.push_back({.name = "a map with another link", .fault = CHAIN_INVALID, .forge = [](Forge& f) {
                    f.edit_map = [](std::vector<MapEntry>& map) { flip(map.back().link); };
                  }});
  edit("another code asked", REACH_MISSING, [](Bundle& b) { b.code = "urn:nobody"; });
  const auto drop = [&](std::string name, std::string code) {
    edit(std::move(name), REACH_MISSING, [code](Bundle& b) {
      std::erase_if(b.chains, [&](const BundleChain& one) { return one.code == code; });
    });
  };
  drop("no chain of the code itself", code(kFirstCan));
  drop("no chain of its case", code(kCase));
  drop("no chain of its pallet", code(kPalletOfCase));
  drop("no chain of its lot", code(kCanLot));
  drop("no chain of its lot's milk", code(kMilkLot));
  drop("no chain of its product", "urn:suyuan:product:09521104301011");
  drop("no chain of the maker", "urn:suyuan:party:maker");
  drop("no chain of the gateway", "urn:suyuan:party:carrier");
  drop("no chain of the registrar", "urn:suyuan:party:registrar");
  edit("the code itself cut", REACH_MISSING, [](Bundle& b) { cut(b, code(kFirstCan)); });
  edit("a party cut", REACH_MISSING, [](Bundle& b) { cut(b, "urn:suyuan:party:maker"); });
}

}  // namespace

void cut(Bundle& bundle, const std::string& code) {
  const auto chain = std::ranges::find(bundle.chains, code, &BundleChain::code);
  BundleCut made{.code = code, .count = 0, .link = code_key(code), .proof = chain->proof};
  for (const BundleEvent& event : bundle.events) {
    const auto record = decode_record(event.record).value();
    if (!std::ranges::binary_search(record.code_keys, code_key(code))) continue;
    made.link = chain_link(++made.count, made.link,
                           {event.leaf, static_cast<uint32_t>(event.event)},
                           leaf_hash(event.record));
  }
  bundle.chains.erase(chain);
  bundle.cuts.push_back(std::move(made));
  std::ranges::sort(bundle.cuts, {}, &BundleCut::code);
}

void prune(Bundle& bundle) {
  std::vector<Hash> keys;
  for (const BundleChain& chain : bundle.chains) keys.push_back(code_key(chain.code));
  std::ranges::sort(keys);
  std::erase_if(bundle.events, [&](const BundleEvent& event) {
    const auto record = decode_record(event.record).value();
    return std::ranges::none_of(record.code_keys, [&](const Hash& key) {
      return std::ranges::binary_search(keys, key);
    });
  });
  const auto has = [&](uint64_t leaf, std::optional<uint64_t> event) {
    return std::ranges::any_of(bundle.events, [&](const BundleEvent& one) {
      return one.leaf == leaf && (!event || one.event == *event);
    });
  };
  std::erase_if(bundle.leaves, [&](const BundleLeaf& leaf) {
    const auto parsed = parse_leaf(leaf.leaf.data).value();
    if (parsed.kind != LeafKind::notice) return !has(leaf.index, {});
    const auto notice = parse_notice(parsed.text).value();
    const auto& erase = std::get<EraseNotice>(notice.text);
    return !has(erase.leaf, erase.event);
  });
}

std::vector<Tampering> all_tamperings() {
  std::vector<Tampering> rows;
  add_form_rows(rows);
  add_checkpoint_rows(rows);
  add_genesis_rows(rows);
  add_leaf_rows(rows);
  add_event_rows(rows);
  add_registry_rows(rows);
  add_signature_rows(rows);
  add_chain_rows(rows);
  return rows;
}

}  // namespace suyuan::testing
