#include "ledger/crypto/text_lines.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

constexpr std::string_view kHeader = "suyuan/example/v1";

std::string text(std::string_view lines) {
  return std::string(kHeader).append("\n").append(lines);
}

TextLines open(const std::string& of) { return TextLines::open(of, kHeader).value(); }

// The error of opening a text; checks that it is there.
Error refused(std::string_view of) {
  const auto lines = TextLines::open(of, kHeader);
  EXPECT_FALSE(lines) << of;
  return lines ? Error{} : lines.error();
}

TEST(TextLines, ReadsTheLinesInOrder) {
  const auto sent = text("party mill\nevents 12\nnonce MDEyMzQ1Njc4OWFiY2RlZg==\nnode a b\n");
  auto lines = open(sent);
  EXPECT_EQ(lines.take("party").value(), "mill");
  EXPECT_EQ(lines.take_decimal("events").value(), 12U);
  EXPECT_EQ(lines.take_base64<Nonce>("nonce").value(), Nonce::from("0123456789abcdef"));
  EXPECT_EQ(lines.take_fields("node", 2).value(), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_TRUE(lines.finish());
}

TEST(TextLines, TimesEndWithTheYear9999) {
  const auto sent = text("time 0\nuntil 253402300799999\n");
  auto lines = open(sent);
  EXPECT_EQ(lines.take_time("time").value(), 0);
  EXPECT_EQ(lines.take_time("until").value(), 253'402'300'799'999);
  for (const auto* late : {"253402300800000", "9999999999999999999"}) {
    const auto beyond = text("until " + std::string(late) + "\n");
    auto line = open(beyond);
    const auto until = line.take_time("until");
    ASSERT_FALSE(until) << late;
    EXPECT_EQ(until.error().field, "line 2");
    EXPECT_EQ(until.error().code, Code::NOTE_SYNTAX);
  }
}

TEST(TextLines, AnOptionalLineMayRepeatOrBeAbsent) {
  const auto sent = text("with a\nwith b\ntype x\n");
  auto lines = open(sent);
  EXPECT_EQ(lines.take_if("signer").value(), std::nullopt);
  EXPECT_EQ(lines.take_if("with").value(), "a");
  EXPECT_EQ(lines.take_if("with").value(), "b");
  EXPECT_EQ(lines.take_if("with").value(), std::nullopt);
  EXPECT_EQ(lines.take("type").value(), "x");
  EXPECT_EQ(lines.take_if("with").value(), std::nullopt);
}

TEST(TextLines, RefusesWhatTheGrammarDoesNotShow) {
  EXPECT_EQ(refused("").code, Code::NOTE_SYNTAX);
  EXPECT_EQ(refused(kHeader).code, Code::NOTE_SYNTAX);
  EXPECT_EQ(refused(text("a b")).code, Code::NOTE_SYNTAX);
  EXPECT_EQ(refused(text("a b\n\nc d\n")).field, "line 3");
  EXPECT_EQ(refused(text("a b\n\n")).field, "line 3");
  EXPECT_EQ(refused(text("a b\r\n")).field, "line 2");
  EXPECT_EQ(refused(text("a\tb\n")).field, "line 2");
  EXPECT_EQ(refused(text("a  b\n")).field, "line 2");
  EXPECT_EQ(refused(text(" a b\n")).field, "line 2");
  EXPECT_EQ(refused(text("a b \n")).field, "line 2");
  EXPECT_EQ(refused(text("a 溯源\n")).field, "line 2");
  EXPECT_EQ(refused(text(std::string_view("a \0\n", 4))).field, "line 2");
}

TEST(TextLines, RefusesAnotherHeader) {
  EXPECT_EQ(refused("suyuan/example/v2\n").field, "line 1");
  EXPECT_EQ(refused("suyuan/example/v1 \n").field, "line 1");
  EXPECT_EQ(refused("suyuan/example/v11\n").message,
            "found 'suyuan/example/v11', expected 'suyuan/example/v1'");
}

TEST(TextLines, RefusesALineOutOfOrder) {
  const auto sent = text("b 1\na 2\n");
  auto lines = open(sent);
  const auto error = lines.take("a").error();
  EXPECT_EQ(error.field, "line 2");
  EXPECT_EQ(error.message, "found 'b 1', expected the line 'a ...'");
}

TEST(TextLines, RefusesAKeywordThatOnlyBeginsTheSame) {
  const auto sent = text("events-more 1\n");
  auto lines = open(sent);
  EXPECT_EQ(lines.take_if("events").value(), std::nullopt);
  EXPECT_FALSE(lines.take("events"));
}

TEST(TextLines, RefusesALineWithoutAValue) {
  const auto sent = text("party\n");
  auto required = open(sent);
  EXPECT_EQ(required.take("party").error().field, "line 2");
  auto optional = open(sent);
  EXPECT_FALSE(optional.take_if("party"));
}

TEST(TextLines, RefusesAMissingLineAndOneTooMany) {
  const auto sent = text("a 1\n");
  auto lines = open(sent);
  EXPECT_EQ(lines.finish().error().field, "line 2");
  ASSERT_TRUE(lines.take("a"));
  const auto error = lines.take("b").error();
  EXPECT_EQ(error.field, "line 3");
  EXPECT_EQ(error.message, "the text ends here, expected the line 'b ...'");
}

TEST(TextLines, RefusesValuesOfAnotherForm) {
  const auto sent = text("n 01\n");
  EXPECT_EQ(open(sent).take_decimal("n").error().field, "line 2");
  EXPECT_FALSE(open(sent).take_base64<Nonce>("n"));
  EXPECT_FALSE(open(sent).take_fields("n", 2));
  const auto error = open(sent).refuse("for a rule of the caller").error();
  EXPECT_EQ(error.message, "for a rule of the caller");
  EXPECT_EQ(error.field, "line 1");
}

TEST(TextLines, RefusesWithTheCodeOfItsText) {
  const auto lines = TextLines::open("x\n", kHeader, Code::CORRUPT);
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().code, Code::CORRUPT);
  auto opened = TextLines::open("suyuan/example/v1\n", kHeader, Code::CORRUPT).value();
  EXPECT_EQ(opened.take("a").error().code, Code::CORRUPT);
}

}  // namespace
}  // namespace suyuan
