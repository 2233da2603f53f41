// When a node that shares a log is too far behind it to be sent posts.
#include "node/peers/log_side.h"

#include <gtest/gtest.h>

namespace suyuan::testing {
namespace {

TEST(LogSideTest, ANodeIsReadyUntilItIsMoreThan1024GroupsBehind) {
  EXPECT_EQ(lags_behind(0, 0), "");
  EXPECT_EQ(lags_behind(5'000, 5'000), "");
  EXPECT_EQ(lags_behind(5'000, 6'024), "");
  EXPECT_NE(lags_behind(5'000, 6'025).find("1025 groups behind"), std::string::npos);
  EXPECT_NE(lags_behind(0, UINT64_MAX), "");
  EXPECT_EQ(lags_behind(5'001, 5'000), "") << "it has not heard yet of what it followed";
}

}  // namespace
}  // namespace suyuan::testing
