// What nodes tell each other: who has another ledger, who is alone with his, who is waited for.
#include "node/peers/peers.h"

#include "ledger/apply/log_reader.h"
#include "ledger/crypto/hash.h"
#include "ledger/proof/checkpoint.h"
#include "node/peers/divergence.h"
#include "node/pipeline/order_place.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan::testing {
namespace {

class PeersTest : public SealedLedger {
 protected:
  PeersTest() {
    grow();
    genesis_.origin = ledger.id().origin;
    for (const char* name : {"a", "b", "c", "us"}) {
      genesis_.nodes.push_back({.name = name, .key = key(name).key});
    }
  }
  static KeyPair key(const std::string& name) { return key_from_seed(sha256(name).view()); }
  Peers peers() {
    return Peers({.store = ledger.store(),
                  .published = published_,
                  .clock = [this] { return now_; },
                  .name = "us",
                  .origin = genesis_.origin,
                  .nodes = [this] { return genesis_.nodes; },
                  .trim = [this](uint64_t up_to) { trimmed_ = up_to; },
                  .on_divergence = [this](const Divergence& one) { found_.push_back(one); }});
  }
  // A note whose checkpoint is of the whole tree: of our root, or of another.
  Bytes note(const std::string& name, bool is_ours, uint64_t size_more = 0) const {
    const auto root = root_of(TiledNodes(TreeRows(ledger.state())), ledger.head().leaves);
    const Checkpoint checkpoint{.origin = genesis_.origin,
                                .head = {.size = ledger.head().leaves + size_more,
                                         .root = is_ours ? *root : Hash{}}};
    const auto pair = key(name);
    return encode_peer_note({.time_ms = 1,
                             .position = ledger.head().position + size_more,
                             .checkpoint = sign_checkpoint(checkpoint, pair.secret, pair.key)});
  }

