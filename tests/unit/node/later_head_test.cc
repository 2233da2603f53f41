// Heads that name a later generation than a store knows: its node was missing when that one began,
// or was killed before it was kept.
#include <gtest/gtest.h>

#include "ledger/crypto/ed25519.h"
#include "ledger/crypto/hash.h"
#include "node/peers/generation.h"

namespace suyuan {
namespace {

class LaterHead : public ::testing::Test {
 protected:
  LaterHead() {
    for (const char one : {'a', 'b', 'c'}) {
      nodes_.nodes.push_back({.name = by(one).name, .key = by(one).pair.key});
    }
  }
  static NamedKeyPair by(char of) {
    return {.name = std::string("node-") + of, .pair = key_from_seed(Bytes(kSeedBytes, of))};
  }
  LogHead head(char of, uint64_t generation) const {
    return {.ledger = nodes_.ledger,
            .log = nodes_.log,
            .node = by(of).name,
            .generation = {.position = generation, .mark = sha256("generation")},
            .until_ms = kNow + kLogHeadHoldsMs,
            .place = {.position = 20, .mark = sha256("place")},
            .tree = {.size = 7, .root = sha256("root")}};
  }
  // The node whose head it is, of what etcd holds for node-a; empty: none.
  std::string later(const LogHead& shown, char key = 'a') const {
    const std::map<std::string, Bytes> all = {
        {"node-a", sign_log_head(shown, {.name = shown.node, .pair = by(key).pair})},
        {"node-c", sign_log_head(own_, by('c'))}};
    const auto found = later_head(all, own_, nodes_, kNow);
    return found ? found->node : std::string();
  }

  static constexpr int64_t kNow = 1'700'000'000'000;
  LogNodes nodes_{.ledger = {.origin = "ledger.example/test", .genesis = sha256("genesis")},
                  .log = "trace",
                  .nodes = {}};
  LogHead own_ = head('c', 3);
};

TEST_F(LaterHead, IsSeenByAStoreThatDoesNotKnowItsGeneration) {
  EXPECT_EQ(later(head('a', 4)), "node-a");
  LogHead lacks_base = head('a', 4);
  lacks_base.generation.position = lacks_base.place.position + 1;
  EXPECT_EQ(later(lacks_base), "node-a") << "others may have acknowledged behind it";
}

TEST_F(LaterHead, IsNoneOfTheSameGenerationOrOfAnEarlierOne) {
  EXPECT_EQ(later(head('a', 3)), "");
  EXPECT_EQ(later(head('a', 2)), "");
  own_.generation = as_given_up(own_.generation);
  EXPECT_EQ(later(head('a', 3)), "") << "who only waits for the base stops nobody who gives it up";
  EXPECT_EQ(later(head('a', 4)), "node-a");
}

TEST_F(LaterHead, CountsOnlyInForceAndAsANodeSignedIt) {
  LogHead ended = head('a', 4);
  ended.until_ms = kNow - 1;
  EXPECT_EQ(later(ended), "");
  LogHead ahead = head('a', 4);
  ahead.until_ms = kNow + 3 * kLogHeadHoldsMs;
  EXPECT_EQ(later(ahead), "");
  LogHead far = head('a', 4);
  far.place.position = own_.place.position + kGroupsApartMax + 1;
  EXPECT_EQ(later(far), "") << "an invented place";
  LogHead other_log = head('a', 4);
  other_log.log = "another";
  EXPECT_EQ(later(other_log), "");
  EXPECT_EQ(later(head('a', 4), 'x'), "") << "another key";
  EXPECT_EQ(later(head('b', 4), 'b'), "") << "in the place of another node";
}

}  // namespace
}  // namespace suyuan
