#include "node/epcis/page_token.h"

#include <gtest/gtest.h>

namespace suyuan::epcis {
namespace {

const PageToken kToken{.cursor = {.size = 12,
                                  .after = Spot{.time_ms = -5, .place = {.leaf = 3, .event = 2}},
                                  .rank = 7,
                                  .remaining = 4},
                       .name = "last",
                       .expires_ms = 1000};

TEST(PageToken, ReadsBackWhatItWrote) {
  const PageTokens tokens(sha256("secret"));
  const auto read = tokens.read(tokens.write(kToken, "asked"), "asked", 999);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, kToken);
}

TEST(PageToken, IsOfOneQuestionOneMakerAndOneDay) {
  const PageTokens tokens(sha256("secret"));
  std::string text = tokens.write(kToken, "asked");
  EXPECT_FALSE(tokens.read(text, "other", 0));
  EXPECT_FALSE(tokens.read(text, "asked", 1000));
  EXPECT_FALSE(PageTokens(sha256("another")).read(text, "asked", 0));
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_FALSE(tokens.read(changed, "asked", 0)) << i;
  }
  EXPECT_FALSE(tokens.read("", "asked", 0));
}

TEST(PageToken, EndsWhenItIsGivenBackAndNoOtherDoes) {
  PageTokens tokens(sha256("secret"));
  const std::string text = tokens.write(kToken, "asked");
  const std::string other = tokens.write(kToken, "other");
  tokens.end("", 0);
  tokens.end(std::string(64, 'a'), 0);
  tokens.end(PageTokens(sha256("another")).write(kToken, "asked"), 0);
  EXPECT_TRUE(tokens.read(text, "asked", 0)) << "what is no token of here ends none";
  tokens.end(text, 0);
  EXPECT_FALSE(tokens.read(text, "asked", 0));
  EXPECT_TRUE(tokens.read(other, "other", 0));
}

TEST(PageToken, OfThoseThatWereGivenBackTheOldestIsForgottenFirst) {
  PageTokens tokens(sha256("secret"));
  const auto token = [&](size_t i) { return tokens.write(kToken, std::to_string(i)); };
  for (size_t i = 0; i <= kEndedTokensMax; ++i) tokens.end(token(i), static_cast<int64_t>(i));
  EXPECT_TRUE(tokens.read(token(0), "0", 0));
  EXPECT_FALSE(tokens.read(token(1), "1", 0));
  EXPECT_FALSE(tokens.read(token(kEndedTokensMax), std::to_string(kEndedTokensMax), 0));
}

}  // namespace
}  // namespace suyuan::epcis
