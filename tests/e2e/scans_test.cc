// POST /v1/scans and the verdict as a program sees them: form, bounds, rates, what is kept.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "proto/json/submission_json.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

namespace json = boost::json;

std::string can(const std::string& serial) {
  return "https://id.gs1.org/01/" + kFormula + "/21/" + serial;
}
constexpr int64_t kDayMs = 86'400'000;
const std::string kDevice = "0123456789abcdef";

class ScansTest : public ::testing::Test {
 protected:
  ScansTest() {
    ledger_.accept("maker", {testing::with_disposition(
                                testing::commission("09:00", {can("A1"), can("A2")}),
                                "sellable_accessible")});
  }
  HttpAnswer post(const std::string& body) { return ledger_.http().post("/v1/scans", body); }
  json::object scan(const std::string& body) {
    const auto answer = post(body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.status == 200 ? json::parse(answer.body).as_object() : json::object{};
  }
  static std::string of(const std::string& serial, const std::string& more = "") {
    return R"({"code":")" + can(serial) + '"' + more + "}";
  }
  void refuses(const std::string& body, Code code, const std::string& field) {
    const auto answer = post(body);
    EXPECT_EQ(answer.status, info(code).http_status) << body << ": " << answer.body;
    const auto errors = parse_problem_json(answer.body);
    ASSERT_TRUE(errors) << answer.body;
    EXPECT_EQ(info(errors->front().code).name, info(code).name) << body;
    EXPECT_EQ(errors->front().field, field) << body;
  }
  SmallLedger ledger_;
};

TEST_F(ScansTest, TheFirstIsFirstAndTheSecondIsNot) {
  const std::string mine = R"(,"device":")" + kDevice + '"';
  auto verdict = scan(of("A1", mine));
  EXPECT_EQ(verdict.at("verdict"), "GENUINE_FIRST_SCAN");
  EXPECT_TRUE(verdict.at("scans").at("recorded").as_bool());
  verdict = scan(of("A1", mine));
  EXPECT_EQ(verdict.at("verdict"), "GENUINE_REPEAT");
  EXPECT_EQ(verdict.at("reasons").at(0).at("code"), "SAME_DEVICE");
  verdict = scan(of("A1"));
  EXPECT_EQ(verdict.at("reasons").at(0).at("code"), "SCANNED_BEFORE");
  EXPECT_EQ(scan(of("A2", mine)).at("verdict"), "GENUINE_FIRST_SCAN");
}

TEST_F(ScansTest, AreTakenOverRpcToo) {
  const ScanRequest request{.code = can("A1"), .device = kDevice, .place = "CN-FJ/福州"};
  const auto first = ledger_.rpc().scan(request);
  ASSERT_TRUE(first.value) << to_text(first.value.error());
  EXPECT_EQ(first.value->verdict, ScanVerdict::GENUINE_FIRST_SCAN);
  EXPECT_EQ(first.value->scans.first->place, "CN-FJ/福州");
  EXPECT_EQ(scan(of("A1")).at("verdict"), "GENUINE_REPEAT");
  const auto bad = ledger_.rpc().scan({.code = can("A1"), .place = "CN-FJ/福州/鼓楼"});
  ASSERT_FALSE(bad.value);
  EXPECT_EQ(bad.value.error().code, Code::INVALID_FIELD);
}

TEST_F(ScansTest, AreForgottenAfterTheirTime) {
  ASSERT_EQ(scan(of("A1")).at("verdict"), "GENUINE_FIRST_SCAN");
  ASSERT_EQ(scan(of("A1")).at("verdict"), "GENUINE_REPEAT");
  ledger_.running().set_clock(testing::ms("2026-06-02T00:00:00Z") + 181 * kDayMs);
  EXPECT_EQ(scan(of("A1")).at("verdict"), "GENUINE_FIRST_SCAN");
}

TEST_F(ScansTest, TakeNothingFinerThanACity) {
  for (const char* place : {"CN-FJ/福州/鼓楼", "CN-FJ/示例路17号", "福州", "CN-FJ/鼓楼区",
                            "CN-FJ/1 Main St", "cn-fj", "CN-FJ/", "ZZ", "ZZ-FJ/Zzz"}) {
    refuses(of("A1", R"(,"place":")" + std::string(place) + '"'), Code::INVALID_FIELD, "place");
  }
  const auto verdict = scan(of("A1", R"(,"latitude":-45.57361,"longitude":170.503611)"));
  EXPECT_EQ(verdict.at("scans").at("last").at("place"), "-45.5,170.5")
      << "a half degree, where no known city is near";
}

TEST_F(ScansTest, OfAWrongFormAreRefusedWithTheField) {
  refuses("{}", Code::MISSING_FIELD, "code");
  refuses(R"({"code":"(01)09521104301012(21)A"})", Code::CODE_CHECK_DIGIT, "code");
  refuses(of("A1", R"(,"device":"imei-1")"), Code::INVALID_FIELD, "device");
  refuses(of("A1", R"(,"latitude":10)"), Code::MISSING_FIELD, "longitude");
  refuses(of("A1", R"(,"latitude":91,"longitude":0)"), Code::INVALID_FIELD, "latitude");
  refuses(of("A1", R"(,"inner":")" + std::string(65, 'A') + '"'), Code::INVALID_FIELD, "inner");
  const auto unknown = post(of("A1", R"(,"phone":"1")"));
  EXPECT_EQ(unknown.status, 400) << unknown.body;
  EXPECT_EQ(post(std::string(5000, ' ')).status, 413);
  const auto plain = ledger_.http().send({.method = "POST",
                                          .target = "/v1/scans",
                                          .body = of("A1"),
                                          .headers = {{"Content-Type", "text/plain"}}});
  EXPECT_EQ(plain.status, 415);
}

TEST_F(ScansTest, OfOneDeviceAreLimited) {
  const std::string mine = R"(,"device":")" + kDevice + '"';
  int taken = 0;
  HttpAnswer answer;
  for (; taken < 100; ++taken) {
    answer = post(of("A1", mine));
    if (answer.status != 200) break;
  }
  EXPECT_EQ(taken, 30);
  EXPECT_EQ(answer.status, 429) << answer.body;
  EXPECT_EQ(answer.header("retry-after"), "30");
  EXPECT_EQ(post(of("A1")).status, 200) << "others are not";
  ledger_.running().set_clock(testing::ms("2026-06-02T00:00:30Z"));
  EXPECT_EQ(post(of("A1", mine)).status, 200);
}

TEST_F(ScansTest, WithWrongInnerCodesAreLimitedForEachCode) {
  std::string verdict;
  int taken = 0;
  for (; taken < 100; ++taken) {
    const auto answer = post(of("A1", R"(,"inner":"GUESS")" ));
    if (answer.status != 200) break;
  }
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(post(of("A2", R"(,"inner":"GUESS")")).status, 200);
}

TEST_F(ScansTest, FillMetrics) {
  scan(of("A1"));
  const auto metrics = ledger_.http().get("/metrics").body;
  EXPECT_NE(metrics.find(R"(suyuan_scan_verdicts_total{verdict="GENUINE_FIRST_SCAN"} 1)"),
            std::string::npos)
      << metrics;
  EXPECT_NE(metrics.find(R"(suyuan_scans_noted_total{outcome="noted"} 1)"), std::string::npos);
}

}  // namespace
}  // namespace suyuan::test
