// The frozen vectors: tests/vectors/genesis.json and registry.json, made by another program.
#include "ledger/crypto/hash.h"
#include "ledger/crypto/note.h"
#include "ledger/registry/act_rules.h"
#include "tests/unit/registry/acts.h"

namespace suyuan::testing {
namespace {

template <class T>
std::string outcome(const Result<T>& result) {
  return result ? "OK" : std::string(info(result.error().code).name);
}

std::vector<NamedKey> named_keys(const boost::json::value& list) {
  std::vector<NamedKey> keys;
  for (const auto& one : list.as_array()) {
    keys.push_back({.name = text_of(one.at("name")), .key = hex_of<PublicKey>(one.at("key"))});
  }
  return keys;
}

Genesis genesis_of(const boost::json::value& from) {
  return {.origin = text_of(from.at("origin")),
          .log_key = hex_of<PublicKey>(from.at("log")),
          .nodes = named_keys(from.at("nodes")),
          .authorities = named_keys(from.at("authorities")),
          .quorum = from.at("quorum").to_number<uint64_t>(),
          .rules = from.at("rules").to_number<uint64_t>(),
          .nonce = hex_of<Nonce>(from.at("nonce"))};
}

TEST(GenesisVectors, AreWrittenAndReadToTheByte) {
  const auto file = own_vectors("genesis.json");
  for (const auto& one : file.at("genesis").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    const Genesis genesis = genesis_of(one);
    const std::string text = text_of(one.at("text"));
    EXPECT_EQ(write_genesis(genesis).value(), text);
    EXPECT_EQ(parse_genesis(text).value(), genesis);
    const Bytes data = write_leaf(LeafKind::genesis, one.at("time_ms").to_number<int64_t>(), text);
    EXPECT_EQ(data, text_of(one.at("leaf_data")));
    EXPECT_EQ(ledger_id(genesis, data).line(), text_of(one.at("ledger_id")));
  }
}

TEST(GenesisVectors, TextsThatBreakARuleAreRefused) {
  const auto file = own_vectors("genesis.json");
  for (const auto& one : file.at("refused_genesis").as_array()) {
    EXPECT_EQ(outcome(parse_genesis(text_of(one.at("text")))), text_of(one.at("code")))
        << text_of(one.at("name"));
  }
}

TEST(LeafVectors, AreWrittenAndReadToTheByte) {
  const auto file = own_vectors("genesis.json");
  for (const auto& one : file.at("leaves").as_array()) {
    const std::string data = text_of(one.at("data"));
    const auto leaf = parse_leaf(data);
    ASSERT_TRUE(leaf) << data;
    EXPECT_EQ(word(leaf->kind), text_of(one.at("kind")));
    EXPECT_EQ(leaf->time_ms, one.at("time_ms").to_number<int64_t>());
    EXPECT_EQ(leaf->text, text_of(one.at("text")));
    EXPECT_EQ(write_leaf(leaf->kind, leaf->time_ms, leaf->text), data);
  }
}

TEST(LeafVectors, LeavesThatBreakARuleAreRefused) {
  const auto file = own_vectors("genesis.json");
  for (const auto& one : file.at("refused_leaves").as_array()) {
    EXPECT_EQ(outcome(parse_leaf(text_of(one.at("data")))), text_of(one.at("code")))
        << text_of(one.at("name"));
  }
}

LedgerId ledger_of(const boost::json::value& file) {
  const std::string line = text_of(file.at("ledger_id"));
  const size_t space = line.find(' ');
  return {.origin = line.substr(0, space),
          .genesis = fixed_from_base64<Hash>(line.substr(space + 1)).value()};
}

TEST(RegistryVectors, PossessionIsProvenToTheByte) {
  const auto file = own_vectors("registry.json");
  const LedgerId ledger = ledger_of(file);
  for (const auto& one : file.at("possession").as_array()) {
    const std::string party = text_of(one.at("party"));
    const KeyPair pair = key_from_seed(from_hex(text_of(one.at("seed"))).value());
    EXPECT_EQ(pair.key, hex_of<PublicKey>(one.at("key")));
    EXPECT_EQ(possession_text(ledger, party, pair.key), text_of(one.at("text")));
    const KeyEntry entry = prove_possession(ledger, party, pair.secret, pair.key);
    EXPECT_EQ(entry.possession, hex_of<Signature>(one.at("signature")));
    EXPECT_TRUE(check_possession(ledger, party, entry));
    Bytes id;
    put_u32(id, key_id(party, pair.key));
    EXPECT_EQ(to_hex(id), text_of(one.at("key_id")));
  }
}

TEST(RegistryVectors, PartyIdsAreToldFromOtherTexts) {
  const auto file = own_vectors("registry.json");
  for (const auto& one : file.at("party_ids").as_array()) EXPECT_TRUE(is_party_id(text_of(one)));
  for (const auto& one : file.at("no_party_ids").as_array()) {
    EXPECT_FALSE(is_party_id(text_of(one))) << one;
  }
}

// All rows of the registry, to see that a refused act left no trace.
std::vector<std::pair<Bytes, Bytes>> rows_of(const Reader& reader) {
  std::vector<std::pair<Bytes, Bytes>> rows;
  const auto keep = [&](BytesView key, BytesView value) {
    rows.emplace_back(key, value);
    return true;
  };
  EXPECT_TRUE(reader.scan(Table::registry, {}, {}, Direction::ascending, keep));
  return rows;
}

TEST(RegistryVectors, ActsAreTakenOrRefusedAsTheyStand) {
  const auto file = own_vectors("registry.json");
  const boost::json::value second = own_vectors("genesis.json").at("genesis").as_array().at(1);
  const LedgerId ledger = ledger_of(file);
  const MemoryStore store;
  Overlay state(store.latest());
  start_registry(state, genesis_of(second));
  for (const auto& one : file.at("acts").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    const RegistryEvent act = act_of(one.as_object());
    EXPECT_EQ(code_of(act), text_of(one.at("concerns")));
    const PartyState signer = find_party(state, text_of(one.at("signer"))).value().value();
    const auto before = rows_of(state);
    const auto with = texts(one.as_object(), "with");
    const auto done = apply_registry_event(state, ledger, act, ActSigners(signer, with),
                                           one.at("leaf").to_number<uint64_t>());
    EXPECT_EQ(outcome(done), text_of(one.at("code")));
    EXPECT_EQ(done.has_value(), rows_of(state) != before) << (done ? "" : to_text(done.error()));
  }
}

// What an act's own rules refuse needs no registry: a client and the node's filter say the same.
TEST(RegistryVectors, WhatIsTakenHasNoFaultsOfItsOwn) {
  const auto file = own_vectors("registry.json");
  for (const auto& one : file.at("acts").as_array()) {
    if (text_of(one.at("code")) != "OK") continue;
    EXPECT_TRUE(faults_of(act_of(one.as_object())).empty()) << text_of(one.at("name"));
  }
}

}  // namespace
}  // namespace suyuan::testing
