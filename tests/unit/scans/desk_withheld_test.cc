// Verdicts where events are for partners only: they decide, and are not quoted (decision 18).
#include "tests/unit/scans/desk_world.h"

namespace suyuan::testing {
namespace {

class WithheldDeskTest : public DeskTest {
 protected:
  WithheldDeskTest() {
    ScanPolicy policy;
    policy.default_steps = {"made", "inspection", "logistics"};
    open(policy);
  }
  void post_withheld(std::string_view party, TraceEvent event) {
    event.audience = EventAudience::partner;
    post(party, event);
  }
  static std::string all_words(const VerdictView& view) {
    std::string all;
    for (const auto& one : view.reasons) all += one.code + " " + one.text.en + "|";
    return all;
  }
};

TEST_F(WithheldDeskTest, AStepThatOnlyPartnersSeeIsDoneAndNotShown) {
  post_withheld("customs", inspect("11:00", "inspecting", {kCan}));
  post_withheld("maker", observe("11:10", "storing", {kCan}));
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::GENUINE_FIRST_SCAN);
  ASSERT_EQ(view.steps.size(), 3U);
  for (const auto& step : view.steps) EXPECT_TRUE(step.done) << step.step;
  EXPECT_FALSE(view.steps[0].events.empty());
  EXPECT_TRUE(view.steps[1].events.empty());
  EXPECT_TRUE(view.steps[2].events.empty());
}

TEST_F(WithheldDeskTest, WhichOfTheUnseenStepsIsMissingIsNotTold) {
  post_withheld("customs", inspect("11:00", "inspecting", {kCan}));
  const auto inspected = scan(0);
  EXPECT_EQ(inspected.verdict, ScanVerdict::INCOMPLETE_CHAIN);
  EXPECT_EQ(all_words(inspected), "STEP_MISSING Not recorded, or not public: inspection.|"
                                  "STEP_MISSING Not recorded, or not public: transport.|");
  EXPECT_FALSE(inspected.steps[1].done);
  EXPECT_FALSE(inspected.steps[2].done);
}

TEST_F(WithheldDeskTest, WhatMovedInAWithheldContainerIsNotNamed) {
  post("customs", inspect("10:00", "inspecting", {kCan}));
  post_withheld("maker", pack("11:00", "sscc:395211040000010013", {kCan}));
  post("maker", observe("12:00", "storing", {"sscc:395211040000010013"}));
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::GENUINE_FIRST_SCAN);
  EXPECT_TRUE(view.steps[2].done);
  EXPECT_TRUE(view.steps[2].events.empty()) << "the pallet's journey is public, the packing is not";
}

TEST_F(WithheldDeskTest, AnEndThatOnlyPartnersSeeEndsIt) {
  post_withheld("maker", with_disposition(observe("11:00", "destroying", {kCan}), "destroyed"));
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::CODE_RETIRED);
  EXPECT_EQ(why(view), "ENDED");
  EXPECT_TRUE(view.reasons.at(0).events.empty());
}

TEST_F(WithheldDeskTest, ARecallThatOnlyPartnersSeeRecallsIt) {
  post_withheld("customs", inspect("11:00", "recalling", {kCan}, "recall"));
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::RECALLED);
  EXPECT_EQ(why(view), "RECALLED");
  EXPECT_TRUE(view.reasons.at(0).events.empty());
}

TEST_F(WithheldDeskTest, ARecallThatAHolderStatesToPartnersIsToldWithoutItsWords) {
  post_withheld("maker", with_disposition(observe("11:00", "storing", {kCan}), "recalled"));
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::RECALLED);
  EXPECT_EQ(why(view), "RECALL_STATED");
  EXPECT_EQ(view.reasons.at(0).text.en, "A statement that is not public says that it is recalled.");
  EXPECT_TRUE(view.reasons.at(0).events.empty());
}

TEST_F(WithheldDeskTest, ADispositionThatOnlyPartnersSeeIsNotQuoted) {
  post_withheld("maker", with_disposition(observe("11:00", "storing", {kCan}), "in_progress"));
  const auto view = scan(0);
  EXPECT_EQ(view.verdict, ScanVerdict::NOT_FOR_SALE);
  EXPECT_EQ(all_words(view).find("in_progress"), std::string::npos);
  EXPECT_TRUE(view.reasons.at(0).events.empty());
}

TEST_F(WithheldDeskTest, AFlagOfAPartlyWithheldJourneyHasItsMeaning) {
  post("maker", commission("07:00", {"lot:09521104301011:P1 100 KGM"}));
  post_withheld("maker", transform("07:30", {"lot:09521104301011:P1 100 KGM"},
                                   {"lot:09521104301011:L3 50 KGM"}, {}));
  EXPECT_NE(all_words(scan(0, {}, "lot:09521104301011:L3")).find(
                "FLAGGED MASS_BALANCE: masses are not accounted for|"),
            std::string::npos);
}

}  // namespace
}  // namespace suyuan::testing
