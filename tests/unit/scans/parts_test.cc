// Places, rates, rows and inner codes by themselves.
#include <gtest/gtest.h>

#include "ledger/provenance/verdict.h"
#include "node/scans/inner_code.h"
#include "node/scans/places.h"
#include "node/scans/rates.h"
#include "node/scans/scan_store.h"
#include "proto/json/verdict_json.h"
#include "tests/support/vectors.h"

namespace suyuan {
namespace {

ScanPlace named(const std::string& text) {
  const auto place = scan_place({.code = "", .place = text});
  return place ? *place : ScanPlace{.name = "refused"};
}

TEST(ScanPolicy, HasTheThresholdsOfTheScenario) {
  SUYUAN_SHARED_VECTORS(scenario, "scenario-formula.json");
  const auto& wanted = scenario.at("scan_policy");
  const ScanPolicy ours;
  EXPECT_EQ(wanted.at("geo_speed_kmh").as_int64(), ours.geo_speed_kmh);
  EXPECT_EQ(wanted.at("geo_min_km").as_int64(), ours.geo_min_km);
  EXPECT_EQ(wanted.at("repeat_scans_without_inner_code_limit").as_int64(), ours.repeat_limit);
}

TEST(Places, HaveOneNameInBothLanguages) {
  EXPECT_EQ(named("CN-FJ/Fuzhou").name, "CN-FJ/福州");
  EXPECT_EQ(named("CN-FJ/fuzhou"), named("CN-FJ/福州市"));
  EXPECT_EQ(named("CN/厦门").name, "CN-FJ/厦门");
  EXPECT_TRUE(named("CN-FJ/福州").near);
  EXPECT_EQ(named("CN-FJ").name, "CN-FJ");
  EXPECT_FALSE(named("CN-FJ").near);
  EXPECT_EQ(named("NZ-OTA/Dunedin").name, "NZ-OTA/Dunedin");
  EXPECT_EQ(named("CN-YN/红河自治区").name, "CN-YN/红河自治区");
}

TEST(Places, AreAnsweredInEnglishToo) {
  EXPECT_EQ(place_in_english(named("CN-FJ/福州").name), "CN-FJ/Fuzhou");
  EXPECT_EQ(place_in_english("NZ-AUK/奥克兰"), "NZ-AUK/Auckland");
  for (const char* name : {"CN-FJ", "CN-FJ/甲", "24.5,118.0", "CN-BJ/福州", ""})
    EXPECT_EQ(place_in_english(name), "") << name;
}

TEST(Places, FinerThanACityAreRefused) {
  for (const char* text : {"CN-FJ/鼓楼区", "CN-FJ/示例路", "CN-FJ/17", "CN-FJ/a/b", "X", "CN-",
                           "CN-FJXX", "CN/\x01", "CN/\xff",
                           "CN/\u202Eyenom"}) {
    EXPECT_EQ(named(text).name, "refused") << text;
  }
}

TEST(Places, AreInACountryOfIso3166) {
  for (const char* text : {"AD", "ZW", "TW", "NZ-OTA", "CN-FJ/福州"})
    EXPECT_EQ(named(text).name, text);
  for (const char* text : {"ZZ", "AA", "EU-1", "UK", "XK/Pristina", "D ", "A "}) {
    EXPECT_EQ(named(text).name, "refused") << text;
  }
  const auto refused = scan_place({.code = "", .place = "ZZ-FJ"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::INVALID_FIELD);
  EXPECT_EQ(refused.error().field, "place");
  EXPECT_NE(refused.error().message.find("is not a country of ISO 3166-1"), std::string::npos);
}

TEST(Places, HideWhatTheNodeDoesNotKnow) {
  for (const char* text : {"CN-FJ", "CN-FJ/福州", "NZ"}) EXPECT_EQ(unknown_city_of(named(text)), "");
  EXPECT_EQ(unknown_city_of({.name = "24.5,118.0", .near = {{49, 236}}}), "");
  EXPECT_EQ(unknown_city_of({}), "");
  ScanPlace place = named("CN-FJ/Wuyi Road Building Five");
  EXPECT_EQ(unknown_city_of(place), "CN-FJ/Wuyi Road Building Five");
  hide_city(place, "\x01\x0f");
  EXPECT_EQ(place.name, "CN-FJ/#010f");
  EXPECT_EQ(unknown_city_of(place), "") << "once is enough";
  EXPECT_EQ(named(place.name).name, "refused") << "nobody can send such a name";
}

TEST(Places, KnowHowFarTheyAre) {
  const auto fuzhou = named("CN-FJ/福州").near.value();
  const auto urumqi = named("CN-XJ/乌鲁木齐").near.value();
  const auto xiamen = named("CN-FJ/厦门").near.value();
  EXPECT_NEAR(distance_km(fuzhou, urumqi), 3460, 100);
  EXPECT_NEAR(distance_km(fuzhou, xiamen), 215, 60);
  EXPECT_EQ(distance_km(fuzhou, fuzhou), 0);
}

TEST(Rates, LetABurstThroughAndThenSoManyEachHour) {
  Rates rates;
  const Rate rate{.burst = 2, .per_hour = 60};
  EXPECT_EQ(rates.take("a", rate, 0), 0U);
  EXPECT_EQ(rates.take("a", rate, 0), 0U);
  EXPECT_EQ(rates.take("a", rate, 0), 60'000U);
  EXPECT_EQ(rates.take("b", rate, 0), 0U);
  EXPECT_EQ(rates.take("a", rate, 59'000), 1'000U);
  EXPECT_EQ(rates.take("a", rate, 60'000), 0U);
  rates.give_back("a");
  EXPECT_EQ(rates.take("a", rate, 60'000), 0U);
}

TEST(Rates, TakeSeveralAtOnceOrNone) {
  Rates rates;
  constexpr Rate rate{.burst = 10, .per_hour = 60};
  EXPECT_EQ(rates.take("a", rate, 0, 8), 0U);
  EXPECT_EQ(rates.take("a", rate, 0, 5), 180'000U) << "three more, one a minute";
  EXPECT_EQ(rates.take("a", rate, 0, 2), 0U) << "what found too few took none";
  EXPECT_EQ(rates.take("a", rate, 0, 1e-9), 1U) << "0 would say that it was taken";
  rates.give_back("a", 100);
  EXPECT_EQ(rates.take("a", rate, 0, 25), 0U) << "more than there ever are counts as all";
  EXPECT_EQ(rates.take("a", rate, 0, 25), 600'000U);
}

TEST(Rates, AClockThatGoesBackGivesNothing) {
  Rates rates;
  const Rate rate{.burst = 1, .per_hour = 60};
  EXPECT_EQ(rates.take("a", rate, 1'000'000), 0U);
  EXPECT_NE(rates.take("a", rate, 0), 0U);
}

TEST(Rates, KeepABoundedNumberOfNames) {
  Rates rates(3);
  const Rate rate{.burst = 1, .per_hour = 1};
  for (int i = 0; i < 100; ++i) EXPECT_EQ(rates.take(std::to_string(i), rate, 0), 0U);
  EXPECT_EQ(rates.names(), 3U);
  EXPECT_NE(rates.take("99", rate, 0), 0U) << "the newest are kept";
}

TEST(ScanRows, ReadBackAndRefuseWhatNobodyWrites) {
  const ScanRow whole{.time_ms = 7,
                      .device = DeviceName{},
                      .place = {.name = "-45.5,170.5", .near = {{-91, 341}}},
                      .inner_right = true};
  for (const ScanRow& row : {whole, ScanRow{.time_ms = 7}}) {
    const Bytes bytes = encode(row);
    const auto back = decode_scan_row(7, bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, row);
    for (size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(decode_scan_row(7, BytesView(bytes).substr(0, size)));
    EXPECT_FALSE(decode_scan_row(7, bytes + "x"));
  }
  EXPECT_FALSE(decode_scan_row(7, "\x02"));
}

TEST(InnerCodes, MayBeTypedAsPeopleType) {
  EXPECT_EQ(plain_inner_code("7kq2 m9xp-4trd"), "7KQ2M9XP4TRD");
}

TEST(ScanPolicyFile, ReplacesWhatItNames) {
  const auto policy = parse_scan_policy(
      R"({"geo_speed_kmh":1200,"rules":[{"hs":"1901","trade_mode":"1210","steps":["origin"]}]})");
  ASSERT_TRUE(policy) << to_text(policy.error());
  EXPECT_EQ(policy->geo_speed_kmh, 1200U);
  EXPECT_EQ(policy->geo_min_km, ScanPolicy{}.geo_min_km);
  const ProductData formula{.gtin = "09521104301011", .name = "", .owner = "", .hs = "1901101010"};
  EXPECT_EQ(required_steps(*policy, &formula, formula.gtin, "1210"),
            std::vector<std::string>{"origin"});
  EXPECT_EQ(required_steps(*policy, &formula, formula.gtin, "9610"), policy->default_steps);
  EXPECT_EQ(required_steps(*policy, nullptr, formula.gtin, "1210"), policy->default_steps);
  for (const char* bad : {"{", R"({"geo_speed":1})", R"({"kept_days":0})", R"({"rules":[{}]})"}) {
    EXPECT_FALSE(parse_scan_policy(bad)) << bad;
  }
}

TEST(ScanJson, RoundsDegreesToHalves) {
  const auto near = [](const std::string& degrees) {
    return parse_scan_json(R"({"code":"x",)" + degrees + "}").value().near.value();
  };
  EXPECT_EQ(near(R"("latitude":26.0765,"longitude":119.3063)"),
            (ScanRequest::HalfDegrees{52, 239}));
  EXPECT_EQ(near(R"("latitude":-36.8485,"longitude":-0.2)"), (ScanRequest::HalfDegrees{-74, 0}));
}

}  // namespace
}  // namespace suyuan
