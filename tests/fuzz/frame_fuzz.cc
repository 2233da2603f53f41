// Submissions as they arrive, and all that decoding does with their notes and payloads.
#include "proto/submission_codec.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  auto submission = decode_submission(fuzz::text(data, size));
  if (!submission) return 0;
  const auto again = decode_submission(encode_submission(*submission));
  SUYUAN_CHECK(again && again->note == submission->note && again->events == submission->events);
  const auto decoded = decode_batch(*std::move(submission));
  SUYUAN_CHECK(decoded || !decoded.error().empty());
  return 0;
}
