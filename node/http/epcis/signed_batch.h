// A batch that its client signed, as a multipart body (RFC 2046): the batch note, then each event's
// payload, byte for byte as it was signed, with its salt in a header of its part.
//
//   Content-Type: multipart/mixed; boundary=x
//
//   --x
//   Content-Type: text/plain
//
//   suyuan/batch/v1 ...
//   --x
//   Content-Type: application/ld+json
//   Suyuan-Salt: <base64 of 32 bytes>
//
//   {"@context": ...}
//   --x--
#pragma once

#include "ledger/batch/batch.h"

namespace suyuan::http::epcis {

inline constexpr std::string_view kSignedBatchType = "multipart/mixed";

// Errors: MALFORMED_SUBMISSION, UNSUPPORTED_TYPE, TOO_MANY, TOO_LARGE.
Result<Submission> parse_signed_batch(std::string_view content_type, std::string_view body);

// Returns the bytes charged for parsing it: each part is copied once. 0: it is too long, so nothing
// of it is read.
size_t parse_signed_bytes_max(std::string_view body);

}  // namespace suyuan::http::epcis
