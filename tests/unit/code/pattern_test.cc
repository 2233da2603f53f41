// Patterns for questions: EPC patterns and links with a star, against canonical texts.
#include "ledger/code/pattern.h"

#include <gtest/gtest.h>

#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::kCan;

bool matches(std::string_view pattern, std::string_view sent) {
  const auto parsed = parse_code_pattern(pattern);
  EXPECT_TRUE(parsed) << pattern << ": " << (parsed ? "" : to_text(parsed.error()));
  return parsed && parsed->matches(parse_code(sent).value().text());
}

TEST(CodePattern, AnOpenSerialMatchesTheClassAndItsUnitsAlone) {
  const auto* pattern = "urn:epc:idpat:sgtin:9521104.030101.*";
  EXPECT_TRUE(matches(pattern, "9521104301011"));
  EXPECT_TRUE(matches(pattern, "urn:epc:id:sgtin:9521104.030101.S1"));
  EXPECT_FALSE(matches(pattern, "urn:epc:class:lgtin:9521104.030101.L1"));
  EXPECT_FALSE(matches(pattern, "urn:epc:id:sgtin:9521104.130101.S1"));
}

TEST(CodePattern, AnOpenReferenceMatchesAllOfTheCompanyPrefix) {
  const auto* pattern = "urn:epc:idpat:sgtin:9521104.*.*";
  EXPECT_TRUE(matches(pattern, "urn:epc:id:sgtin:9521104.030101.S1"));
  EXPECT_TRUE(matches(pattern, "urn:epc:id:sgtin:9521104.130101.S1"));
  EXPECT_FALSE(matches(pattern, "urn:epc:id:sgtin:9521206.030101.S1"));
  EXPECT_TRUE(matches("urn:epc:idpat:sscc:9521104.*", "(00)395211040000010020"));
  EXPECT_FALSE(matches("urn:epc:idpat:sscc:9521105.*", "(00)395211040000010020"));
  EXPECT_TRUE(matches("urn:epc:idpat:sscc:*.*", "(00)395211040000010020"));
  EXPECT_FALSE(matches("urn:epc:idpat:sscc:*.*", "9521104301011"));
}

TEST(CodePattern, SerialsInsideTheKeysValueAreOpenToo) {
  EXPECT_TRUE(matches("urn:epc:idpat:grai:4012345.66666.*", "urn:epc:id:grai:4012345.66666.A"));
  EXPECT_FALSE(matches("urn:epc:idpat:grai:4012345.66666.*", "urn:epc:id:grai:4012345.66667.A"));
  EXPECT_TRUE(matches("urn:epc:idpat:giai:4012345.*", "urn:epc:id:giai:4012345.A"));
  EXPECT_TRUE(matches("urn:epc:idpat:sgln:4012345.00005.*", "urn:epc:id:sgln:4012345.00005.0"));
  EXPECT_TRUE(matches("urn:epc:idpat:sgln:4012345.00005.*", "urn:epc:id:sgln:4012345.00005.9"));
}

TEST(CodePattern, APartOfAPartNumberIsNoPartNumber) {
  EXPECT_TRUE(matches("urn:epc:idpat:cpi:4012345.AB.*", "urn:epc:id:cpi:4012345.AB.1"));
  EXPECT_FALSE(matches("urn:epc:idpat:cpi:4012345.AB.*", "urn:epc:id:cpi:4012345.ABC.1"));
}

TEST(CodePattern, PiecesMayBeLeftOpenFromAnyPartOn) {
  const auto* piece = "urn:epc:id:itip:9521104.030101.01.02.987";
  for (const auto* pattern :
       {"urn:epc:idpat:itip:9521104.030101.01.02.*", "urn:epc:idpat:itip:9521104.030101.01.*.*",
        "urn:epc:idpat:itip:9521104.030101.*.*.*", "urn:epc:idpat:itip:9521104.*.*.*.*"}) {
    EXPECT_TRUE(matches(pattern, piece)) << pattern;
  }
  EXPECT_FALSE(matches("urn:epc:idpat:itip:9521104.030101.02.*.*", piece));
}

TEST(CodePattern, ALinkThatEndsInAStarMatchesAllThatBeginsSo) {
  const auto* all = "https://any.example/01/9521104301011*";
  EXPECT_TRUE(matches(all, "9521104301011"));
  EXPECT_TRUE(matches(all, "(01)09521104301011(10)L1"));
  EXPECT_TRUE(matches(all, "(01)09521104301011(21)S1"));
  EXPECT_TRUE(matches("https://any.example/01/09521104301011/10/L*", "(01)09521104301011(10)L1"));
  EXPECT_FALSE(matches("https://any.example/01/09521104301011/10/*", "(01)09521104301011(21)1"));
  EXPECT_TRUE(matches("https://any.example/01/09521104301011/21/*", "(01)09521104301011(21)1"));
}

TEST(CodePattern, AnyOtherCodeMatchesItselfInAllItsSpellings) {
  EXPECT_TRUE(matches("(01)09521104301011(21)S1", "urn:epc:id:sgtin:9521104.030101.S1"));
  EXPECT_FALSE(matches("9521104301011", "urn:epc:id:sgtin:9521104.030101.S1"));
  EXPECT_EQ(parse_code_pattern("9521104301011").value().exact, kCan);
}

TEST(CodePattern, FaultsAreToldAsForCodes) {
  for (const auto* bad :
       {"urn:epc:idpat:sgtin:9521104.030101.S1", "urn:epc:idpat:sgtin:*.030101.*",
        "urn:epc:idpat:sgtin:952.*.*", "urn:epc:idpat:sgtin:9521104.03010.*",
        "urn:epc:idpat:gid:1.2.*", "https://any.example/*", "https://any.example/01/9521*", "*",
        ""}) {
    const auto parsed = parse_code_pattern(bad);
    // A text with a star may be an address of its own; it then matches itself alone.
    EXPECT_FALSE(parsed && parsed->matches(kCan)) << bad;
  }
  EXPECT_EQ(test::outcome(parse_code_pattern("https://any.example/01/09521104301010*")),
            "CODE_CHECK_DIGIT");
  EXPECT_EQ(test::outcome(parse_code_pattern("urn:epc:idpat:sgtin:9521104.*.S1")), "CODE_SYNTAX");
}

}  // namespace
}  // namespace suyuan
