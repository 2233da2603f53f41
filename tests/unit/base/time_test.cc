#include <gtest/gtest.h>

#include <random>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

Moment moment(std::string_view text) { return from_rfc3339(text).value(); }

TEST(Rfc3339, ReadsKnownMoments) {
  EXPECT_EQ(moment("1970-01-01T00:00:00Z"), (Moment{.ms = 0, .offset_minutes = 0}));
  EXPECT_EQ(moment("1969-12-31T23:59:59.999Z").ms, -1);
  EXPECT_EQ(moment("2026-06-02T05:30:00+12:00"),
            (Moment{.ms = 1'780'335'000'000, .offset_minutes = 720}));
  EXPECT_EQ(moment("2000-02-29T12:00:00Z").ms, 951'825'600'000);
  EXPECT_EQ(moment("9999-12-31T23:59:59.999Z").ms, 253'402'300'799'999);
  EXPECT_EQ(moment("0000-01-01T00:00:00Z").ms, -62'167'219'200'000);
}

TEST(Rfc3339, TheOffsetNamesTheSameInstantElsewhere) {
  EXPECT_EQ(moment("2026-06-01T17:30:00Z").ms, moment("2026-06-02T01:30:00+08:00").ms);
  EXPECT_EQ(moment("2026-06-01T17:30:00Z").ms, moment("2026-06-01T12:00:00-05:30").ms);
  EXPECT_EQ(moment("2026-06-01T12:00:00-05:30").offset_minutes, -330);
}

TEST(Rfc3339, CutsFractionsToMilliseconds) {
  EXPECT_EQ(moment("1970-01-01T00:00:00.1Z").ms, 100);
  EXPECT_EQ(moment("1970-01-01T00:00:00.12Z").ms, 120);
  EXPECT_EQ(moment("1970-01-01T00:00:00.123999999Z").ms, 123);
  EXPECT_EQ(moment("1970-01-01T00:00:00.000000000Z").ms, 0);
}

TEST(Rfc3339, WritesWhatItReads) {
  for (const auto* text :
       {"2026-06-02T05:30:00+12:00", "2026-06-02T05:30:00.007Z", "2024-02-29T23:59:59-14:00",
        "1969-12-31T23:59:59.999Z", "0000-01-01T00:00:00+14:00", "1900-03-01T00:00:00Z",
        "9999-12-31T23:59:59.999-00:01"}) {
    EXPECT_EQ(to_rfc3339(moment(text)), text);
  }
}

TEST(Rfc3339, RefusesOtherForms) {
  for (const auto* text :
       {"", "2026-06-02", "2026-06-02T05:30:00", "2026-06-02 05:30:00Z", "2026-06-02t05:30:00Z",
        "2026-06-02T05:30:00z", "2026-06-02T05:30Z", "2026-6-2T05:30:00Z", "+2026-06-02T05:30:00Z",
        "20260602T053000Z",
        "2026-06-02T05:30:00.Z", "2026-06-02T05:30:00,5Z", "2026-06-02T05:30:00.1234567890Z",
        "2026-06-02T05:30:00+0800", "2026-06-02T05:30:00+08", "2026-06-02T05:30:00Z ",
        " 2026-06-02T05:30:00Z", "2026-06-02T05:30:00ZZ", "2026-06-02T05:30:00+08:00Z",
        "２026-06-02T05:30:00Z"}) {
    EXPECT_FALSE(from_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, RefusesDatesAndTimesThatAreNot) {
  for (const auto* text :
       {"2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z", "2026-01-01T00:00:00+14:01", "2026-01-01T00:00:00-15:00",
        "2026-01-01T00:00:00+08:60"}) {
    EXPECT_FALSE(from_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, ReadsBackEveryMomentOfTenThousandYears) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<int64_t> ms(moment("0000-01-02T00:00:00Z").ms,
                                            moment("9999-12-30T00:00:00Z").ms);
  std::uniform_int_distribution<int> offset(-14 * 60, 14 * 60);
  for (int i = 0; i < 5000; ++i) {
    const Moment one{.ms = ms(random), .offset_minutes = static_cast<int16_t>(offset(random))};
    EXPECT_EQ(from_rfc3339(to_rfc3339(one)), one) << to_rfc3339(one);
  }
}

TEST(Rfc3339, WritingIsTotal) {
  for (const int64_t ms : {INT64_MIN, INT64_MIN + 1, INT64_MAX}) {
    for (const int offset : {INT16_MIN, 0, INT16_MAX}) {
      const auto text = to_rfc3339({.ms = ms, .offset_minutes = static_cast<int16_t>(offset)});
      EXPECT_FALSE(from_rfc3339(text)) << text;
    }
  }
}

}  // namespace
}  // namespace suyuan
