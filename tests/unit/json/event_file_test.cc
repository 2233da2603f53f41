#include <gtest/gtest.h>

#include "proto/json/event_json.h"

namespace suyuan {
namespace {

const std::string kGood =
    R"({"type":"object","kind":"supply","action":"ADD","eventTime":"2026-06-02T05:30:00Z",)"
    R"("objects":["09521104301011"],"extensions":{"note":"a } ] \" , {"}})";

// "row@line+" for a good event, "row@line-" for a bad one.
std::string outline(std::string_view file) {
  std::string text;
  for (const auto& one : parse_events(file)) {
    text += (text.empty() ? "" : " ") + std::to_string(one.row) + "@" + std::to_string(one.line) +
            (one.event ? "+" : "-");
  }
  return text;
}

std::string broken_over_lines() {
  std::string text = kGood;
  for (size_t at = 0; (at = text.find(R"(,")", at)) != std::string::npos; at += 2) {
    text.insert(at + 1, "\n");
  }
  return text;
}

TEST(EventFile, IsOneEventOnOneLineOrMany) {
  EXPECT_EQ(outline(kGood), "1@1+");
  EXPECT_EQ(outline("\xEF\xBB\xBF\n\n" + kGood + "\n"), "1@3+");
  EXPECT_EQ(outline(broken_over_lines()), "1@1+");
}

TEST(EventFile, IsAnArray) {
  EXPECT_EQ(outline("[\n" + kGood + ",\n\n" + kGood + "\n]\n"), "1@2+ 2@4+");
  EXPECT_EQ(outline("[]"), "");
}

TEST(EventFile, IsOneEventOnEachLine) {
  EXPECT_EQ(outline(kGood + "\r\n\n" + kGood + "\n" + kGood), "1@1+ 2@3+ 3@4+");
}

TEST(EventFile, KeepsTheGoodEventsBesideABadOne) {
  EXPECT_EQ(outline("[" + kGood + ",\n{\"type\":7},\n" + kGood + "]"), "1@1+ 2@2- 3@3+");
  EXPECT_EQ(outline(kGood + "\n{\"type\":\n" + kGood), "1@1+ 2@2- 3@3+");
  EXPECT_EQ(outline("{\"broken\":\n" + kGood), "1@1- 2@2+");
  EXPECT_EQ(outline("[7,\n" + kGood + ", null, \"x\"]"), "1@1- 2@2+ 3@2- 4@2-");
}

TEST(EventFile, SaysWhatIsWrongWithAnArray) {
  EXPECT_EQ(outline("[" + kGood), "1@1+ 2@1-");
  EXPECT_EQ(outline("[" + kGood + " " + kGood + "]"), "1@1+ 2@1-");
  EXPECT_EQ(outline("[" + kGood + "] x"), "1@1+ 2@1-");
  EXPECT_EQ(outline("["), "1@1-");
  EXPECT_EQ(outline("[{\"a\":\"unterminated]"), "1@1- 2@1-");
}

TEST(EventFile, RefusesNothingAndWhatIsNoJson) {
  for (const auto* bad : {"", "  \n", "event,type\n", "\\", "7"}) {
    EXPECT_EQ(outline(bad), "1@1-") << bad;
  }
}

TEST(EventFile, IsReadInOnePassWhateverItHolds) {
  EXPECT_EQ(parse_events(std::string(200'000, '[')).size(), 2U);
  EXPECT_EQ(parse_events("[" + std::string(20'000, ',')).size(), 10'001U);
}

}  // namespace
}  // namespace suyuan
