#include "ledger/base/error.h"

#include <gtest/gtest.h>

#include <set>

namespace suyuan {
namespace {

TEST(Codes, HaveDistinctNamesThatFindThem) {
  std::set<std::string_view> names;
  for (const auto& one : all_codes()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    ASSERT_NE(find_code(one.name), nullptr);
    EXPECT_EQ(find_code(one.name)->code, one.code);
    EXPECT_EQ(info(one.code).name, one.name);
  }
}

TEST(Codes, AreNamedInCapitals) {
  for (const auto& one : all_codes()) {
    EXPECT_EQ(one.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string_view::npos)
        << one.name;
  }
}

TEST(Codes, HaveARuleInPlainWords) {
  for (const auto& one : all_codes()) {
    EXPECT_GT(one.rule.size(), 10U) << one.name;
    EXPECT_NE(one.rule.back(), '.') << one.name;
  }
}

TEST(Codes, BlameTheSenderForRefusalsAndTheNodeForFaults) {
  for (const auto& one : all_codes()) {
    // 507, Insufficient Storage (RFC 4918 11.5), is the one of HTTP's 5xx that refuses a sender.
    const bool blames_sender = one.http_status / 100 == 4 || one.http_status == 507;
    EXPECT_EQ(blames_sender, one.refusal) << one.name;
  }
}

TEST(Codes, UnknownNamesFindNone) {
  EXPECT_EQ(find_code(""), nullptr);
  EXPECT_EQ(find_code("root_mismatch"), nullptr);
  EXPECT_EQ(find_code("ROOT_MISMATCH "), nullptr);
}

TEST(ErrorText, SaysCodePlaceAndMessage) {
  const Error whole = fail(Code::BUSY, "").error();
  EXPECT_EQ(to_text(whole), "BUSY");
  const Error field = fail(Code::NOTE_SYNTAX, "a blank line", "line 4").error();
  EXPECT_EQ(to_text(field), "NOTE_SYNTAX at field line 4: a blank line");
  EXPECT_EQ(to_text(at_event(field, 3)), "NOTE_SYNTAX at event 3, field line 4: a blank line");
  EXPECT_EQ(to_text(at_event(whole, 0)), "BUSY at event 0");
}

Result<int> half(int number) {
  if (number % 2 != 0) return fail(Code::INVALID_FIELD, "odd");
  return number / 2;
}
Result<int> quarter(int number) {
  SUYUAN_TRY(once, half(number));
  SUYUAN_TRY_DONE(half(once));
  return once / 2;
}

TEST(ResultTry, GivesTheValueOrPassesTheErrorOn) {
  EXPECT_EQ(quarter(12).value(), 3);
  EXPECT_EQ(quarter(6).error().message, "odd");
  EXPECT_EQ(quarter(3).error().code, Code::INVALID_FIELD);
}

TEST(ResultDeathTest, AValueThatIsNotThereAborts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(static_cast<void>(half(1).value()), "broken invariant");
}

}  // namespace
}  // namespace suyuan
