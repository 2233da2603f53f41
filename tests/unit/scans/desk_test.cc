// The desk over a ledger in memory: what is noted, what makes a label suspect, what a lost scan
// store costs.
#include "ledger/base/text.h"
#include "tests/unit/scans/desk_world.h"

namespace suyuan::testing {
namespace {

TEST_F(DeskTest, ManyPhonesWithoutInnerCodeMakeALabelSuspect) {
  EXPECT_EQ(scan(0).verdict, ScanVerdict::GENUINE_FIRST_SCAN);
  for (int n = 1; n <= 5; ++n) {
    EXPECT_EQ(scan(n).verdict, ScanVerdict::GENUINE_REPEAT) << n;
    EXPECT_EQ(scan(n).verdict, ScanVerdict::GENUINE_REPEAT) << n << ", again";
  }
  const auto view = scan(6);
  EXPECT_EQ(view.verdict, ScanVerdict::CLONE_SUSPECT);
  EXPECT_EQ(why(view), "SCAN_COUNT");
}

TEST_F(DeskTest, ManyPlacesInShortTimeMakeALabelSuspect) {
  const char* places[] = {"CN-FJ/甲", "CN-FJ/乙", "CN-FJ/丙", "CN-FJ/丁"};
  for (const char* place : places) {
    EXPECT_NE(scan(0, place).verdict, ScanVerdict::CLONE_SUSPECT) << place;
  }
  EXPECT_EQ(why(scan(0, "CN-FJ/戊")), "MANY_PLACES");
}

TEST_F(DeskTest, PlacesOfManyDaysAreNotSuspect) {
  for (const char* place : {"CN-FJ/甲", "CN-FJ/乙", "CN-FJ/丙", "CN-FJ/丁", "CN-FJ/戊", "CN-FJ/己"}) {
    EXPECT_NE(scan(0, place).verdict, ScanVerdict::CLONE_SUSPECT) << place;
    now_ms_ += 12 * kHourMs;
  }
}

TEST_F(DeskTest, ScansWithinAMinuteAreNotToldAsZeroMinutes) {
  scan(0, "CN-FJ/福州");
  now_ms_ += 30'000;
  const auto text = scan(0, "CN-XJ/乌鲁木齐").reasons.at(0).text;
  EXPECT_NE(text.zh.find("公里，间隔不到 1 分钟（福州，乌鲁木齐）。"), std::string::npos) << text.zh;
  EXPECT_NE(text.en.find("km apart within a minute (Fuzhou, Urumqi)."), std::string::npos)
      << text.en;
}

TEST_F(DeskTest, AnImpossibleWayIsForgivenAfterItsTime) {
  scan(0, "CN-FJ/福州");
  now_ms_ += kHourMs;
  EXPECT_EQ(why(scan(0, "CN-XJ/乌鲁木齐")), "GEO_IMPOSSIBLE");
  now_ms_ += 24 * kHourMs;
  EXPECT_EQ(why(scan(0, "CN-XJ/乌鲁木齐")), "GEO_IMPOSSIBLE") << "it stays suspect";
  now_ms_ += 31 * 24 * kHourMs;
  EXPECT_EQ(scan(0, "CN-XJ/乌鲁木齐").verdict, ScanVerdict::GENUINE_REPEAT);
}

// Whoever scans could else write to whoever scans next.
TEST_F(DeskTest, WhatAStrangerCallsHisCityIsShownToNobody) {
  scan(0, "CN-FJ/假货 请退货");
  const auto view = scan(1, "CN-FJ/福州");
  ASSERT_EQ(view.scans.places.size(), 2U);
  for (const auto& one : view.scans.places)
    EXPECT_TRUE(one.place == "CN-FJ" || one.place == "CN-FJ/福州") << one.place;
  ASSERT_TRUE(view.scans.first);
  EXPECT_EQ(view.scans.first->place, "CN-FJ");
}

TEST_F(DeskTest, ACityHasItsEnglishNameNextToItsOwn) {
  const auto view = scan(0, "CN-FJ/福州");
  ASSERT_TRUE(view.scans.first);
  EXPECT_EQ(view.scans.first->place_en, "CN-FJ/Fuzhou");
  ASSERT_EQ(view.scans.places.size(), 1U);
  EXPECT_EQ(view.scans.places[0].place_en, "CN-FJ/Fuzhou");
}

TEST_F(DeskTest, OfACityThatItDoesNotKnowItKeepsTheRegionAndAHash) {
  scan(0, "CN-FJ/Wuyi Road Building Five");
  scan(1, "CN-FJ/Wuyi Road Building Five");
  scan(2, "CN-FJ/Wuyi Road Building Six");
  const auto rows = stored();
  ASSERT_EQ(rows.size(), 3U);
  for (const ScanRow& row : rows) {
    EXPECT_TRUE(row.place.name.starts_with("CN-FJ/#")) << row.place.name;
    EXPECT_EQ(row.place.name.find("Wuyi"), std::string::npos) << row.place.name;
  }
  EXPECT_EQ(rows[0].place, rows[1].place);
  EXPECT_NE(rows[0].place, rows[2].place);
}

// Rows of a program that kept the names are still read, and are the same places.
TEST_F(DeskTest, NamesThatAnEarlierProgramKeptAreComparedAndNotShown) {
  stored();
  {
    const auto store = ScanStore::open(folder_ + "/scans/rows");
    ASSERT_TRUE(store) << to_text(store.error());
    for (int64_t i = 5; i > 0; --i) {
      ASSERT_TRUE((*store)->add(code_key(code(kCan)),
                                {.time_ms = now_ms_ - i * 1000, .place = {.name = "CN-FJ/甲"}}));
    }
  }
  open({.places_limit = 1});
  const auto view = scan(0, "CN-FJ/甲");
  EXPECT_NE(why(view), "MANY_PLACES");
  ASSERT_EQ(view.scans.places.size(), 1U);
  EXPECT_EQ(view.scans.places[0].place, "CN-FJ");
  EXPECT_EQ(view.scans.places[0].count, 6U);
}

TEST_F(DeskTest, AFlightIsNotImpossible) {
  scan(0, "CN-FJ/福州");
  now_ms_ += 4 * kHourMs;
  EXPECT_EQ(scan(0, "CN-XJ/乌鲁木齐").verdict, ScanVerdict::GENUINE_REPEAT);
}

TEST_F(DeskTest, ThresholdsAreTheOperators) {
  open({.repeat_limit = 1});
  scan(0);
  scan(1);
  EXPECT_EQ(why(scan(2)), "SCAN_COUNT");
}

TEST_F(DeskTest, ALotsLabelIsNeverTheFirst) {
  post("maker", with_disposition(commission("09:10", {"lot:09521104301011:L2"}), "available"));
  for (int n = 0; n < 8; ++n) {
    const auto view = scan(n, {}, "lot:09521104301011:L2");
    EXPECT_EQ(view.verdict, ScanVerdict::GENUINE_REPEAT);
    EXPECT_EQ(why(view), "LOT_CODE");
  }
}

// Its disposition stays that of its making; its units may be sold by now.
TEST_F(DeskTest, ALotOrTransportUnitIsNotJudgedByItsDisposition) {
  const std::string lot = "lot:09521104301011:L2", pallet = "sscc:395211040000010013";
  post("maker", with_disposition(commission("09:10", {lot}), "active"));
  EXPECT_EQ(scan(0, {}, lot).verdict, ScanVerdict::GENUINE_REPEAT);
  post("maker", with_disposition(pack("10:00", pallet, {kCan}), "in_transit"));
  EXPECT_EQ(why(scan(0, {}, pallet)), "STEP_MISSING");
  auto recall = inspect("11:00", "recalling", {lot}, "recall");
  recall.whole_lot = true;
  post("customs", recall);
  EXPECT_EQ(scan(0, {}, lot).verdict, ScanVerdict::RECALLED);
}

TEST_F(DeskTest, WhatIsNotOnSaleIsNotNoted) {
  post("maker", with_disposition(observe("10:00", "storing", {kCan}), "in_progress"));
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::NOT_FOR_SALE);
  EXPECT_FALSE(view.recorded);
  EXPECT_EQ(view.scans.count, 0U);
}

// Chinese readers are told in Chinese only.
TEST_F(DeskTest, ADispositionIsToldInWordsOfTheLanguage) {
  post("maker", with_disposition(observe("10:00", "storing", {kCan}), "in_progress"));
  const auto known = scan(0).reasons.at(0).text;
  EXPECT_EQ(known.zh, "账本中的状态为“处理中”，不是可售状态。");
  EXPECT_EQ(known.en, "Its state in the ledger is \"in_progress\": not one in which it is sold.");
  post("maker", with_disposition(observe("10:10", "storing", {kCan}), "half_thawed"));
  EXPECT_EQ(scan(0).reasons.at(0).text.zh, "账本中的状态不是可售状态。");
}

TEST_F(DeskTest, AProcessThatLosesMassIsToldInWordsOfTheLanguage) {
  post("maker", commission("07:00", {"lot:09521104301011:P1 100 KGM"}));
  post("maker", transform("07:30", {"lot:09521104301011:P1 100 KGM"},
                          {"lot:09521104301011:L3 50 KGM"}, {}));
  const auto view = scan(0, {}, "lot:09521104301011:L3");
  EXPECT_EQ(view.verdict, ScanVerdict::INCOMPLETE_CHAIN);
  ASSERT_EQ(why(view), "FLAGGED");
  const auto& text = view.reasons.at(0).text;
  EXPECT_EQ(text.zh, "环节有疑：投入与产出的数量对不上。");
  EXPECT_EQ(text.en, "MASS_BALANCE: 100 kg went in, outputs and losses are 50 kg: a loss is not "
                     "stated");
}

TEST_F(DeskTest, AnUnrecordedLotLeavesAHole) {
  post("maker", with_disposition(commission("09:10", {"sgtin:09521104301011:B1"},
                                            "lot:09521104301011:NOWHERE"),
                                 "available"));
  const auto view = scan(0, {}, "sgtin:09521104301011:B1");
  EXPECT_EQ(view.verdict, ScanVerdict::INCOMPLETE_CHAIN);
  EXPECT_EQ(why(view), "FLAGGED");
}

TEST_F(DeskTest, NobodysCodeIsUnknown) {
  post("maker", observe("10:00", "storing", {"sgtin:09521104301011:NEVER"}));
  EXPECT_EQ(why(scan(0, {}, "sgtin:09521104301011:NEVER")), "NEVER_COMMISSIONED");
  EXPECT_EQ(why(scan(0, {}, "sgtin:09521104301011:NONE")), "NOT_IN_LEDGER");
  EXPECT_EQ(why(scan(0, {}, "order:KP1")), "NOT_GOODS");
  EXPECT_EQ(why(scan(0, {}, "gtin:09521104301011")), "CLASS_CODE");
}

TEST_F(DeskTest, ARecallOfTheLotIsARecallOfTheCan) {
  auto recall = inspect("11:00", "recalling", {kLot}, "recall");
  recall.whole_lot = true;
  post("customs", recall);
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::RECALLED);
  EXPECT_EQ(why(view), "RECALLED");
  EXPECT_EQ(view.reasons.at(0).events.size(), 1U);
}

