#include <gtest/gtest.h>

#include "tests/unit/client/answers.h"

namespace suyuan {
namespace {

Recall some_recall() {
  return {.lots = {test::kPowder},
          .unit_lots = {test::kPowder},
          .groups = {{.custodian = "cn-bond",
                      .disposition = "available",
                      .units = 140,
                      .examples = {test::kCan, test::kSister}},
                     {.custodian = "cn-bond",
                      .disposition = "destroyed",
                      .units = 1,
                      .examples = {test::kSister}},
                     {.custodian = "consumer",
                      .disposition = "retail_sold",
                      .units = 1,
                      .examples = {test::kCan}}},
          .units_total = 142,
          .agents = {"nz-mfr"},
          .notify = {"cn-bond", "nz-mfr"}};
}

constexpr std::string_view kRecallEnglish =
    R"(Recall list  https://id.gs1.org/01/09521101100013/10/KC260602
Raw cow milk
as of 12 entries, log time 2026-08-20 02:07 +00:00

units: 142, of lots: 1

held by Haicang Bonded
  140 pcs       available           unit 3BGE, unit 8YMZ and 138 more
  1 pcs         destroyed           unit 8YMZ

held by the consumer
  1 pcs         sold                unit 3BGE

lots of the units   lot L2606A
lots made from it   lot L2606A
who acts            Waikawa Nutritionals
who must be told    Haicang Bonded, Waikawa Nutritionals
)";
constexpr std::string_view kRecallChinese =
    R"(召回清单  https://id.gs1.org/01/09521101100013/10/KC260602
Raw cow milk
截至账本第 12 条，入账时间 2026-08-20 02:07 +00:00

142 件，1 批

由 海沧保税仓 持有
  140 件        可供                单品 3BGE、单品 8YMZ 等 140 项
  1 件          已销毁              单品 8YMZ

由 消费者 持有
  1 件          已售出              单品 3BGE

单品所属批次        批号 L2606A
下游批次            批号 L2606A
召回责任            Waikawa Nutritionals
须通知              海沧保税仓、Waikawa Nutritionals
)";

TEST(RecallList, SaysWhoHoldsActsAndMustBeToldInEnglish) {
  EXPECT_EQ(render_recall(test::head(test::kMilk), some_recall(), test::names(),
                          test::style(Lang::en)),
            kRecallEnglish);
}

TEST(RecallList, SaysWhoHoldsActsAndMustBeToldInChinese) {
  EXPECT_EQ(render_recall(test::head(test::kMilk), some_recall(), test::names(),
                          test::style(Lang::zh)),
            kRecallChinese);
}

TEST(StateSheet, LeavesOutWhatIsNotKnown) {
  const std::string text = render_state(
      test::head(test::kCan), {.code = test::kCan, .exists = true, .disposition = "retail_sold"},
      test::names(), test::style(Lang::en));
  EXPECT_NE(text.find("sold (exists)"), std::string::npos);
  EXPECT_NE(text.find("not known"), std::string::npos);
  EXPECT_EQ(text.find("inside"), std::string::npos);
}

TEST(ContentsSheet, IndentsByDepth) {
  const Contents contents{.items = {{.code = test::kPallet, .parent = "x", .depth = 1},
                                    {.code = test::kCan, .parent = test::kPallet, .depth = 2}},
                          .truncated = true};
  const std::string text = render_contents(test::head(test::kPallet), contents, test::names(),
                                           test::style(Lang::en));
  EXPECT_NE(text.find("\n  SSCC 395211040000010013\n    unit 3BGE"), std::string::npos);
  EXPECT_NE(text.find("--limit"), std::string::npos);
}

TEST(Tables, AlignBothScripts) {
  Paper paper(test::style(Lang::zh));
  paper.table({Say::col_holder, Say::col_left}, {{"海沧", "1"}, {"abcdefgh", "2"}});
  EXPECT_EQ(paper.take(), "持有者    余量\n海沧      1\nabcdefgh  2\n");
}

TEST(Times, ShowSecondsOnlyWhereThereAreSome) {
  EXPECT_EQ(time_text(*from_rfc3339("2026-06-02T05:30:00+12:00")), "2026-06-02 05:30 +12:00");
  EXPECT_EQ(time_text(*from_rfc3339("2026-06-02T05:30:07Z")), "2026-06-02 05:30:07 +00:00");
  EXPECT_EQ(time_text(*from_rfc3339("2026-06-02T05:30:00.5Z")), "2026-06-02 05:30:00 +00:00");
}

TEST(Lists, CountWhatTheyLeaveOut) {
  const std::vector<std::string> items = {"a", "b", "c", "d", "e"};
  EXPECT_EQ(list_text(items, 2, Lang::en), "a, b and 3 more");
  EXPECT_EQ(list_text(items, 2, Lang::zh), "a、b 等 5 项");
  EXPECT_EQ(list_text(items, 4, Lang::en), "a, b, c, d, e") << "one more costs no more room";
}

// A long value goes on under its beginning; what it says is the same.
std::string unwrapped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    if (!space || out.empty() || out.back() != ' ') out.push_back(space ? ' ' : c);
  }
  return out;
}

TEST(KeySheet, MarksTheOwnKeyAndRevokedOnes) {
  PartyState party;
  party.data = {.id = "nz-mfr", .name = "Waikawa", .roles = {Role::manufacturer}};
  const PublicKey own = test::fixed_key(4).key;
  party.keys = {{.key = test::fixed_key(5).key, .revoked = 30}, {.key = own}};
  const std::string text = unwrapped(render_party(party, &own, test::style(Lang::en)));
  EXPECT_NE(text.find("revoked at entry 30"), std::string::npos);
  EXPECT_NE(text.find("in force ← this key"), std::string::npos);
  const PublicKey other = test::fixed_key(6).key;
  EXPECT_NE(render_party(party, &other, test::style(Lang::en)).find("not registered for nz-mfr"),
            std::string::npos);
}

}  // namespace
}  // namespace suyuan
