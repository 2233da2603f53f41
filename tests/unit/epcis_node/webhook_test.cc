#include "node/epcis/webhook.h"

#include <gtest/gtest.h>

#include "ledger/base/text.h"
#include "node/epcis/callback.h"

namespace suyuan::epcis {
namespace {

int64_t ms(const std::string& time) { return from_rfc3339(time)->ms; }

std::string next(const std::string& schedule, const std::string& after) {
  const auto parsed = parse_schedule(schedule);
  EXPECT_TRUE(parsed) << schedule;
  const auto at = parsed ? parsed->next_after(ms(after)) : std::nullopt;
  return at ? to_rfc3339({.ms = *at}) : "never";
}

TEST(Schedule, NamesTheTimesThatCronWould) {
  EXPECT_EQ(next(R"({"hour":"1","minute":"5"})", "2026-06-01T01:05:00Z"), "2026-06-02T01:05:00Z");
  EXPECT_EQ(next(R"({"second":"0,30"})", "2026-06-01T00:00:00Z"), "2026-06-01T00:00:30Z");
  EXPECT_EQ(next(R"({"minute":"[10-12]"})", "2026-06-01T00:12:00Z"), "2026-06-01T01:10:00Z");
  EXPECT_EQ(next(R"({"dayOfWeek":"1","hour":"6"})", "2026-06-02T00:00:00Z"),
            "2026-06-08T06:00:00Z");
  EXPECT_EQ(next(R"({"month":"2","dayOfMonth":"29"})", "2026-06-01T00:00:00Z"), "never");
}

TEST(Schedule, RefusesWhatNamesNoTime) {
  for (const std::string bad : {"{}", R"({"hour":"24"})", R"({"hour":"[3-1]"})",
                                R"({"hour":"1-3"})", R"({"hour":"*"})", R"({"year":"2026"})",
                                "[]"}) {
    EXPECT_FALSE(parse_schedule(bad)) << bad;
  }
}

TEST(Destination, IsAWebAddressOutsideOfOurOwnNetwork) {
  const auto good = parse_destination("https://client.example.com/callback?a=1", false);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->host + ":" + good->port + good->target, "client.example.com:443/callback?a=1");
  for (const std::string bad :
       {"ftp://a.example/", "http://user@a.example/", "http://127.0.0.1/", "http://localhost/",
        "http://10.1.2.3/", "http://[::1]/", "http://169.254.169.254/latest", "nonsense",
        "http://a.example/#part", "http://localhost./", "http://[64:ff9b::a00:1]/",
        "http://a.example%0d%0aX-Evil:%201/", "http://a.example%20b/",
        "http://a.example:0/", "http://a.example:65536/", "http://a.example%00/",
        "http://8.8.8.8%00%0d%0aX:%201/", "http://8.8.8.8.example/", "http://a:b:c/"}) {
    EXPECT_FALSE(parse_destination(bad, false)) << bad;
  }
  EXPECT_TRUE(parse_destination("http://127.0.0.1:8080/x", true));
  for (const std::string bad :
       {"::ffff:192.168.0.1", "64:ff9b::192.168.0.1", "::10.0.0.1", "2002:0a00:0001::1", "fec0::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "64:ff9b:1::1", "fd00::1", "fe80::1", "ff02::1",
        "::", "0.0.0.0", "0.1.2.3", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255", "::ffff:0:127.0.0.1"}) {
    EXPECT_TRUE(is_forbidden_address(bad, true)) << bad;
  }
  for (const std::string open : {"8.8.8.8", "64:ff9b::8.8.8.8", "2606:4700:4700::1111",
                                 "::ffff:8.8.8.8", "172.15.0.1", "100.63.255.255"}) {
    EXPECT_FALSE(is_forbidden_address(open, false)) << open;
  }
  EXPECT_TRUE(is_forbidden_address("64:ff9b::7f00:1", false));
}

// RFC 4231, test case 2.
TEST(Callback, IsSignedByHmac) {
  EXPECT_EQ(signature_of("Jefe", "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace suyuan::epcis
