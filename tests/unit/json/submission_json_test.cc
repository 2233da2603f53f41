#include "proto/json/submission_json.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace suyuan {
namespace {

const std::string kSalt = to_base64(Bytes(32, 7));

Submission two_events() {
  Submission submission{.note = "suyuan/batch/v1\n\n— a b\n", .events = {}};
  EventBody body{.salt = Salt::from(Bytes(32, 7)), .payload = Bytes("\0\x01", 2)};
  submission.events.push_back(body);
  body.sections = {{.salt = Salt::from(Bytes(32, 8)), .bytes = "{}"}};
  submission.events.push_back(body);
  return submission;
}

testing::AssertionResult rejects(const std::string& text, Code code, std::string_view field) {
  const auto parsed = parse_submission_json(text);
  if (parsed) return testing::AssertionFailure() << "accepted";
  if (parsed.error().code == code && parsed.error().field == field) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << to_text(parsed.error());
}

TEST(SubmissionJson, ReadsBackWhatItWrote) {
  const auto parsed = parse_submission_json(write_submission_json(two_events()));
  ASSERT_TRUE(parsed) << to_text(parsed.error());
  EXPECT_EQ(*parsed, two_events());
}

TEST(SubmissionJson, NeedsANoteAndEvents) {
  EXPECT_TRUE(rejects("[]", Code::MALFORMED_SUBMISSION, ""));
  EXPECT_TRUE(rejects(R"({"events":[]})", Code::MALFORMED_SUBMISSION, "note"));
  EXPECT_TRUE(rejects(R"({"note":"x"})", Code::MALFORMED_SUBMISSION, "events"));
  EXPECT_TRUE(rejects(R"({"note":7,"events":[]})", Code::MALFORMED_SUBMISSION, "note"));
  EXPECT_TRUE(rejects("{", Code::BAD_REQUEST, ""));
}

TEST(SubmissionJson, NeedsSaltAndPayloadOfEachEvent) {
  const auto with = [](const std::string& body) {
    return R"({"note":"x","events":[)" + body + "]}";
  };
  const std::string salt = R"({"salt":")" + kSalt + "\"";
  EXPECT_TRUE(rejects(with("{}"), Code::MISSING_FIELD, "events[0].salt"));
  EXPECT_TRUE(rejects(with(salt + "}"), Code::MISSING_FIELD, "events[0].payload"));
  EXPECT_TRUE(rejects(with(R"({"salt":"AAAA","payload":"AAAA"})"), Code::INVALID_FIELD,
                      "events[0].salt"));
  EXPECT_TRUE(rejects(with(salt + R"(,"payload":"AAA"})"), Code::INVALID_FIELD,
                      "events[0].payload"));
  EXPECT_TRUE(rejects(with(salt + R"(,"payload":"AAAA","type":"x"})"),
                      Code::INVALID_FIELD, "events[0].type"));
  EXPECT_TRUE(rejects(with(salt + R"(,"payload":"AAAA","sections":[{}]})"),
                      Code::MISSING_FIELD, "events[0].sections[0].salt"));
}

TEST(SubmissionJson, BoundsNoteEventsAndBytes) {
  const std::string note(limits::kNoteBytesMax + 1, 'a');
  EXPECT_TRUE(rejects(R"({"note":")" + note + R"(","events":[]})", Code::TOO_LARGE, "note"));
  std::string many = "{}";
  for (size_t i = 0; i < limits::kBatchEventsMax; ++i) many += ",{}";
  EXPECT_TRUE(rejects(R"({"note":"x","events":[)" + many + "]}", Code::TOO_MANY, "events"));
  auto large = two_events();
  large.events[0].payload.assign(limits::kBatchBytesMax, 'a');
  EXPECT_TRUE(rejects(write_submission_json(large), Code::TOO_LARGE, ""));
}

}  // namespace
}  // namespace suyuan