  Genesis genesis_;
  PublishedState published_;
  int64_t now_ = 1000;
  uint64_t trimmed_ = 0;
  std::vector<Divergence> found_;
};

TEST_F(PeersTest, AHealthyNodeDoesNotStopOverAPeerWhoseNameComesFirst) {
  auto fresh = peers();
  fresh.heard({{"a", note("a", false)}, {"c", note("c", true)}});
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_EQ(found_[0].peer, "a");
  EXPECT_FALSE(found_[0].minority) << "c has our root";
}

TEST_F(PeersTest, ANodeThatIsAloneWithItsLedgerStops) {
  auto fresh = peers();
  fresh.heard({{"a", note("a", false)}, {"b", note("b", false)}, {"c", note("c", true)}});
  ASSERT_EQ(found_.size(), 2U);
  EXPECT_TRUE(found_[0].minority) << "two against two are no majority";
}

TEST_F(PeersTest, ANodeThatReadsOnJudgesWhenItHasReadWhatTheOthersHave) {
  auto fresh = peers();
  fresh.heard({{"a", note("a", false)}, {"b", note("b", true, 1)}});
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_FALSE(found_[0].minority) << "b cannot be compared yet";
  grow();
  fresh.heard({{"b", note("b", false)}});
  ASSERT_GE(found_.size(), 2U);
  EXPECT_TRUE(found_.back().minority);
}

TEST_F(PeersTest, TellsTheSameCheckpointOnce) {
  auto fresh = peers();
  for (int i = 0; i < 5; ++i) fresh.heard({{"a", note("a", false)}, {"c", note("c", true)}});
  EXPECT_EQ(found_.size(), 1U);
}

Bytes said_at(int64_t time_ms, uint64_t position = 1) {
  return encode_peer_note({.time_ms = time_ms, .position = position, .checkpoint = {}});
}

TEST_F(PeersTest, AHealthyNodeDoesNotStopBeforeALivingOneHasPublishedAnything) {
  auto fresh = peers();
  fresh.heard({{"a", note("a", false)}, {"b", said_at(1)}});
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_FALSE(found_[0].minority);
  fresh.heard({{"a", note("a", false)}, {"b", note("b", true)}});
  EXPECT_EQ(found_.size(), 1U) << "b has our root";
}

TEST_F(PeersTest, WhoSaysNothingNewIsNotWaitedForBeforeOneStops) {
  auto fresh = peers();
  for (int i = 0; i < 10; ++i) fresh.heard({{"a", note("a", false)}, {"b", said_at(1)}});
  ASSERT_EQ(found_.size(), 2U);
  EXPECT_TRUE(found_.back().minority);
}

TEST_F(PeersTest, WhoNeverPublishesIsNotWaitedForForEver) {
  auto fresh = peers();
  for (int i = 0; i < 20; ++i) {
    fresh.heard({{"a", note("a", false)}, {"b", said_at(now_)}});
    now_ += 10'000;
  }
  ASSERT_EQ(found_.size(), 1U);
  EXPECT_FALSE(found_[0].minority) << "it lives, and may have our root";
  now_ += 10 * 60'000;
  fresh.heard({{"a", note("a", false)}, {"b", said_at(now_)}});
  ASSERT_EQ(found_.size(), 2U);
  EXPECT_TRUE(found_.back().minority);
}

// With a new one each second, the newest is never behind all.
TEST_F(PeersTest, WhatWasErasedIsTrimmedWhereNoticesComeOnAndOn) {
  auto fresh = peers();
  while (ledger.head().position < 12) grow();
  const auto erased_at = [&](uint64_t position) {
    ASSERT_TRUE(ledger.store().commit({erase_place_row(position)}));
  };
  erased_at(5);
  fresh.heard({{"a", said_at(1, 4)}});
  EXPECT_EQ(trimmed_, 0U);
  erased_at(8);
  fresh.heard({{"a", said_at(2, 6)}});
  EXPECT_EQ(trimmed_, 4U);
  erased_at(12);
  fresh.heard({{"a", said_at(3, 9)}});
  EXPECT_EQ(trimmed_, 7U);
}

TEST_F(PeersTest, TakesNoWordOfATimeThatNobodyHas) {
  auto fresh = peers();
  for (const int64_t time_ms : {INT64_MIN, int64_t{-1}, INT64_MAX}) {
    fresh.heard({{"a", said_at(time_ms)}});
  }
  EXPECT_TRUE(fresh.view().empty());
}

TEST_F(PeersTest, ANodeWhoseWordsStayTheSameIsNotWaitedForWhateverTheySay) {
  while (ledger.head().position < 1005) grow();
  auto fresh = peers();
  fresh.heard({{"a", said_at(253402300799999)}});
  EXPECT_EQ(trimmed_, 0U) << "it has one group";
  now_ += 2 * 60 * 60 * 1000;
  fresh.heard({{"a", said_at(253402300799999)}});
  EXPECT_EQ(trimmed_, ledger.head().position - 1000);
}

TEST_F(PeersTest, AClockFarAheadOfEveryOtherOrdersNothing) {
  auto fresh = peers();
  now_ = 1'000'000;
  EXPECT_TRUE(fresh.check_clock()) << "nobody is there to ask";
  fresh.heard({{"a", said_at(now_ - 1000)}, {"b", said_at(1)}});
  EXPECT_TRUE(fresh.check_clock()) << "a has about our time";
  now_ += 365LL * 24 * 60 * 60 * 1000;
  const auto refused = fresh.check_clock();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::BUSY);
  for (int i = 0; i < 6; ++i) fresh.heard({{"a", said_at(999'000)}, {"b", said_at(1)}});
  EXPECT_TRUE(fresh.check_clock()) << "they are dead";
}

TEST_F(PeersTest, KeepsAFewProofsOfOnePeerAndTheMarkThatWeStop) {
  const std::string data = folder / "data";
  std::filesystem::create_directories(data);
  for (uint64_t size = 1; size <= 100; ++size) {
    ASSERT_TRUE(keep_evidence(data, {.peer = "a", .size = size, .ours = {}, .checkpoint = "x",
                                     .own_checkpoint = "y", .minority = size == 100}));
  }
  size_t files = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(data)) ++files;
  EXPECT_EQ(files, 5U) << "four proofs and the mark";
  EXPECT_FALSE(check_no_evidence(data));
}

}  // namespace
}  // namespace suyuan::testing
