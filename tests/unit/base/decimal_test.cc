#include "ledger/base/decimal.h"

#include <gtest/gtest.h>

#include <random>

namespace suyuan {
namespace {

Decimal decimal(std::string_view text) { return Decimal::parse(text).value(); }

TEST(Decimal, IsZeroAtFirst) {
  EXPECT_TRUE(Decimal().is_zero());
  EXPECT_EQ(Decimal().to_text(), "0");
}

TEST(Decimal, HasOneFormForEachValue) {
  EXPECT_EQ(decimal("1.500").to_text(), "1.5");
  EXPECT_EQ(decimal("100.000000000"), decimal("100"));
  EXPECT_EQ(decimal("100").scale(), 0);
  EXPECT_EQ(decimal("-0"), Decimal());
  EXPECT_EQ(decimal("-0.000").to_text(), "0");
  EXPECT_EQ(Decimal::make(1200, 3), decimal("1.2"));
}

TEST(Decimal, WritesWhatItReads) {
  for (const auto* text : {"0", "7", "-7", "0.5", "-0.000000001", "999999999999999999",
                           "-999999999999999999", "999999999.999999999", "12.034"}) {
    EXPECT_EQ(decimal(text).to_text(), text);
  }
}

TEST(Decimal, RefusesOtherForms) {
  for (const auto* text : {"", "-", "+1", "--1", "00", "01", "-01", ".5", "5.", "-.5", "1.2.3",
                           "1,5",
                           "1e3", "0x1", " 1", "1 ", "1.0000000001", "1.-5", "NaN", "inf", "٣"}) {
    EXPECT_FALSE(Decimal::parse(text)) << text;
  }
}

TEST(Decimal, RefusesWhatIsOutOfBounds) {
  EXPECT_FALSE(Decimal::parse("1000000000000000000"));
  EXPECT_FALSE(Decimal::parse("9999999999.999999999"));
  EXPECT_FALSE(Decimal::parse(std::string(100, '9')));
  EXPECT_FALSE(Decimal::make(1'000'000'000'000'000'000, 0));
  EXPECT_FALSE(Decimal::make(INT64_MIN, 0));
  EXPECT_FALSE(Decimal::make(1, 10));
}

TEST(Decimal, ReadsTrailingZerosBeyondItsDigits) {
  EXPECT_EQ(decimal("999999999999999999.000").to_text(), "999999999999999999");
}

TEST(Decimal, AddsExactlyAcrossScales) {
  EXPECT_EQ(decimal("0.1").plus(decimal("0.2")), decimal("0.3"));
  EXPECT_EQ(decimal("1").minus(decimal("0.000000001")), decimal("0.999999999"));
  EXPECT_EQ(decimal("2.5").plus(decimal("-2.5")), Decimal());
}

TEST(Decimal, SumsOutOfBoundsAreNotMade) {
  EXPECT_FALSE(decimal("999999999999999999").plus(decimal("1")));
  EXPECT_FALSE(decimal("-999999999999999999").minus(decimal("1")));
  EXPECT_FALSE(decimal("999999999999999999").plus(decimal("0.1")));
}

TEST(Decimal, ComparesByValue) {
  EXPECT_LT(decimal("-1"), decimal("-0.999999999"));
  EXPECT_LT(decimal("0.9"), decimal("1"));
  EXPECT_GT(decimal("999999999999999999"), decimal("0.000000001"));
  EXPECT_EQ(decimal("1.50") <=> decimal("1.5"), std::strong_ordering::equal);
}

TEST(Decimal, SubtractingWhatWasAddedGivesTheSame) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<int64_t> units(-99'999'999, 99'999'999);
  for (int i = 0; i < 1000; ++i) {
    const auto a = Decimal::make(units(random), static_cast<uint8_t>(random() % 10)).value();
    const auto b = Decimal::make(units(random), static_cast<uint8_t>(random() % 10)).value();
    EXPECT_EQ(a.plus(b).value().minus(b), a) << a.to_text() << " " << b.to_text();
    EXPECT_EQ(a < b, b > a);
    EXPECT_EQ(decimal(a.to_text()), a);
  }
}

}  // namespace
}  // namespace suyuan
