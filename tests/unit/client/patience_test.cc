// How long a reader waits for a node that is asked too much.
#include "client/patience.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

TEST(Patience, WaitsWhatTheNodeSays) {
  Patience patience(kPatienceMs);
  EXPECT_EQ(patience.wait_ms(12'000), 12'000U);
  EXPECT_EQ(patience.wait_ms(20'000), 20'000U);
}

TEST(Patience, WaitsLongerEachTimeWhereTheNodeSaysLittle) {
  Patience patience(kPatienceMs);
  for (const uint32_t expected : {50U, 100U, 200U, 400U, 800U, 1600U, 3200U, 5000U, 5000U})
    EXPECT_EQ(patience.wait_ms(10), expected);
}

TEST(Patience, EndsWithWhatItWasGiven) {
  Patience patience(kPatienceMs);
  uint64_t waited = 0;
  int times = 0;
  while (const auto wait = patience.wait_ms(10)) {
    waited += *wait;
    ASSERT_LT(++times, 100);
  }
  EXPECT_LE(waited, kPatienceMs);
  EXPECT_GT(waited, kPatienceMs - 5'000);
}

TEST(Patience, DoesNotBeginAWaitThatIsTooLong) {
  Patience patience(kPatienceMs);
  EXPECT_FALSE(patience.wait_ms(kPatienceMs + 1)) << "the answer is better now than in an hour";
  EXPECT_FALSE(Patience(0).wait_ms(0));
}

}  // namespace
}  // namespace suyuan
