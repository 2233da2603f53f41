// GS1 element strings: bracketed and raw; the first primary key, its finest qualifier, no guesses.
#include <gtest/gtest.h>

#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::canonical;
using test::kCan;
using test::message;

const std::string kUnit = std::string(kCan) + "/21/3BGEJEE2QM52";

TEST(ElementString, BracketedAndRawNameTheSameThing) {
  EXPECT_EQ(canonical("(01)09521104301011(10)L2606A(21)3BGEJEE2QM52"), kUnit);
  EXPECT_EQ(canonical("]d2010952110430101110L2606A\x1d" "213BGEJEE2QM52"), kUnit);
  EXPECT_EQ(canonical("]Q3\x1d" "010952110430101110L2606A\x1d" "213BGEJEE2QM52\x1d"), kUnit);
  EXPECT_EQ(canonical("]C1" "0109521104301011" "17280602" "213BGEJEE2QM52"), kUnit);
  EXPECT_EQ(canonical("0109521104301011213BGEJEE2QM52"), kUnit);
}

TEST(ElementString, TheOrderOfElementsDoesNotMatter) {
  EXPECT_EQ(canonical("(21)3BGEJEE2QM52(17)280602(01)09521104301011"), kUnit);
}

TEST(ElementString, TheFirstPrimaryKeyIsTheCodesKey) {
  EXPECT_EQ(canonical("(00)395211040000010020(01)09521104301011"),
            "https://id.gs1.org/00/395211040000010020");
  EXPECT_EQ(canonical("(01)09521104301011(00)395211040000010020"), kCan);
}

TEST(ElementString, ABracketInsideAValueIsEscaped) {
  EXPECT_EQ(canonical("(01)09521104301011(10)A\\(21)B"), std::string(kCan) + "/10/A%2821%29B");
  EXPECT_EQ(canonical("(01)09521104301011(10)A(21)B"), std::string(kCan) + "/21/B");
  EXPECT_EQ(canonical("(01)09521104301011(10)A(x)B"), "CODE_SYNTAX");
}

TEST(ElementString, ContradictionsAreRefused) {
  EXPECT_EQ(canonical("(01)09521104301011(01)19521104301018"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("(01)09521104301011(21)A(21)B"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("(01)09521104301011(21)A(235)B"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("(01)09521104301011(21)A(21)A"), std::string(kCan) + "/21/A");
}

TEST(ElementString, TruncatedOnesAreRefusedWithThePlace) {
  EXPECT_EQ(canonical("]d2"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("]d2" "01095211043010"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("(01)"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("(01"), "CODE_SYNTAX");
  EXPECT_NE(message("]d2" "0109521104301011" "1728").find("AI 17 at position 20"),
            std::string::npos);
}

TEST(ElementString, AnotherSymbologyHoldsNoGS1Data) {
  EXPECT_NE(message("]A0" "0109521104301011").find("']A0'"), std::string::npos);
}

TEST(ElementString, BareDigitsAreAGtinWhereTheirNumberFits) {
  EXPECT_EQ(canonical("9521104301011"), kCan);
  EXPECT_EQ(canonical("09521104301011"), kCan);
  EXPECT_EQ(canonical("614141123452"), "https://id.gs1.org/01/00614141123452");
  EXPECT_EQ(canonical("95200002"), "https://id.gs1.org/01/00000095200002");
  EXPECT_EQ(canonical("00395211040000010020"), "https://id.gs1.org/00/395211040000010020");
  EXPECT_NE(message("395211040000010020").find("(00)"), std::string::npos);
}

TEST(ElementString, BareDigitsWithAWrongCharacterAreToldWhichOne) {
  EXPECT_EQ(message("690123456789O"), "GTIN 0690123456789O has 'O' at place 14, expected a digit");
  EXPECT_EQ(message("952110430101O"), "GTIN 0952110430101O has 'O' at place 14, expected a digit");
  EXPECT_EQ(message("O9521104301011"), "GTIN O9521104301011 has 'O' at place 1, expected a digit");
  EXPECT_NE(message("6141-1123452").find("has '-' at place 7"), std::string::npos);
  EXPECT_NE(message("952000B2").find("has 'B' at place 13"), std::string::npos);
  // A raw element string of as many characters stays one.
  EXPECT_EQ(canonical("80049521206A"), "https://id.gs1.org/8004/9521206A");
}

}  // namespace
}  // namespace suyuan
