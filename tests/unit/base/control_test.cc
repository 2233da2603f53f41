#include "ledger/base/control.h"

#include <gtest/gtest.h>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

std::string utf8_of(uint32_t point) {
  const auto byte = [](uint32_t value) { return static_cast<char>(value); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xC0 | point >> 6), byte(0x80 | (point & 0x3F))};
  return {byte(0xE0 | point >> 12), byte(0x80 | (point >> 6 & 0x3F)), byte(0x80 | (point & 0x3F))};
}

// Every character below U+3000, at every place of a word of eight, against the rule as it is told.
TEST(ControlFault, NamesControlsAndNothingElse) {
  for (uint32_t point = 1; point < 0x3000; ++point) {
    const bool space = point == 0x09 || point == 0x0A || point == 0x0D;
    const bool control = (point < 0x20 && !space) || (point >= 0x7F && point <= 0x9F) ||
                         (point >= 0x202A && point <= 0x202E) ||
                         (point >= 0x2066 && point <= 0x2069);
    const std::string character = utf8_of(point);
    ASSERT_TRUE(is_clean_utf8(character)) << point;
    for (size_t before = 0; before < 10; ++before) {
      const std::string text = std::string(before, ' ') + character + "~\xF0\x9F\xA5\x9B rest";
      ASSERT_EQ(!control_fault(text).empty(), control) << point << " behind " << before;
    }
  }
}

TEST(ControlFault, SaysWhichCharacter) {
  const std::string rest = "; texts have none except TAB, LF and CR";
  EXPECT_EQ(control_fault("a\x1B[2J"), "holds the control character U+001B" + rest);
  EXPECT_EQ(control_fault("\xE2\x80\xAE"), "holds the control character U+202E" + rest);
  EXPECT_EQ(control_fault(""), "");
  // A character that is cut off is not read beyond the end.
  EXPECT_EQ(control_fault(std::string_view("\xE2\x80\xAE", 2)), "");
  EXPECT_EQ(control_fault(std::string_view("\xC2\x80", 1)), "");
}

}  // namespace
}  // namespace suyuan
