// What a party sees of a code at the code's own address, and what anyone sees.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "ledger/batch/sign.h"
#include "ledger/event/codes_of.h"
#include "ledger/os/files.h"
#include "proto/epcis/epcis.h"
#include "tests/e2e/session_fixture.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

const std::string kSecretClass = "/01/" + kFormula;

TEST(ResolverForParties, ListsAndTracesWhatThePartyMaySee) {
  ServeOptions options;
  options.seal_interval_ms = 50;
  options.public_url = "https://trace.example";
  SmallLedger ledger(options);
  const std::string hidden =
      R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],)"
      R"("eventTime":"2026-06-01T09:00:00.000Z","eventTimeZoneOffset":"+08:00",)"
      R"("type":"ObjectEvent","action":"ADD","bizStep":"commissioning",)"
      R"("eventID":"urn:uuid:hidden","suyuan:audience":"partner",)"
      R"("quantityList":[{"epcClass":"https://id.gs1.org)" +
      kSecretClass + R"(/10/L9","quantity":10}]})";
  const auto event = check_epcis(hidden);
  ASSERT_TRUE(event) << to_text(event.error().front());
  BatchDraft draft = ledger.draft({});
  draft.type = PayloadType::epcis_json;
  draft.events.push_back({.body = {.salt = random_fixed<Salt>(), .payload = hidden},
                          .codes = codes_of(*event)});
  ledger.accept(sign_batch(std::move(draft), ledger.signer("maker")).value());
  const std::string token = token_over_http(ledger, "maker");
  const auto asked = [&](const std::string& path, const std::string& authorization) {
    HttpAsked request{.target = path, .headers = {{"Accept", "application/json"}}};
    if (!authorization.empty()) request.headers["Authorization"] = authorization;
    return ledger.http().send(request);
  };
  const auto lots = [](const HttpAnswer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.header("vary"), "Accept, Authorization");
    const auto body = boost::json::parse(answer.body);
    return body.at("below").at("items").as_array().size();
  };
  const auto of_maker = asked(kSecretClass, "Bearer " + token);
  EXPECT_EQ(lots(of_maker), 1U);
  EXPECT_EQ(of_maker.header("cache-control"), "private, no-store");
  const auto of_anyone = asked(kSecretClass, "");
  EXPECT_EQ(lots(of_anyone), 0U);
  EXPECT_EQ(of_anyone.header("cache-control").find("private"), std::string::npos);

  const std::string lot = kSecretClass + "/10/L9";
  const std::string same =
      "/v1/codes/" + percent_encode("https://id.gs1.org" + lot) + "/trace";
  const auto trace_of = [](const HttpAnswer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return boost::json::parse(answer.body).at("trace");
  };
  EXPECT_EQ(trace_of(asked(lot, "Bearer " + token)), trace_of(get_as(ledger, same, token)));
  const auto through_proxy = asked(kSecretClass, "Basic bWFrZXI6");
  EXPECT_EQ(lots(through_proxy), 0U) << "of another scheme: for a proxy";
  for (const std::string scheme : {"bearer ", "BEARER ", "Bearer  "})
    EXPECT_EQ(lots(asked(kSecretClass, scheme + token)), 1U) << scheme;
  for (const std::string wrong : {"Bearer nonsense", "bearer nonsense", "Bearer", "bearer "}) {
    const auto refused = asked(kSecretClass, wrong);
    EXPECT_EQ(refused.status, 401) << refused.body;
    EXPECT_NE(refused.body.find("SESSION_INVALID"), std::string::npos);
  }
}

}  // namespace
}  // namespace suyuan::test
