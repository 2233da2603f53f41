// When a capture job gives up a batch that the node does not take yet.
#include "node/epcis/job_patience.h"

#include <gtest/gtest.h>

namespace suyuan::epcis {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

const JobPatience::Clock::time_point kStart{};

TEST(JobPatience, WithALimitLastsForMinutesHoweverOftenItIsAsked) {
  JobPatience patience;
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(patience.again(Code::RATE_LIMITED, kStart + i * milliseconds(250))) << i;
  EXPECT_TRUE(patience.again(Code::RATE_LIMITED, kStart + minutes(5) - milliseconds(1)));
  EXPECT_FALSE(patience.again(Code::RATE_LIMITED, kStart + minutes(5)));
}

TEST(JobPatience, WithAFullQueueIsCounted) {
  JobPatience patience;
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(patience.again(Code::BUSY, kStart)) << i;
  EXPECT_FALSE(patience.again(Code::BUSY, kStart));
}

TEST(JobPatience, IsOfEachBatchAnew) {
  JobPatience patience;
  for (int i = 0; i < 40; ++i) patience.again(Code::BUSY, kStart);
  EXPECT_TRUE(patience.again(Code::RATE_LIMITED, kStart));
  patience.reset();
  EXPECT_TRUE(patience.again(Code::BUSY, kStart + minutes(6)));
  EXPECT_TRUE(patience.again(Code::RATE_LIMITED, kStart + minutes(6)));
}

TEST(JobPatience, IsNotForRefusals) {
  JobPatience patience;
  EXPECT_FALSE(patience.again(Code::EVENT_ID_REUSED, kStart));
  EXPECT_FALSE(patience.again(Code::STOPPING, kStart));
}

}  // namespace
}  // namespace suyuan::epcis
