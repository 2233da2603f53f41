// Challenges and tokens over time, which is an argument.
#include "node/access/sessions.h"

#include <gtest/gtest.h>

#include <set>

namespace suyuan {
namespace {

constexpr int64_t kStart = 1'780'000'000'000;
const LedgerId kLedger{.origin = "test.example/log", .genesis = {}};

SessionText signed_by_somebody(const Challenge& given, const std::string& party = "farm") {
  return {.ledger = given.ledger,
          .node = given.node,
          .party = party,
          .key = {},
          .nonce = given.nonce,
          .until_ms = given.until_ms};
}

Code code_of_failure(const Result<Done>& result) {
  return result ? Code::UNAVAILABLE : result.error().code;
}

TEST(Sessions, TakeAChallengeOfTheirsInItsTimeAndNoOther) {
  Sessions sessions;
  const auto given = sessions.challenge(kLedger, "node-1", kStart);
  const SessionText text = signed_by_somebody(given);
  EXPECT_TRUE(sessions.check_challenge(text, kStart));
  EXPECT_TRUE(sessions.check_challenge(text, kStart + 60'000));
  EXPECT_EQ(code_of_failure(sessions.check_challenge(text, kStart + 60'001)),
            Code::CHALLENGE_INVALID);
  SessionText later = text;
  later.until_ms += 1;
  EXPECT_EQ(code_of_failure(sessions.check_challenge(later, kStart)), Code::CHALLENGE_INVALID);
  for (size_t i = 0; i < SessionNonce::kSize; ++i) {
    SessionText other = text;
    other.nonce.data[i] ^= 1;
    EXPECT_FALSE(sessions.check_challenge(other, kStart)) << i;
  }
  const Sessions of_another_run;
  EXPECT_FALSE(of_another_run.check_challenge(text, kStart));
}

TEST(Sessions, TakeAChallengeOnce) {
  Sessions sessions;
  const SessionText text = signed_by_somebody(sessions.challenge(kLedger, "node-1", kStart));
  ASSERT_TRUE(sessions.open(text, kStart));
  const auto again = sessions.open(text, kStart + 59'999);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::CHALLENGE_INVALID);
}

TEST(Sessions, KnowATokenUntilItEnds) {
  Sessions sessions;
  const auto opened =
      sessions.open(signed_by_somebody(sessions.challenge(kLedger, "node-1", kStart)), kStart);
  ASSERT_TRUE(opened);
  const auto found = sessions.find(opened->token, opened->until_ms);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->party, "farm");
  EXPECT_FALSE(sessions.find(opened->token, opened->until_ms + 1));
  EXPECT_FALSE(sessions.find(opened->token + "0", kStart));
  EXPECT_FALSE(sessions.find("", kStart));
}

TEST(Sessions, EndAPartysOldestWhereItOpensTooMany) {
  Sessions sessions({.of_party_max = 2});
  std::vector<std::string> tokens;
  for (int i = 0; i < 3; ++i) {
    const int64_t now = kStart + i;
    const auto opened =
        sessions.open(signed_by_somebody(sessions.challenge(kLedger, "node-1", now)), now);
    ASSERT_TRUE(opened);
    tokens.push_back(opened->token);
  }
  EXPECT_FALSE(sessions.find(tokens[0], kStart + 3));
  EXPECT_TRUE(sessions.find(tokens[1], kStart + 3));
  EXPECT_TRUE(sessions.find(tokens[2], kStart + 3));
}

TEST(Sessions, AreBounded) {
  Sessions sessions({.sessions_max = 8});
  const auto open = [&](int party, int64_t now) {
    return sessions.open(signed_by_somebody(sessions.challenge(kLedger, "node-1", now),
                                            "party-" + std::to_string(party)),
                         now);
  };
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(open(i, kStart));
  const auto crowded = open(8, kStart);
  ASSERT_FALSE(crowded);
  EXPECT_EQ(crowded.error().code, Code::BUSY);
  EXPECT_EQ(sessions.size(), 8u);
  EXPECT_TRUE(open(8, kStart + 15 * 60'000 + 1)) << "ended sessions make room";
  EXPECT_EQ(sessions.size(), 1u);
}

TEST(Sessions, OfOnePartyUseUpNobodyElsesChallenges) {
  Sessions sessions({.used_max = 20, .used_of_party_max = 8});
  const auto open = [&](const std::string& party, int64_t now) {
    return sessions.open(
        signed_by_somebody(sessions.challenge(kLedger, "node-1", now), party), now);
  };
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(open("farm", kStart)) << i;
  for (int i = 0; i < 20; ++i) {
    const auto refused = open("farm", kStart);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::RATE_LIMITED);
    EXPECT_EQ(refused.error().wait_ms, 60'000u);
  }
  EXPECT_TRUE(open("maker", kStart));
  EXPECT_TRUE(open("farm", kStart + 60'001)) << "a minute later";
}

TEST(Sessions, EndAloneWhereTheirKeyIsRevoked) {
  Sessions sessions;
  const auto open = [&] {
    return sessions.open(signed_by_somebody(sessions.challenge(kLedger, "node-1", kStart)), kStart);
  };
  const auto first = open();
  const auto second = open();
  ASSERT_TRUE(first && second);
  sessions.end(first->token);
  sessions.end("sys_0");
  EXPECT_FALSE(sessions.find(first->token, kStart));
  EXPECT_TRUE(sessions.find(second->token, kStart));
}

TEST(Sessions, GiveEachATokenOfItsOwn) {
  Sessions sessions;
  std::set<std::string> tokens;
  for (int i = 0; i < 10; ++i) {
    const auto opened =
        sessions.open(signed_by_somebody(sessions.challenge(kLedger, "node-1", kStart)), kStart);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->token.size(), 4u + 64u);
    tokens.insert(opened->token);
  }
  EXPECT_EQ(tokens.size(), 10u);
}

}  // namespace
}  // namespace suyuan