// Any holder may write the word, so it is not told as an authority's.
TEST_F(DeskTest, ARecallThatOnlyItsHolderStatesIsToldAsThat) {
  post("maker", with_disposition(observe("10:00", "storing", {kCan}), "recalled"));
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::RECALLED);
  EXPECT_EQ(why(view), "RECALL_STATED");
  EXPECT_EQ(view.reasons.at(0).text.en,
            "A party that may state its condition says that it is recalled; the ledger holds no "
            "recall by an authority.");
  EXPECT_EQ(view.reasons.at(0).text.zh,
            "有权说明其状态的一方称此件已被召回；账本中没有主管机关的召回记录。");
  EXPECT_EQ(view.reasons.at(0).events.size(), 1U);
}

// A stranger spoils nothing by a statement, whoever holds the can.
TEST_F(DeskTest, WhatAStrangerSaysOfASoldCanIsARemark) {
  ledger_.party("rival", {Role::seller});
  post("maker", hand(with_disposition(observe("10:00", "delivering", {kCan}), "retail_sold"),
                     {"maker"}, "consumer"));
  post("rival", with_disposition(observe("11:00", "storing", {kCan}), "destroyed"));
  post("rival", observe("11:10", "destroying", {kCan}));
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::GENUINE_FIRST_SCAN);
  const VerdictReason& remark = view.reasons.back();
  EXPECT_EQ(remark.code, "CUSTODY_REMARK");
  EXPECT_EQ(remark.events.size(), 2U);
  post("maker", with_disposition(observe("12:00", "storing", {kCan}), "destroyed"));
  EXPECT_EQ(scan(0).verdict, ScanVerdict::CODE_RETIRED) << "who delivered it may";
}

