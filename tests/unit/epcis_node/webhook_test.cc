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
        "http://a.example/#part"}) {
    EXPECT_FALSE(parse_destination(bad, false)) << bad;
  }
  EXPECT_TRUE(parse_destination("http://127.0.0.1:8080/x", true));
  EXPECT_TRUE(is_forbidden_address("::ffff:192.168.0.1", true));
}

// RFC 4231, test case 2.
TEST(Callback, IsSignedByHmac) {
  EXPECT_EQ(signature_of("Jefe", "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace suyuan::epcis
