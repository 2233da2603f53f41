#include "node/http/epcis/signed_batch.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace suyuan::http::epcis {
namespace {

const std::string kType = "multipart/mixed; boundary=x";

std::string body_of(const std::string& salt) {
  return "--x\r\nContent-Type: text/plain\r\n\r\nthe note\n\r\n--x\r\n"
         "Content-Type: application/ld+json\r\nSuyuan-Salt: " +
         salt + "\r\n\r\n{\"a\":\r\n1}\r\n--x--\r\n";
}

TEST(SignedBatch, KeepsEveryByteOfNoteAndPayload) {
  const Salt salt = Salt::from(Bytes(32, 's'));
  const auto submission = parse_signed_batch(kType, body_of(to_base64(salt.view())));
  ASSERT_TRUE(submission) << to_text(submission.error());
  EXPECT_EQ(submission->note, "the note\n");
  ASSERT_EQ(submission->events.size(), 1U);
  EXPECT_EQ(submission->events[0].payload, "{\"a\":\r\n1}");
  EXPECT_EQ(submission->events[0].salt, salt);
}

TEST(SignedBatch, RefusesWhatIsNone) {
  const std::string good = body_of(to_base64(Bytes(32, 's')));
  EXPECT_FALSE(parse_signed_batch("multipart/mixed", good));
  EXPECT_FALSE(parse_signed_batch("multipart/mixed; boundary=y", good));
  EXPECT_FALSE(parse_signed_batch(kType, body_of("short")));
  for (size_t length = 0; length + 4 < good.size(); ++length)
    EXPECT_FALSE(parse_signed_batch(kType, good.substr(0, length))) << length;
}

TEST(SignedBatch, WhatIsTooLongToBeReadIsNotCharged) {
  const std::string longest(2 * limits::kBatchBytesMax, '-');
  EXPECT_EQ(parse_signed_bytes_max(longest), 2 * longest.size());
  const auto refused = parse_signed_batch(kType, longest + '-');
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::TOO_LARGE);
  EXPECT_EQ(parse_signed_bytes_max(longest + '-'), 0U);
}

}  // namespace
}  // namespace suyuan::http::epcis
