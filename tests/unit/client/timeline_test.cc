#include <gtest/gtest.h>

#include <sstream>

#include "tests/unit/client/answers.h"

namespace suyuan {
namespace {

constexpr std::string_view kEnglish = R"(GOLDEN-EN)";
constexpr std::string_view kChinese = R"(GOLDEN-ZH)";

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
