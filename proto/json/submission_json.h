// Submissions as JSON, for posting over HTTP, and refusals as problem+json (RFC 9457).
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/error.h"
#include "ledger/batch/batch.h"

namespace suyuan {

// {"note":"...","events":[{"salt":"<base64>","payload":"<base64>","sections":[{"salt","bytes"}]}]}
// Errors, with their paths: those of parse_json(), MALFORMED_SUBMISSION, MISSING_FIELD, TOO_MANY,
// TOO_LARGE, INVALID_FIELD.
Result<Submission> parse_submission_json(std::string_view text);
std::string write_submission_json(const Submission& submission);

inline constexpr std::string_view kProblemType = "application/problem+json";

// {"type":"/problems/ROOT_MISMATCH","title":<the rule>,"status":400,"detail":<the first error>,
//  "errors":[{"code","event","field","message"}]}: every error; the first one leads.
// REQUIRES: errors is not empty.
std::string write_problem_json(const Errors& errors);
// The errors that a problem carries. A code that this version does not know is read by the status
// it came with: BAD_REQUEST, or UNAVAILABLE from 500 on. BAD_REQUEST: the text is no such problem.
Result<Errors> parse_problem_json(std::string_view text);

}  // namespace suyuan
