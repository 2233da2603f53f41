// Three nodes of one ledger, what each says of where it stands, and evidence made of it.
#pragma once

#include "node/peers/generation.h"

#include <gtest/gtest.h>

#include "ledger/apply/log_reader.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/merkle/proof.h"
#include "tests/unit/proof/bundle_world.h"

namespace suyuan {

class GenerationFixture : public ::testing::Test {
 protected:
  GenerationFixture()
      : nodes_{.ledger = testing::small_ledger().id(), .log = "trace", .nodes = {}} {
    for (const char one : {'a', 'b', 'c'}) {
      nodes_.nodes.push_back({.name = std::string("node-") + one, .key = pair_of(one).key});
    }
  }
  static KeyPair pair_of(char seed) { return key_from_seed(Bytes(kSeedBytes, seed)); }
  // Where a node stands that holds so many leaves of the one ledger.
  LogHead head(char of, uint64_t leaves) const {
    const TreeRows rows(source_);
    return {.ledger = nodes_.ledger,
            .log = "trace",
            .node = std::string("node-") + of,
            .generation = {.position = 3, .mark = Hash::from(Bytes(32, 'g'))},
            .until_ms = kNow + kLogHeadHoldsMs,
            .place = {.position = leaves * 2, .mark = Hash::from(Bytes(32, 'p'))},
            .tree = {.size = leaves, .root = root_of(TiledNodes(rows), leaves).value()}};
  }
  static NamedKeyPair by(char of) {
    return {.name = std::string("node-") + of, .pair = pair_of(of)};
  }
  static std::string note(const LogHead& head) {
    return sign_log_head(head, by(head.node.back()));
  }
  ProvenHead proven(const LogHead& head, const LogHead& highest) const {
    const TreeRows rows(source_);
    return {.note = note(head),
            .path = consistency_proof(TiledNodes(rows), head.tree.size, highest.tree.size).value()};
  }
  // The last is the founder.
  Bytes evidence(const std::vector<LogHead>& heads) const {
    std::vector<ProvenHead> all;
    for (const auto& one : heads) all.push_back(proven(one, heads.back()));
    return encode_generation(heads.back().place.position, all, by(heads.back().node.back()));
  }
  // BUSY: accepted.
  Code judged(const Bytes& evidence) const {
    const auto generation = judge_generation(evidence, nodes_);
    return generation ? Code::BUSY : generation.error().code;
  }
  const Reader& source_ = testing::small_ledger().sealed_state();
  LogNodes nodes_;
  static constexpr int64_t kNow = 1'700'000'000'000;
};

}  // namespace suyuan
