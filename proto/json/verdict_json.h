// Scans and the operator's scan policy as JSON (docs/scans.md). The verdict's own JSON is with
// the other answers, in answers_json.h.
#pragma once

#include "proto/answers.h"

namespace suyuan {

// Errors: BAD_REQUEST, BAD_TEXT, MISSING_FIELD, INVALID_FIELD, TOO_LARGE, each with its field.
Result<ScanRequest> parse_scan_json(std::string_view text);
// What the file does not name keeps its default.
Result<ScanPolicy> parse_scan_policy(std::string_view text);

}  // namespace suyuan
