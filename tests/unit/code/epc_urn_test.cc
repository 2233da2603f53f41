// EPC URNs: check digits come in, dots go out, patterns that name a class are classes.
#include <gtest/gtest.h>

#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::canonical;
using test::kCan;
using test::message;

TEST(EpcUrn, NamesTheSameThingAsTheDigitalLink) {
  EXPECT_EQ(canonical("urn:epc:id:sgtin:9521104.030101.S1"), std::string(kCan) + "/21/S1");
  EXPECT_EQ(canonical("urn:epc:id:sgtin:9521104.130101.S1"),
            "https://id.gs1.org/01/19521104301018/21/S1");
  EXPECT_EQ(canonical("urn:epc:class:lgtin:9521104.030101.L1"), std::string(kCan) + "/10/L1");
}

TEST(EpcUrn, ThePlaceOfTheCompanyPrefixsEndDoesNotMatter) {
  EXPECT_EQ(canonical("urn:epc:id:sgtin:952110430.0101.S"), std::string(kCan) + "/21/S");
  EXPECT_EQ(canonical("urn:epc:id:sgtin:952110430101.0.S"), std::string(kCan) + "/21/S");
}

TEST(EpcUrn, ASerialMayHoldDotsAndEscapes) {
  EXPECT_EQ(canonical("urn:epc:id:sgtin:9521104.030101.a.b%2Fc"),
            std::string(kCan) + "/21/a.b%2Fc");
  EXPECT_EQ(canonical("urn:epc:id:sgtin:9521104.030101.a/b"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:epc:id:sgtin:9521104.030101.%41%zz"), "CODE_SYNTAX");
}

TEST(EpcUrn, OnlyAPatternThatLeavesTheSerialOpenIsAClass) {
  EXPECT_EQ(canonical("urn:epc:idpat:sgtin:9521104.030101.*"), kCan);
  EXPECT_EQ(canonical("urn:epc:idpat:sgtin:9521104.*.*"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:epc:idpat:sgtin:9521104.030101.S1"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:epc:idpat:sscc:9521104.*"), "CODE_SYNTAX");
}

TEST(EpcUrn, LengthsAreToldWhereTheyAreWrong) {
  EXPECT_NE(message("urn:epc:id:sscc:08600031303.0005").find("has 15 characters"),
            std::string::npos);
  EXPECT_EQ(canonical("urn:epc:id:sgtin:95211.03010101.S"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:epc:id:sgtin:9521104"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:epc:id:gdti:987659999999..9"), "https://id.gs1.org/253/98765999999929");
}

TEST(EpcUrn, AnUnknownSchemeIsRefusedAndNeverTakenForAnotherURI) {
  EXPECT_EQ(canonical("urn:epc:id:xyz:CAGEY.5678"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:epc:tag:sgtin-96:3.9521104.030101.1"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:epc:"), "CODE_SYNTAX");
}

}  // namespace
}  // namespace suyuan
