#include "client/text/text.h"

#include <gtest/gtest.h>

#include <set>

#include "client/text/help.h"
#include "client/text/phrases.h"

namespace suyuan {
namespace {

TEST(Lang, IsReadFromALocalesName) {
  EXPECT_EQ(lang_from("zh_CN.UTF-8"), Lang::zh);
  EXPECT_EQ(lang_from("zh-Hans"), Lang::zh);
  EXPECT_EQ(lang_from("en_GB"), Lang::en);
  EXPECT_EQ(lang_from("C.UTF-8"), Lang::en);
  EXPECT_EQ(lang_from("zhx"), std::nullopt);
  EXPECT_EQ(lang_from("fr_FR"), std::nullopt);
}

TEST(Fill, PutsValuesWhereTheLanguageWantsThem) {
  EXPECT_EQ(fill("{1}, made from {0}", {"milk", "powder"}), "powder, made from milk");
  EXPECT_EQ(fill("{0} {2}", {"a"}), "a {2}");
  EXPECT_EQ(fill("{0}", {"{0}"}), "{0}");
}

// The slots that a pattern has.
std::set<char> slots(std::string_view pattern) {
  std::set<char> found;
  for (size_t i = 0; i + 2 < pattern.size(); ++i) {
    if (pattern[i] == '{' && pattern[i + 2] == '}') found.insert(pattern[i + 1]);
  }
  return found;
}

TEST(Phrases, StandInBothLanguagesWithTheSameSlots) {
#define SUYUAN_X(name, en, zh)                \
  EXPECT_FALSE(std::string_view(en).empty()); \
  EXPECT_FALSE(std::string_view(zh).empty()); \
  EXPECT_EQ(slots(en), slots(zh)) << #name;
  SUYUAN_PHRASES(SUYUAN_X)
#undef SUYUAN_X
}

TEST(HelpTexts, StandInBothLanguages) {
#define SUYUAN_X(name, en, zh)                         \
  EXPECT_FALSE(std::string_view(en).empty()) << #name; \
  EXPECT_FALSE(std::string_view(zh).empty()) << #name;
  SUYUAN_HELP(SUYUAN_X)
#undef SUYUAN_X
}

TEST(Rules, StandInBothLanguagesForEveryCode) {
  for (const auto& one : all_codes()) {
    EXPECT_FALSE(rule_name(one.code, Lang::en).empty()) << one.name;
    EXPECT_FALSE(rule_name(one.code, Lang::zh).empty()) << one.name;
  }
}

TEST(Rules, OfAReadOnlyNodeNameBothCauses) {
  const std::string_view en = rule_name(Code::READ_ONLY, Lang::en);
  EXPECT_NE(en.find("disk is nearly full"), std::string_view::npos);
  EXPECT_NE(en.find("failure"), std::string_view::npos);
  const std::string_view zh = rule_name(Code::READ_ONLY, Lang::zh);
  EXPECT_NE(zh.find("磁盘将满"), std::string_view::npos);
  EXPECT_NE(zh.find("故障"), std::string_view::npos);
}

TEST(Flags, HaveAChineseMeaningOfTheirOwn) {
#define SUYUAN_X(name, meaning_en) EXPECT_NE(flag_name(Flag::name, Lang::zh), #name);
  SUYUAN_FLAGS(SUYUAN_X)
#undef SUYUAN_X
}

TEST(Words, OfATradesOwnAreShownAsTheyStand) {
  EXPECT_EQ(step_name("cold_roasting", Lang::zh), "cold roasting");
  EXPECT_EQ(step_name("https://example.org/step_1", Lang::en), "https://example.org/step_1");
  EXPECT_EQ(step_name("commissioning", Lang::zh), "赋码");
  for (const char* step : {"assembling", "disassembling", "dispensing", "encoding", "installing",
                           "killing", "other", "repairing", "replacing", "staging_outbound",
                           "void_shipping"}) {
    EXPECT_GT(step_name(step, Lang::zh).front() & 0x80, 0) << step << " has no Chinese name";
  }
}

}  // namespace
}  // namespace suyuan
