// GS1 Digital Link: any host and stem, old words, the finest key; a broken link is refused.
#include <gtest/gtest.h>

#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::canonical;
using test::kCan;
using test::message;

TEST(DigitalLink, HostStemPortQueryAndFragmentSayNothingAboutTheThing) {
  for (const auto* link :
       {"https://id.gs1.org/01/09521104301011", "HTTP://TRACE.EXAMPLE:8080/01/09521104301011",
        "https://x.example/some/stem/01/09521104301011", "https://[::1]/01/09521104301011?17=28",
        "https://x.example/01/09521104301011?lang=zh&&x#p",
        "https://x.example/gtin/9521104301011"}) {
    EXPECT_EQ(canonical(link), kCan) << link;
  }
}

TEST(DigitalLink, TheLastPrimaryKeyOfThePathCounts) {
  EXPECT_EQ(canonical("https://x.example/8004/9521104A/01/09521104301011"), kCan);
  EXPECT_EQ(canonical("https://x.example/00/01/09521104301011"), kCan);
}

TEST(DigitalLink, AValueThatLooksLikeAKeyStaysAValue) {
  EXPECT_EQ(canonical("https://x.example/01/09521104301011/10/01"), std::string(kCan) + "/10/01");
  EXPECT_EQ(canonical("https://x.example/01/09521104301011/10/00/21/01"),
            std::string(kCan) + "/21/01");
}

TEST(DigitalLink, ThePathIsSplitBeforeItIsDecoded) {
  EXPECT_EQ(canonical("https://x.example/01/09521104301011/10/A%2F21%2FB"),
            std::string(kCan) + "/10/A%2F21%2FB");
  // Decoded once, not twice.
  EXPECT_EQ(canonical("https://x.example/01/09521104301011/10/A%252F"),
            std::string(kCan) + "/10/A%252F");
}

TEST(DigitalLink, QualifiersComeInTheStandardsOrder) {
  EXPECT_EQ(canonical("https://x.example/01/09521104301011/22/V/10/L/21/S"),
            std::string(kCan) + "/21/S");
  EXPECT_EQ(canonical("https://x.example/01/09521104301011/21/S/10/L"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("https://x.example/01/09521104301011/10/L/10/L"), "CODE_SYNTAX");
  EXPECT_NE(message("https://x.example/01/09521104301011/21/S/10/L").find("in this order: 22, 10"),
            std::string::npos);
}

TEST(DigitalLink, AFinerKeyInTheQueryIsNotLostInSilence) {
  EXPECT_EQ(canonical("https://x.example/01/09521104301011?10=L"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("https://x.example/01/09521104301011/10/L?%32%31=S"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("https://x.example/01/09521104301011/21/S?10=L"),
            std::string(kCan) + "/21/S");
}

TEST(DigitalLink, ABrokenLinkIsRefusedAndNeverTakenForAnotherURI) {
  for (const auto* link :
       {"https://x.example/01/9", "https://x.example/01/", "https://x.example/01/09521104301011/",
        "https://x.example/01//09521104301011", "https://x.example/01/09521104301011/photo",
        "https://x.example/gtin/abc", "https://x.example/01/09521104301011/10/",
        "https://x.example/01/09521104301011/10/..", "https://x.example/01/x/../09521104301011",
        "https://x.example/y/01/x/%2E%2E/09521104301011", "https://id.gs1.org/nothing"}) {
    EXPECT_EQ(canonical(link), "CODE_SYNTAX") << link;
  }
  EXPECT_EQ(canonical("https://x.example/01/09521104301010"), "CODE_CHECK_DIGIT");
}

TEST(DigitalLink, EscapedKeyNumbersAreKeysToo) {
  EXPECT_EQ(canonical("https://x.example/%30%31/09521104301011"), kCan);
}

TEST(DigitalLink, NumbersForUseInsideOneCompanyAreRefused) {
  for (const auto* link : {"https://x.example/01/02012345678903", "https://x.example/01/20000004",
                           "https://x.example/01/00212345678909"}) {
    EXPECT_EQ(canonical(link), "CODE_RESTRICTED") << link;
  }
}

}  // namespace
}  // namespace suyuan
