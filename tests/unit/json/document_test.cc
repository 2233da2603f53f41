#include "proto/jsontext/document.h"

#include <gtest/gtest.h>

#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

std::string rewritten(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) return to_text(document.error());
  JsonWriter out;
  out.value(document->root());
  return out.str();
}

Error refusal(std::string_view text) {
  auto document = parse_json(text);
  return document ? Error{.message = "accepted"} : document.error();
}

TEST(JsonDocument, KeepsNumbersAsTheyAreWritten) {
  for (const auto* text : {"0.10", "-0", "1e5", "123456789012345678901234567890.000000000000001",
                           "1E-0005", "9007199254740993", "18446744073709551616"}) {
    EXPECT_EQ(rewritten(text), text);
  }
}

TEST(JsonDocument, WritesWhatItRead) {
  const std::string text =
      R"({"b":[1,{"c":null,"d":[]},"x\"y\\"],"a":{"e":{}},"t":true,"f":false,"z":"溯源\n\u0001"})";
  EXPECT_EQ(rewritten(text), text);
}

TEST(JsonDocument, JoinsStringsThatTheParserGivesInParts) {
  const std::string before = '"' + std::string(5000, 'a');
  const std::string after = std::string(5000, 'b') + '"';
  EXPECT_EQ(rewritten(before + "\\u6eaf" + after), before + "溯" + after);
}

TEST(JsonDocument, MakesTreesInPreorder) {
  const auto document = parse_json(R"({"a":{"b":[1,"x"]},"c":null})");
  ASSERT_TRUE(document);
  const Tree expected = {{.depth = 0, .kind = NodeKind::object, .name = "a"},
                         {.depth = 1, .kind = NodeKind::array, .name = "b"},
                         {.depth = 2, .kind = NodeKind::number, .value = "1"},
                         {.depth = 2, .kind = NodeKind::text, .value = "x"},
                         {.depth = 0, .kind = NodeKind::null, .name = "c"}};
  EXPECT_EQ(document->root().tree(), expected);
}

TEST(JsonDocument, RefusesWhatIsNoJsonAndSaysWhere) {
  const Error error = refusal("{\"a\": 1,\n \"b\": x}");
  EXPECT_EQ(error.code, Code::BAD_REQUEST);
  EXPECT_NE(error.message.find("line 2"), std::string::npos) << error.message;
  for (const auto* bad : {"", " ", "{", "[1,]", "{\"a\":1,}", "// x\n1", "01", "NaN", "'a'", "1 2",
                          "\"\\ud800\"", "1e999999999999", "\"a\nb\""}) {
    EXPECT_EQ(refusal(bad).code, Code::BAD_REQUEST) << bad << ": " << refusal(bad).message;
    EXPECT_NE(refusal(bad).message, "accepted") << bad;
  }
}

TEST(JsonDocument, RefusesBrokenTextAndNul) {
  EXPECT_EQ(refusal("\"\xC0\xAF\"").code, Code::BAD_TEXT);
  EXPECT_EQ(refusal("{\"a\":\"x\\u0000\"}").code, Code::BAD_TEXT);
  EXPECT_EQ(refusal("{\"a\":\"x\\u0000\"}").field, "a");
  EXPECT_EQ(refusal("\xEF\xBB\xBF{}").code, Code::BAD_REQUEST);
}

TEST(JsonDocument, RefusesANameThatStandsTwice) {
  const Error error = refusal(R"({"a":[{"x":1},{"b":1,"c":2,"b":3}]})");
  EXPECT_EQ(error.code, Code::INVALID_FIELD);
  EXPECT_EQ(error.field, "a[1].b");
  EXPECT_EQ(refusal(R"({"a":1,"\u0061":2})").field, "a");
  EXPECT_EQ(refusal(R"({"":1})").code, Code::INVALID_FIELD);
}

TEST(JsonDocument, RefusesWhatNestsTooDeep) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(rewritten(nested(kJsonDepthMax)), nested(kJsonDepthMax));
  EXPECT_EQ(refusal(nested(kJsonDepthMax + 1)).code, Code::TOO_LARGE);
  EXPECT_EQ(refusal(std::string(1'000'000, '[')).code, Code::TOO_LARGE);
}

TEST(JsonDocument, RefusesWhatIsTooLargeOrTooMuch) {
  EXPECT_EQ(refusal(std::string(kJsonBytesMax + 1, ' ')).code, Code::TOO_LARGE);
  std::string many = "[0";
  for (size_t i = 0; i < kJsonValuesMax; ++i) many += ",0";
  EXPECT_EQ(refusal(many + "]").code, Code::TOO_MANY);
}

TEST(JsonWriter, WritesBrokenTextAsQuestionMarks) {
  JsonWriter out;
  out.text("a\xFF\"");
  EXPECT_EQ(out.str(), R"("a?\"")");
}

}  // namespace
}  // namespace suyuan
