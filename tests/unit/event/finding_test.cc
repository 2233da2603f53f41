#include "ledger/event/finding.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

TEST(Flags, ReadBackAsTheyAreWrittenAndSayWhatTheyMean) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(Flag::COLD_CHAIN_EXCURSION); ++i) {
    const auto flag = static_cast<Flag>(i);
    EXPECT_EQ(flag_from(word(flag)), flag);
    EXPECT_FALSE(meaning(flag).empty()) << word(flag);
  }
  EXPECT_EQ(word(Flag::CUSTODY_BREAK), "CUSTODY_BREAK");
}

TEST(Flags, AreNulloptOrEmptyWhereUnknown) {
  EXPECT_EQ(flag_from("custody_break"), std::nullopt);
  EXPECT_EQ(word(static_cast<Flag>(200)), "");
  EXPECT_EQ(meaning(static_cast<Flag>(200)), "");
}

TEST(Places, OrderAsTheLogDoes) {
  EXPECT_LT((Place{.leaf = 1, .event = 9}), (Place{.leaf = 2, .event = 0}));
  EXPECT_LT((Place{.leaf = 2, .event = 0}), (Place{.leaf = 2, .event = 1}));
}

}  // namespace
}  // namespace suyuan
