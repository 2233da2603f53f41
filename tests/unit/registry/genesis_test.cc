#include "ledger/crypto/hash.h"
#include "tests/unit/registry/acts.h"

namespace suyuan::testing {
namespace {

TEST(Genesis, IsNotWrittenWhereItCouldNotBeRead) {
  Genesis genesis = Registry().genesis;
  genesis.quorum = 3;
  EXPECT_EQ(write_genesis(genesis).error().code, Code::INVALID_FIELD);
  genesis.quorum = 2;
  EXPECT_TRUE(write_genesis(genesis));
}

TEST(Genesis, NamesTheLineThatItCannotRead) {
  const std::string text = write_genesis(Registry().genesis).value();
  const std::string cut = text.substr(0, text.find("nonce"));
  EXPECT_EQ(parse_genesis(cut).error().field, "line 9");
}

TEST(LedgerIdentity, CoversTheLeafsHeadToo) {
  const Genesis genesis = Registry().genesis;
  const std::string text = write_genesis(genesis).value();
  const auto at = [&](int64_t time_ms) {
    return ledger_id(genesis, write_leaf(LeafKind::genesis, time_ms, text));
  };
  EXPECT_EQ(at(1).genesis, sha256("suyuan/leaf/v1 genesis\ntime 1\n\n" + text));
  EXPECT_NE(at(1), at(2));
}

TEST(Leaf, MayHaveSixteenKibibytesAndNoMore) {
  const std::string head = "suyuan/leaf/v1 seal\ntime 0\n\nsuyuan/seal/v1\n";
  EXPECT_TRUE(parse_leaf(head + std::string(16384 - head.size(), 'x')));
  EXPECT_EQ(parse_leaf(head + std::string(16385 - head.size(), 'x')).error().code, Code::TOO_LARGE);
}

TEST(Leaf, IsSplitAtItsFirstBlankLine) {
  const auto leaf = parse_leaf("suyuan/leaf/v1 batch\ntime 5\n\nsuyuan/batch/v1\n\nrest\n\nmore\n");
  ASSERT_TRUE(leaf);
  EXPECT_EQ(leaf->text, "suyuan/batch/v1\n\nrest\n\nmore\n");
}

TEST(Origin, OfOursIsReserved) {
  EXPECT_TRUE(is_origin("demo.example/suyuan/"));
  EXPECT_FALSE(is_origin("suyuan/demo"));
  EXPECT_FALSE(is_origin("cosignature/v1"));  // First lines of what C2SP's cosigners sign.
  EXPECT_FALSE(is_origin("subtree/v1"));
  EXPECT_TRUE(is_origin("cosignature.example"));
  EXPECT_FALSE(is_origin(""));
  EXPECT_TRUE(is_origin(std::string(255, 'o')));
  EXPECT_FALSE(is_origin(std::string(256, 'o')));
  EXPECT_FALSE(is_origin("a b"));
}

TEST(ReservedPartyIds, AreThoseThatMeanSomebodyElse) {
  EXPECT_TRUE(is_reserved_party_id("consumer"));
  EXPECT_FALSE(is_reserved_party_id("consumers"));
}

}  // namespace
}  // namespace suyuan::testing
