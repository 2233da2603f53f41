#include <gtest/gtest.h>

#include <sstream>

#include "tests/unit/client/answers.h"

namespace suyuan {
namespace {

constexpr std::string_view kEnglish =
    R"(Where it comes from  https://id.gs1.org/01/09521104301011/21/3BGE
Stage 1 formula
as of 12 entries, log time 2026-08-20 02:07 +00:00

2026-06-02 05:30 +12:00     ● origin     brought into being  Kauri Creek Farms
                            │            what      lot KC260602 Raw cow milk,
                            │                      24000 kg
                            │            where     Kauri Creek farm (NZ)
                            │            document  farm registration NZFS-1
                            │            why here  of an ingredient: lot
                            │                      KC260602
                            │            flag      recorded 60 days later,
                            │                      2026-08-01 00:00 +00:00
2026-06-08 14:00 +12:00     ● supply     made a lot          Waikawa Nutritiona…
                            │            what      lot L2606A Stage 1 formula,
                            │                      7200 pcs, made from lot
                            │                      KC260602 Raw cow milk, 6600
                            │                      kg, loss 120 kg (process
                            │                      waste)
                            │            why here  of an ingredient: lot L2606A
2026-06-18 13:10 +12:00     ● logistics  packed              Waikawa Nutritiona…
                            │            what      Stage 1 formula: unit 3BGE,
                            │                      unit 8YMZ into SSCC
                            │                      395211040000010013
2026-07-14 14:00:30 +08:00  ▲ logistics  shipped             Haicang Bonded
                            │            what      SSCC 395211040000010013
                            │            handed    Waikawa Nutritionals to
                            │                      Haicang Bonded
                            │            why here  of its container: SSCC
                            │                      395211040000010013
                            │            flag      the party did not hold the
                            │                      thing: the event changes no
                            │                      state: held by nz-mfr

origins             lot KC260602 Raw cow milk
made from           lot KC260602 Raw cow milk, lot L2606A Stage 1 formula
was inside          SSCC 395211040000010013
flags               the party did not hold the thing: the event changes no state
                    (1 x)
flags               the event was recorded long after it happened (1 x)
events: 4, by parties: 3
)";
constexpr std::string_view kChinese =
    R"(追溯  https://id.gs1.org/01/09521104301011/21/3BGE
1段奶粉
截至账本第 12 条，入账时间 2026-08-20 02:07 +00:00

2026-06-02 05:30 +12:00     ● 产地  赋码      Kauri Creek Farms
                            │       物品  批号 KC260602 Raw cow milk，24000 千克
                            │       地点  Kauri Creek farm (NZ)
                            │       文件  农场登记 NZFS-1
                            │       关系  来料：批号 KC260602
                            │       警示  事后 60 天入账，2026-08-01 00:00
                            │             +00:00
2026-06-08 14:00 +12:00     ● 供应  生产批次  Waikawa Nutritionals
                            │       物品  批号 KC260602 Raw cow milk，6600 千克
                            │             制成 批号 L2606A 1段奶粉，7200 件、损
                            │             耗 120 千克（process waste）
                            │       关系  来料：批号 L2606A
2026-06-18 13:10 +12:00     ● 物流  装箱      Waikawa Nutritionals
                            │       物品  1段奶粉：单品 3BGE、单品 8YMZ 装入 托
                            │             盘/箱 395211040000010013
2026-07-14 14:00:30 +08:00  ▲ 物流  发运      海沧保税仓
                            │       物品  托盘/箱 395211040000010013
                            │       交接  Waikawa Nutritionals 交给 海沧保税仓
                            │       关系  所在容器：托盘/箱 395211040000010013
                            │       警示  该方并未持有此物：此事件不改变状态：
                            │             held by nz-mfr

来源                批号 KC260602 Raw cow milk
由来                批号 KC260602 Raw cow milk、批号 L2606A 1段奶粉
曾在                托盘/箱 395211040000010013
警示                该方并未持有此物：此事件不改变状态（1 次）
警示                事后很久才记录（1 次）
4 个事件，3 个参与方
)";

TEST(Timeline, TellsAThingsStoryInEnglish) {
  EXPECT_EQ(render_trace(test::head(test::kCan), test::trace_page(), test::names(),
                         test::style(Lang::en)),
            kEnglish);
}

TEST(Timeline, TellsAThingsStoryInChinese) {
  EXPECT_EQ(render_trace(test::head(test::kCan), test::trace_page(), test::names(),
                         test::style(Lang::zh)),
            kChinese);
}

TEST(Timeline, FitsTheTerminal) {
  for (const Lang lang : {Lang::en, Lang::zh}) {
    std::istringstream lines(render_trace(test::head(test::kCan), test::trace_page(),
                                          test::names(), test::style(lang)));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(width_of(line), 80U) << line;
  }
}

TEST(Timeline, ShowsWhatIsWithheldAsSuch) {
  TracePage page = test::trace_page();
  page.events[0].state = PayloadState::withheld;
  page.events[0].payload.clear();
  const std::string text =
      render_trace(test::head(test::kCan), page, test::names(), test::style(Lang::en));
  EXPECT_NE(text.find("the content is withheld"), std::string::npos);
  EXPECT_EQ(text.find("24000"), std::string::npos);
}

TEST(Timeline, ShowsAWithdrawnEventAsSuch) {
  TracePage page = test::trace_page();
  page.events[2].withdrawn_by = 9;
  const std::string text =
      render_trace(test::head(test::kCan), page, test::names(), test::style(Lang::en));
  EXPECT_NE(text.find("withdrawn by entry 9"), std::string::npos);
}

TEST(Timeline, SaysWhereThereIsMore) {
  TracePage page = test::trace_page();
  page.next = "token";
  const std::string text =
      render_trace(test::head(test::kCan), page, test::names(), test::style(Lang::en));
  EXPECT_NE(text.find("--limit"), std::string::npos);
}

TEST(Timeline, LetsNoNameBreakTheLine) {
  Directory names = test::names();
  names.add(PartyData{.id = "nz-mfr", .name = "Evil\n\x1b[2J", .roles = {}});
  const std::string text =
      render_trace(test::head(test::kCan), test::trace_page(), names, test::style(Lang::en));
  EXPECT_NE(text.find("Evil??[2J"), std::string::npos);
}

TEST(Timeline, OfAnUnknownPartyShowsItsId) {
  const std::string text = render_trace(test::head(test::kCan), test::trace_page(), Directory{},
                                        test::style(Lang::en));
  EXPECT_NE(text.find("nz-farm-1"), std::string::npos);
}

}  // namespace
}  // namespace suyuan
