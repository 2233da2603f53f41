// Other absolute URIs: normal by syntax alone, and no way around the checks of the other forms.
#include <gtest/gtest.h>

#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::canonical;
using test::message;

TEST(Uri, IsBroughtToItsNormalFormAndNothingElse) {
  EXPECT_EQ(canonical("HTTPS://Maker.Example:443/A/./b/../c"), "https://maker.example/A/c");
  EXPECT_EQ(canonical("https://maker.example:8443/p"), "https://maker.example:8443/p");
  EXPECT_EQ(canonical("https://maker.example:/p"), "https://maker.example/p");
  EXPECT_EQ(canonical("https://maker.example/%7e%c3%a9%2f"), "https://maker.example/~%C3%A9%2F");
  EXPECT_EQ(canonical("https://maker.example/p?b=2&a=%41"), "https://maker.example/p?b=2&a=A");
  EXPECT_EQ(canonical("https://maker.example"), "https://maker.example");
  EXPECT_EQ(canonical("https://maker.example/"), "https://maker.example/");
  EXPECT_EQ(canonical("https://maker.example/a//b/"), "https://maker.example/a//b/");
}

TEST(Uri, DotSegmentsGoAsRFC3986Says) {
  EXPECT_EQ(canonical("http://h/a/b/c/./../../g"), "http://h/a/g");
  EXPECT_EQ(canonical("http://h/../../g"), "http://h/g");
  EXPECT_EQ(canonical("http://h/a/.."), "http://h/");
  EXPECT_EQ(canonical("http://h/a/."), "http://h/a/");
  EXPECT_EQ(canonical("http://h/a/%2E%2e/g"), "http://h/g");
  EXPECT_EQ(canonical("http://h/a/...b"), "http://h/a/...b");
  EXPECT_EQ(canonical("urn:own:a/../b"), "urn:own:a/../b");
}

TEST(Uri, HasNoUserNoFragmentAndAtMost512Bytes) {
  EXPECT_EQ(canonical("https://user:pass@maker.example/p"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("https://maker.example/p#part"), "CODE_SYNTAX");
  const std::string start = "https://maker.example/";
  const std::string longest = start + std::string(512 - start.size(), 'a');
  EXPECT_EQ(canonical(longest), longest);
  EXPECT_EQ(canonical(longest + "a"), "CODE_SYNTAX");
}

TEST(Uri, TakesOnlyTheCharactersOfRFC3986) {
  for (const auto* uri : {"https://h/a|b", "https://h/a\\b", "https://h/a^b", "https://h/a\"b",
                          "https://h/{a}", "https://h/[a]", "https://h/%4", "https://h/%zz",
                          "https://h/<a>", "https://h/a`b"}) {
    EXPECT_EQ(canonical(uri), "CODE_SYNTAX") << uri;
  }
}

TEST(Uri, RefusesHostsAndPortsThatAreNone) {
  for (const auto* uri : {"https://", "https:///p", "https:p", "http://:80/", "http://h:x/",
                          "http://h:080/", "http://[::1/", "http://[::g]/", "http://h[1]/",
                          "http://[::1]x/", "foo:", "foo://", "1foo:bar", "foo", "//h/p"}) {
    EXPECT_EQ(canonical(uri), "CODE_SYNTAX") << uri;
  }
}

TEST(Uri, EscapesAreNoWayAroundAReservedName) {
  EXPECT_EQ(canonical("urn:%73uyuan:party:a"), "CODE_RESERVED");
  EXPECT_EQ(canonical("urn:%65pc:id:sgtin:1.2.3"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:x-suyua%6E:parcel:1"), "CODE_SYNTAX");
}

TEST(Uri, AShorthandIsNoURI) {
  EXPECT_NE(message("lot:09521104301011:L2606A").find("shorthand"), std::string::npos);
  EXPECT_EQ(canonical("SSCC:395211040000010020"), "CODE_SYNTAX");
}

TEST(Uri, APersonsAddressIsNoCode) {
  EXPECT_EQ(canonical("mailto:someone@maker.example"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("tel:+86-592-0000000"), "CODE_SYNTAX");
}

}  // namespace
}  // namespace suyuan