TEST_F(DeskTest, RequiredStepsOfAClassComeFromThePolicy) {
  ScanPolicy policy;
  policy.rules = {{.gtin = "0952110430", .steps = {"made", "inspection"}}};
  open(policy);
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::INCOMPLETE_CHAIN);
  ASSERT_EQ(view.steps.size(), 2U);
  EXPECT_FALSE(view.steps[0].events.empty());
  EXPECT_TRUE(view.steps[1].events.empty());
  auto look = inspect("11:00", "inspecting", {kCan});
  post("customs", look);
  EXPECT_EQ(scan(0).verdict, ScanVerdict::GENUINE_FIRST_SCAN);
}

TEST_F(DeskTest, WithoutScanStoreTheVerdictIsAnsweredAllTheSame) {
  desk_.reset();
  std::filesystem::remove_all(folder_ + "/scans");
  ASSERT_TRUE(write_file(folder_ + "/scans", "no folder", FileMode::shared));
  open();
  EXPECT_FALSE(desk_->fault().empty());
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::GENUINE_REPEAT);
  EXPECT_EQ(why(view), "HISTORY_UNAVAILABLE");
  EXPECT_FALSE(view.scans.available);
  EXPECT_FALSE(view.recorded);
}

TEST_F(DeskTest, ScansSurviveARestart) {
  scan(0);
  open();
  EXPECT_EQ(why(scan(0)), "SAME_DEVICE");
}

