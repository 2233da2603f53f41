// A ledger with a gateway, tokens of two parties, and a client of its EPCIS interface.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "node/epcis/gateway.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {

namespace json = boost::json;

inline const std::string kLot = "https://id.gs1.org/01/" + kMilk + "/10/";

inline std::string event_of(const std::string& lot, const std::string& id,
                            const std::string& more = "") {
  return R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",)"
         R"({"example":"http://ns.example.com/epcis/"}],"type":"ObjectEvent",)"
         R"("eventTime":"2026-06-01T08:00:00+08:00","eventTimeZoneOffset":"+08:00",)"
         R"("action":"ADD","bizStep":"commissioning","disposition":"active",)"
         R"("quantityList":[{"epcClass":")" +
         kLot + lot + R"(","quantity":100,"uom":"KGM"}],"eventID":")" + id + "\"" + more + "}";
}

inline std::string document_of(const std::vector<std::string>& events) {
  std::string list;
  for (const auto& event : events) list += (list.empty() ? "" : ",") + event;
  return R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)"
         R"("type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-06-01T00:00:00Z",)"
         R"("epcisBody":{"eventList":[)" +
         list + "]}}";
}

class EpcisTest : public ::testing::Test {
 protected:
  explicit EpcisTest(ServeOptions options = usual_options()) : ledger_(std::move(options)) {
    const auto seed = sha256("small ledger gateway");
    const auto key = write_key_file("gateway", seed.view(), "", SealRandomness{});
    EXPECT_TRUE(key && write_new_file(folder().key(), *key, FileMode::secret));
    ledger_.accept(ledger_.acts("registrar", {GrantDelegation{.party = "farm", .signer = "gateway"},
                                              GrantDelegation{.party = "maker",
                                                              .signer = "gateway"}}));
    farm_ = *epcis::add_token(folder(), {.party = "farm"});
    maker_ = *epcis::add_token(folder(), {.party = "maker"});
    open_ = *epcis::add_token(folder(), {.party = "farm", .is_public = true});
  }

  // A party of many roles, so that what refuses its events is a rule of events; its token.
  std::string add_trader(bool is_public) { return add_party("trader", is_public); }
  std::string add_party(const std::string& id, bool is_public) {
    const std::vector<Role> roles = {Role::producer, Role::supplier,  Role::manufacturer,
                                     Role::lab,      Role::logistics, Role::seller,
                                     Role::platform};
    ledger_.accept(ledger_.acts(
        "registrar",
        {RegisterParty{.party = {.id = id, .name = id, .roles = roles}, .keys = {}},
         GrantDelegation{.party = id, .signer = "gateway"}}));
    return *epcis::add_token(folder(), {.party = id, .is_public = is_public});
  }

  epcis::GatewayFolder folder() const { return {ledger_.folder() + "/gateway"}; }

  HttpAnswer send(const std::string& method, const std::string& path, const std::string& token,
                  const std::string& body = {}, std::map<std::string, std::string> headers = {}) {
    if (!token.empty()) headers["Authorization"] = "Bearer " + token;
    if (!body.empty() && !headers.contains("Content-Type"))
      headers["Content-Type"] = "application/json";
    return ledger_.http().send(
        {.method = method, .target = "/epcis" + path, .body = body, .headers = headers});
  }

  // Where a code's own address leads who asks for EPCIS, by Accept and by linkType: for send().
  std::vector<std::string> epcis_paths_of(const std::string& link) {
    std::vector<std::string> paths;
    for (const auto& asked : std::vector<HttpAsked>{
             {.target = link, .headers = {{"Accept", "application/ld+json"}}},
             {.target = link + "?linkType=gs1:epcis", .headers = {{"Accept", "text/html"}}}}) {
      const auto answer = ledger_.http().send(asked);
      EXPECT_EQ(answer.status, 307) << answer.body;
      const std::string target = answer.header("location");
      const size_t path = target.find("/epcis/");
      EXPECT_NE(path, std::string::npos) << target;
      if (path != std::string::npos) paths.push_back(target.substr(path + 6));
    }
    EXPECT_EQ(paths.size(), 2U);
    return paths;
  }

  json::array events(const std::string& path, const std::string& token) {
    auto answer = send("GET", path, token);
    // On a machine that has much else to do the index may be late, and says so.
    for (int i = 0; i < 20 && !answer.header("suyuan-index-behind").empty(); ++i)
      answer = send("GET", path, token);
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    if (answer.status != 200) return {};
    return json::parse(answer.body)
        .at("epcisBody").at("queryResults").at("resultsBody").at("eventList").as_array();
  }

  // The job once it has ended.
  json::value job(const HttpAnswer& accepted, const std::string& token) {
    EXPECT_EQ(accepted.status, 202) << accepted.body;
    const std::string path = accepted.header("location");
    for (int i = 0; i < 2000 && !path.empty(); ++i) {
      const auto answer = send("GET", path.substr(6), token);
      EXPECT_EQ(answer.status, 200) << answer.body;
      const auto value = json::parse(answer.body);
      if (!value.at("running").as_bool()) return value;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "the job does not end";
    return json::object{{"success", false}, {"errors", json::array{}}};
  }

  void refuses(const HttpAnswer& answer, int status, const std::string& type) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    ASSERT_FALSE(answer.body.empty());
    EXPECT_EQ(json::parse(answer.body).at("type").as_string(), "epcisException:" + type)
        << answer.body;
  }

  static ServeOptions usual_options() {
    ServeOptions options = without_seals();
    options.loopback_webhooks = true;
    return options;
  }

  SmallLedger ledger_;
  std::string farm_, maker_, open_;
};

}  // namespace suyuan::test
