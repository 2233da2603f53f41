// The scenario's scans on a running node, with the clock at each scan's time: the verdicts that the
// scenario expects, then those that it has no scan for.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "tests/e2e/http_client.h"
#include "tests/e2e/scenario.h"

namespace suyuan::test {
namespace {

namespace json = boost::json;

std::string unit(const std::string& serial) {
  return "https://id.gs1.org/01/09521104301011/21/" + serial;
}
const std::string kCan = unit("3BGEJEE2QM52");
const std::string kInner = "7kq2 m9xp-4trd";  // as a buyer may type it
constexpr int64_t kMonthLaterMs = 1'788'192'000'000;  // 2026-09-01

struct Given {
  const char* id;
  const char* time;
  const char* serial;
  const char* where;  // members of the request
  const char* device;
  bool inner;
  const char* verdict;
  const char* reason;
};
const std::vector<Given> kScans = {
    {"SA01", "2026-07-20T10:00:00+08:00", "3BGEJEE2QM52", R"("place":"CN-FJ/Xiamen")", "d1", false,
     "NOT_FOR_SALE", "DISPOSITION"},
    {"SA02", "2026-08-04T12:28:00+08:00", "3BGEJEE2QM52", R"("place":"CN-FJ/福州")", "d2", false,
     "GENUINE_FIRST_SCAN", "FIRST_SCAN"},
    {"SA03", "2026-08-04T12:30:00+08:00", "3BGEJEE2QM52", R"("place":"CN-FJ/福州")", "d2", true,
     "GENUINE_OWNER", "INNER_CODE_RIGHT"},
    {"SA04", "2026-08-10T19:00:00+08:00", "3BGEJEE2QM52", R"("place":"CN-FJ/Fuzhou")", "d3", false,
     "GENUINE_REPEAT", "SCANNED_BEFORE"},
    {"SA05", "2026-08-10T19:35:00+08:00", "3BGEJEE2QM52",
     R"("latitude":43.8256,"longitude":87.6168)", "d9", false, "CLONE_SUSPECT", "GEO_IMPOSSIBLE"},
    {"SA06", "2026-08-14T09:00:00+08:00", "GP2D6T6FK4JZ", R"("place":"CN-FJ/Xiamen")", "d4", false,
     "CODE_RETIRED", "DESTROYED"},
    {"SA07", "2026-08-14T09:05:00+08:00", "8YMZQ687FCGK", R"("place":"CN-FJ/Xiamen")", "d4", false,
     "CODE_RETIRED", "SAMPLED"},
    {"SA08", "2026-08-14T09:10:00+08:00", "ZZZZZZZZZZZZ", R"("place":"CN-SD/Jinan")", "d5", false,
     "UNKNOWN_CODE", "NOT_IN_LEDGER"},
};

class ScenarioScans : public ::testing::Test {
 protected:
  Scenario& scenario() { return Scenario::get(); }
  json::object answer(const HttpAnswer& heard) {
    EXPECT_EQ(heard.status, 200) << heard.body;
    return heard.status == 200 ? json::parse(heard.body).as_object() : json::object{};
  }
  json::object scan(const std::string& body) {
    HttpClient http(scenario().running().http_port());
    return answer(http.post("/v1/scans", body));
  }
  json::object verdict_of(const std::string& code) {
    HttpClient http(scenario().running().http_port());
    return answer(http.get("/v1/codes/" + percent_encode(code) + "/verdict"));
  }
  // The log's size once the last seal, which comes by itself, is in it.
  uint64_t sealed_size() {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (true) {
      const auto status = scenario().node().status();
      if (status.value && status.value->published_size == status.head.size) return status.head.size;
      if (std::chrono::steady_clock::now() > give_up) {
        ADD_FAILURE() << "no checkpoint covers the log";
        return 0;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  static std::string text(const json::value& value) { return std::string(value.as_string()); }
  static std::string reason(const json::object& verdict) {
    return text(verdict.at("reasons").as_array().at(0).at("code"));
  }
  static std::string body_of(const Given& given) {
    std::string body = R"({"code":")" + unit(given.serial) + R"(","device":")" +
                       std::string(given.device) + R"(-0123456789abcdef",)" + given.where;
    if (given.inner) body += R"(,"inner":")" + kInner + '"';
    return body + "}";
  }
};

TEST_F(ScenarioScans, GiveTheExpectedVerdictsLeaveTheLogAloneAndAreSeenLater) {
  const uint64_t size = sealed_size();
  std::map<std::string, json::object> answers;
  for (const Given& given : kScans) {
    SCOPED_TRACE(given.id);
    scenario().running().set_clock(from_rfc3339(given.time)->ms);
    auto verdict = scan(body_of(given));
    ASSERT_FALSE(verdict.empty());
    EXPECT_EQ(text(verdict.at("verdict")), given.verdict) << json::serialize(verdict);
    EXPECT_EQ(reason(verdict), given.reason) << json::serialize(verdict);
    answers.emplace(given.id, std::move(verdict));
  }
  EXPECT_EQ(scenario().node().status().head.size, size);

  // All ten steps of the registry's list are shown by events once the can is delivered.
  const auto& steps = answers.at("SA02").at("steps").as_array();
  EXPECT_EQ(steps.size(), 10U);
  for (const auto& step : steps) EXPECT_TRUE(step.at("done").as_bool()) << json::serialize(step);

  const auto& scans = answers.at("SA04").at("scans");
  EXPECT_EQ(scans.at("count").to_number<int>(), 3) << "the scan before the release does not count";
  EXPECT_EQ(scans.at("devices").to_number<int>(), 2);
  EXPECT_EQ(text(scans.at("first").at("time")), "2026-08-04T04:28:00Z");
  EXPECT_EQ(text(scans.at("first").at("place")), "CN-FJ/福州");
  const auto& suspect = answers.at("SA05");
  EXPECT_EQ(text(suspect.at("scans").at("last").at("place")), "CN-XJ/乌鲁木齐");
  EXPECT_EQ(suspect.at("scans").as_object().contains("latitude"), false);
  EXPECT_FALSE(answers.at("SA06").at("scans").at("recorded").as_bool());

  // A verdict that is no scan sees them, and adds none.
  scenario().running().set_clock(kMonthLaterMs);
  const auto first = verdict_of(kCan);
  EXPECT_EQ(text(first.at("verdict")), "CLONE_SUSPECT");
  EXPECT_FALSE(first.at("scans").at("recorded").as_bool());
  EXPECT_EQ(verdict_of(kCan).at("scans").at("count"), first.at("scans").at("count"));
  const auto rpc = scenario().node().verdict({.code = kCan});
  ASSERT_TRUE(rpc.value) << to_text(rpc.value.error());
  EXPECT_EQ(rpc.value->verdict, ScanVerdict::CLONE_SUSPECT);
  EXPECT_EQ(rpc.value->scans.count, 4U);
}

TEST_F(ScenarioScans, OfACanThatWasNeverOrderedMissSteps) {
  scenario().running().set_clock(kMonthLaterMs);
  const auto verdict = verdict_of(unit("G57X5TDLVTJF"));
  EXPECT_EQ(text(verdict.at("verdict")), "INCOMPLETE_CHAIN") << json::serialize(verdict);
  EXPECT_EQ(reason(verdict), "STEP_MISSING");
  std::vector<std::string> missing;
  for (const auto& step : verdict.at("steps").as_array()) {
    if (!step.at("done").as_bool()) missing.push_back(text(step.at("step")));
  }
  EXPECT_EQ(missing, (std::vector<std::string>{"order", "payment", "waybill", "three_doc_release",
                                               "delivery"}));
}

TEST_F(ScenarioScans, OfAWholeClassNameNoThing) {
  const auto verdict = verdict_of("9521104301011");
  EXPECT_EQ(text(verdict.at("verdict")), "UNKNOWN_CODE");
  EXPECT_EQ(reason(verdict), "CLASS_CODE");
}

// Last: from then on every can of the lot is recalled.
TEST_F(ScenarioScans, OfARecalledLotSaySo) {
  scenario().running().set_clock(kMonthLaterMs);
  const auto posted = scenario().post("cn-samr", R"({
    "type": "object", "kind": "inspection", "action": "OBSERVE",
    "eventTime": "2026-08-31T08:00:00+08:00", "step": "recalling", "wholeLot": true,
    "objects": ["https://id.gs1.org/01/09521103200018/10/PX0513"], "result": "recall"})");
  ASSERT_TRUE(posted.outcome) << to_text(posted.outcome.error().front());
  for (const std::string& code : {kCan, unit("G57X5TDLVTJF")}) {
    const auto verdict = verdict_of(code);
    EXPECT_EQ(text(verdict.at("verdict")), "RECALLED") << code;
    EXPECT_EQ(verdict.at("reasons").at(0).at("events").at(0).at("leaf").to_number<uint64_t>(),
              posted.outcome->leaf);
  }
  EXPECT_EQ(text(verdict_of(unit("GP2D6T6FK4JZ")).at("verdict")), "CODE_RETIRED");
}

}  // namespace
}  // namespace suyuan::test