TEST_F(DeskTest, ADeviceIsKnownAcrossOneChangeOfSalt) {
  scan(0);
  now_ms_ += 179 * 24 * kHourMs;
  scan(0);
  now_ms_ += 2 * 24 * kHourMs;  // the first salt has served 181 days
  const auto view = scan(0);
  EXPECT_EQ(view.scans.devices, 1U);
  EXPECT_EQ(why(view), "SAME_DEVICE");
}

// The lines of the salts' file.
std::vector<std::string> salts_in(const std::string& folder) {
  const auto text = read_file(folder + "/scans/salts", 4096);
  SUYUAN_CHECK(text.has_value());
  std::vector<std::string> lines;
  for (const auto line : split(*text, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

TEST_F(DeskTest, SweepingDeletesAnOldSaltThoughNobodyScans) {
  scan(0);
  const auto first = salts_in(folder_);
  ASSERT_EQ(first.size(), 1U);
  desk_->sweep(now_ms_);
  EXPECT_EQ(salts_in(folder_), first);
  now_ms_ += 180 * kDayMs;
  desk_->sweep(now_ms_);
  const auto both = salts_in(folder_);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0], first[0]) << "rows of its last day are still kept";
  now_ms_ += 180 * kDayMs;
  desk_->sweep(now_ms_);
  const auto last = salts_in(folder_);
  ASSERT_EQ(last.size(), 2U);
  EXPECT_EQ(last[0], both[1]);
}

TEST_F(DeskTest, ANodeThatWasAwayForLongDeletesTheOldSaltAtItsStart) {
  scan(0);
  const auto first = salts_in(folder_);
  now_ms_ += 360 * kDayMs;
  open();
  const auto last = salts_in(folder_);
  ASSERT_EQ(last.size(), 1U);
  EXPECT_NE(last, first);
}

TEST_F(DeskTest, SweepingRemovesWhatWasKeptLongEnough) {
  scan(0);
  scan(1);
  now_ms_ += 179 * 24 * kHourMs;
  scan(2);
  EXPECT_EQ(desk_->sweep(now_ms_), 0U);
  now_ms_ += 2 * 24 * kHourMs;
  EXPECT_EQ(desk_->sweep(now_ms_), 2U);
  EXPECT_EQ(desk_->sweep(now_ms_), 0U);
  EXPECT_EQ(scan(2).scans.count, 2U);
}

}  // namespace
}  // namespace suyuan::testing
