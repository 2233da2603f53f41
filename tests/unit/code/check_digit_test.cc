// Check characters: each scheme takes its standard's own example and names the digit that is wrong.
#include "ledger/code/check_digit.h"

#include <gtest/gtest.h>

#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::outcome;

TEST(CheckDigit, GS1WeighsFromTheRight) {
  EXPECT_EQ(gs1_check_digit("952110430101"), '1');
  EXPECT_EQ(gs1_check_digit("39521104000001002"), '0');
  EXPECT_EQ(gs1_check_digit("0000000"), '0');
}

TEST(CheckDigit, ARefusalNamesTheDigitFoundAndTheDigitExpected) {
  const auto refused = check_gln13("9521206000004");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::CODE_CHECK_DIGIT);
  EXPECT_EQ(refused.error().message,
            "check digit of GLN 9521206000004 (place 13) is 4, expected 3; compare it with the "
            "label");
}

TEST(CheckDigit, AGlnIsThirteenDigits) {
  EXPECT_EQ(outcome(check_gln13("9521206000003")), "OK");
  EXPECT_EQ(outcome(check_gln13("952120600000")), "CODE_SYNTAX");
  EXPECT_EQ(outcome(check_gln13("952120600000A")), "CODE_SYNTAX");
  EXPECT_EQ(outcome(check_gln13("")), "CODE_SYNTAX");
}

TEST(CheckDigit, EveryOtherLastDigitOfANumberIsRefused) {
  for (char last = '0'; last <= '9'; ++last) {
    const std::string gln = std::string("952120600000") + last;
    EXPECT_EQ(outcome(check_gln13(gln)), last == '3' ? "OK" : "CODE_CHECK_DIGIT") << gln;
  }
}

TEST(CheckDigit, CreditCodesFollowGB32100) {
  EXPECT_EQ(outcome(check_uscc("91350100M000100Y43")), "OK");
  EXPECT_EQ(outcome(check_uscc("91330100799655058B")), "OK");
  EXPECT_EQ(outcome(check_uscc("91350100M000100Y44")), "CODE_CHECK_DIGIT");
  EXPECT_EQ(outcome(check_uscc("91350100I000100Y43")), "CODE_SYNTAX");  // No letter I.
  EXPECT_EQ(outcome(check_uscc("9135010XM000100Y43")), "CODE_SYNTAX");  // The region is digits.
  EXPECT_EQ(outcome(check_uscc("91350100M000100Y4")), "CODE_SYNTAX");
}

TEST(CheckDigit, ContainersFollowISO6346) {
  EXPECT_EQ(outcome(check_iso6346("CSQU3054383")), "OK");
  EXPECT_EQ(outcome(check_iso6346("ZZZU2606178")), "OK");
  EXPECT_EQ(outcome(check_iso6346("CSQU3054384")), "CODE_CHECK_DIGIT");
  EXPECT_EQ(outcome(check_iso6346("CSQX3054383")), "CODE_SYNTAX");
  EXPECT_EQ(outcome(check_iso6346("csqu3054383")), "CODE_SYNTAX");
}

TEST(CheckDigit, ParcelsFollowS10) {
  EXPECT_EQ(outcome(check_s10("RR473124829GB")), "OK");
  EXPECT_EQ(outcome(check_s10("GQ260803019CN")), "OK");
  EXPECT_EQ(outcome(check_s10("RR473124828GB")), "CODE_CHECK_DIGIT");
  EXPECT_EQ(outcome(check_s10("RR473124829G1")), "CODE_SYNTAX");
}

TEST(CheckDigit, ModelNumbersHaveTwoCheckCharacters) {
  EXPECT_EQ(outcome(check_gmn("1987654Ad4X4bL5ttr2310c2K")), "OK");
  EXPECT_EQ(outcome(check_gmn("1987654Ad4X4bL5ttr2310cK2")), "CODE_CHECK_DIGIT");
  EXPECT_EQ(outcome(check_gmn("1987654 2K")), "CODE_SYNTAX");
}

TEST(CheckDigit, ARefusalNamesThePlaceOfACharacterThatCannotStand) {
  const auto says = [](const Result<Done>& checked, std::string_view what) {
    EXPECT_NE(checked.error().message.find(what), std::string::npos) << checked.error().message;
  };
  says(check_gln13("95212O6000003"), "has 'O' at place 6, expected a digit");
  says(check_gln13("952120600000"), "has 12 characters, expected 13");
  says(check_uscc("91350100I000100Y43"), "has 'I' at place 9, expected a digit or capital");
  says(check_uscc("9135010XM000100Y43"), "has 'X' at place 8, expected a digit");
  says(check_uscc("91350100M000100Y4A"), "(place 18) is A, expected 3");
  says(check_iso6346("ZZZX2606178"), "has 'X' at place 4, expected one of U, J, Z");
  says(check_iso6346("ZZZU260617A"), "has 'A' at place 11, expected a digit");
  says(check_iso6346("ZZZU2606179"), "(place 11) is 9, expected 8");
  says(check_s10("GQ26O803019CN"), "has 'O' at place 5, expected a digit");
  says(check_s10("gQ260803019CN"), "has 'g' at place 1, expected a capital letter");
  says(check_s10("GQ260803018CN"), "(place 11) is 8, expected 9");
}

TEST(CheckDigit, BytesFromOutsideNeverReachAMessageRaw) {
  const auto refused = check_gln13("95212\n\xff");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "GLN '95212\\x0a\\xff' has '\\x0a' at place 6, expected a digit");
}

}  // namespace
}  // namespace suyuan
