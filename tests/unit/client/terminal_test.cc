#include "client/terminal.h"

#include <gtest/gtest.h>

#include "client/look_alike.h"

namespace suyuan {
namespace {

TEST(Width, OfAsciiIsItsLength) { EXPECT_EQ(width_of("lot L2606A"), 10U); }
TEST(Width, OfHanAndFullWidthSignsIsTwoEach) { EXPECT_EQ(width_of("批号（乳）"), 10U); }
TEST(Width, OfCombiningMarksIsNone) { EXPECT_EQ(width_of("e\u0301"), 1U); }
TEST(Width, OfAByteThatBeginsNoCharacterIsOne) { EXPECT_EQ(width_of("a\xFFz"), 3U); }
TEST(Width, OfACutCharacterIsOneForEachByte) { EXPECT_EQ(width_of("\xE6\x89"), 2U); }

TEST(Padded, FillsToColumnsNotBytes) {
  EXPECT_EQ(padded("批", 4), "批  ");
  EXPECT_EQ(padded("longer", 4), "longer");
}

TEST(Clipped, NeverExceedsTheColumns) {
  EXPECT_EQ(clipped("产地追溯", 8), "产地追溯");
  EXPECT_EQ(clipped("产地追溯", 7), "产地追…");
  EXPECT_EQ(clipped("产地追溯", 6), "产地…");
  EXPECT_EQ(clipped("abc", 0), "");
}

TEST(Wrapped, BreaksAtBlanks) {
  EXPECT_EQ(wrapped("raw cow milk", 8), (std::vector<std::string>{"raw cow", "milk"}));
}

TEST(Wrapped, BreaksBetweenWideCharacters) {
  EXPECT_EQ(wrapped("保税仓储公司", 6), (std::vector<std::string>{"保税仓", "储公司"}));
}

TEST(Wrapped, BeginsNoLineWithAClosingSign) {
  EXPECT_EQ(wrapped("海关放行。", 8), (std::vector<std::string>{"海关放", "行。"}));
  EXPECT_EQ(wrapped("公司(虚构)", 8), (std::vector<std::string>{"公司(虚", "构)"}));
}

TEST(Wrapped, CutsAWordThatIsWiderThanTheLine) {
  EXPECT_EQ(wrapped("abcdefgh", 3), (std::vector<std::string>{"abc", "def", "gh"}));
}

TEST(Wrapped, GivesOneEmptyLineForNothing) {
  EXPECT_EQ(wrapped("", 10), (std::vector<std::string>{""}));
}

TEST(Wrapped, KeepsEveryLineWithinTheColumns) {
  const std::string text = "批号 KC260602 Raw cow milk (farm 1)，24000 千克、批号 RR260602";
  for (size_t columns = 2; columns < 40; ++columns) {
    for (const auto& line : wrapped(text, columns)) {
      EXPECT_LE(width_of(line), columns) << columns << ": " << line;
    }
  }
}

TEST(Shown, LetsNoNameDriveTheTerminal) {
  EXPECT_EQ(shown("a\x1b[2Jb"), "a?[2Jb");
  EXPECT_EQ(shown("line\nline\r"), "line?line?");
  EXPECT_EQ(shown("a\u202Eb"), "a?b");
  EXPECT_EQ(shown("\xC2\x9B"), "?");
  EXPECT_EQ(shown("乳\xFF"), "乳\uFFFD");
  for (const char* hidden : {"\u00AD", "\u061C", "\u180E", "\u200B", "\u2060", "\u3164",
                             "\uFEFF", "\U000E0041"}) {
    EXPECT_EQ(shown(std::string("a") + hidden + "b"), "a?b") << hidden;
  }
}

TEST(MixesAlphabets, NamesThatMayPassForOthers) {
  for (const char* name :
       {"F\u043Enterra", "Arla F\u03BF\u03BFds", "\uFF21BC", "K\U0001D41Aiser"})
    EXPECT_TRUE(mixes_alphabets(name)) << name;
  for (const char* name : {"Fonterra", "Société Générale", "Молоко Trading", "新西兰 Milk", "ABC乳业",
                           "Ελλάς", ""}) {
    EXPECT_FALSE(mixes_alphabets(name)) << name;
  }
}

TEST(Toned, WritesNoEscapesWithoutColour) {
  EXPECT_EQ(toned("x", Tone::strong, {.columns = 80, .colour = false}), "x");
  EXPECT_EQ(toned("x", Tone::strong, {.columns = 80, .colour = true}), "\x1b[1mx\x1b[0m");
}

}  // namespace
}  // namespace suyuan
