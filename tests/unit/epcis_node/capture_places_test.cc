#include "node/epcis/capture_places.h"

#include <gtest/gtest.h>

#include <optional>

namespace suyuan::epcis {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

std::optional<Code> refusal(const Result<Done>& result) {
  if (result) return std::nullopt;
  return result.error().code;
}

TEST(CapturePlaces, BoundsWhatJobsHoldTogether) {
  CapturePlaces places;
  ASSERT_TRUE(places.take("a", 100 * kMiB));
  ASSERT_TRUE(places.take("b", 100 * kMiB));
  EXPECT_EQ(refusal(places.take("c", 100 * kMiB)), Code::BUSY);
  ASSERT_TRUE(places.take("c", 56 * kMiB)) << "exactly the bound";
  EXPECT_EQ(refusal(places.take("d", 1)), Code::BUSY);
  places.give_up("a", 100 * kMiB);
  EXPECT_TRUE(places.take("d", 100 * kMiB)) << "what was refused holds nothing";
}

// Else 32 waiting jobs of one party would shut all others out.
TEST(CapturePlaces, LeavesOthersHalfOfWhatJobsMayHold) {
  CapturePlaces places;
  ASSERT_TRUE(places.take("a", 100 * kMiB));
  EXPECT_EQ(refusal(places.take("a", 29 * kMiB)), Code::BUSY);
  EXPECT_TRUE(places.take("b", 100 * kMiB));
}

TEST(CapturePlaces, AJobAloneAlwaysHasRoom) {
  CapturePlaces places;
  ASSERT_TRUE(places.take("a", 300 * kMiB));
  EXPECT_TRUE(places.hold_more("a", 300 * kMiB, 10 * kMiB));
  EXPECT_EQ(refusal(places.take("b", 1)), Code::BUSY);
  places.give_up("a", 310 * kMiB);
  EXPECT_TRUE(places.take("b", kMiB));
}

TEST(CapturePlaces, AJobThatGrowsIsBoundedToo) {
  CapturePlaces places;
  ASSERT_TRUE(places.take("a", 100 * kMiB));
  ASSERT_TRUE(places.take("a", 20 * kMiB));
  ASSERT_TRUE(places.take("b", 100 * kMiB));
  EXPECT_TRUE(places.hold_more("a", 100 * kMiB, 8 * kMiB));
  EXPECT_EQ(refusal(places.hold_more("a", 108 * kMiB, 1)), Code::BUSY) << "half is the party's";
  EXPECT_TRUE(places.hold_more("b", 100 * kMiB, 28 * kMiB));
  EXPECT_EQ(refusal(places.hold_more("b", 128 * kMiB, 1)), Code::BUSY) << "all is all";
  places.give_up("a", 108 * kMiB);
  places.give_up("a", 20 * kMiB);
  places.give_up("b", 128 * kMiB);
  EXPECT_TRUE(places.take("c", kJobsBytesMax)) << "all was given back";
}

TEST(CapturePlaces, AJobThatWaitsHoldsWhatItHeld) {
  CapturePlaces places;
  ASSERT_TRUE(places.take("a", 128 * kMiB));
  ASSERT_TRUE(places.take("b", 128 * kMiB));
  ASSERT_TRUE(places.set_aside());
  EXPECT_EQ(refusal(places.take("c", kMiB)), Code::BUSY);
}

}  // namespace
}  // namespace suyuan::epcis
