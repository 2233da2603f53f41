#include "proto/epcis_query/pattern.h"

#include <gtest/gtest.h>

namespace suyuan::epcis {
namespace {

const std::string kUnit = "https://id.gs1.org/01/10614141073464/21/2017";
const std::string kClass = "https://id.gs1.org/01/10614141073464";
const std::string kLot = "https://id.gs1.org/01/10614141073464/10/L7";

bool fits(const std::string& pattern, const std::string& code) {
  const auto parsed = parse_pattern(pattern, {});
  EXPECT_TRUE(parsed) << pattern;
  return parsed && parsed->fits(code);
}

TEST(Pattern, ACodeFitsItselfAlone) {
  EXPECT_TRUE(fits("urn:epc:id:sgtin:0614141.107346.2017", kUnit));
  EXPECT_FALSE(fits("urn:epc:id:sgtin:0614141.107346.201", kUnit));
  EXPECT_FALSE(fits(kClass, kUnit)) << "an item's question is not the whole class's";
}

TEST(Pattern, AStarForTheSerialIsTheClass) {
  const std::string pattern = "urn:epc:idpat:sgtin:0614141.107346.*";
  EXPECT_TRUE(fits(pattern, kUnit));
  EXPECT_TRUE(fits(pattern, kClass));
  EXPECT_FALSE(fits(pattern, kLot));
  EXPECT_EQ(parse_pattern(pattern, {})->under, kClass);
}

TEST(Pattern, AStarForTheReferenceIsTheCompany) {
  EXPECT_TRUE(fits("urn:epc:idpat:sgtin:0614141.*.*", kUnit));
  EXPECT_FALSE(fits("urn:epc:idpat:sgtin:0614142.*.*", kUnit));
  EXPECT_TRUE(fits("urn:epc:idpat:sgtin:*.*.*", kUnit));
  EXPECT_FALSE(fits("urn:epc:idpat:sgtin:*.*.*", kLot));
  EXPECT_TRUE(fits("urn:epc:idpat:sscc:0614141.*", "https://id.gs1.org/00/106141412345678908"));
}

TEST(Pattern, ALinkWithAStarIsItsBeginning) {
  for (const auto& code : {kUnit, kClass, kLot})
    EXPECT_TRUE(fits("https://shop.example.com/01/10614141073464*", code)) << code;
  EXPECT_TRUE(fits("https://id.gs1.org/01/10614141073464/21/20*", kUnit));
  EXPECT_FALSE(fits("https://id.gs1.org/01/10614141073464/21/21*", kUnit));
}

TEST(Pattern, RefusesWhatIsNone) {
  for (const std::string bad :
       {"urn:epc:idpat:sgtin:*.107346.*", "urn:epc:idpat:sgtin:0614141.107346.1",
        "urn:epc:idpat:who:1.*", "*", "https://id.gs1.org/01/10614141073465/21/1"}) {
    EXPECT_FALSE(parse_pattern(bad, {})) << bad;
  }
}

}  // namespace
}  // namespace suyuan::epcis
