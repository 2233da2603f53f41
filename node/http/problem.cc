#include "node/http/http.h"
#include "proto/json/submission_json.h"

namespace suyuan::http {

Response problem(const Errors& errors) {
  SUYUAN_CHECK(!errors.empty());
  Response response{.status = info(errors.front().code).http_status,
                    .content_type = std::string(kProblemType),
                    .body = write_problem_json(errors)};
  if (errors.front().code == Code::SESSION_INVALID) response.headers["WWW-Authenticate"] = "Bearer";
  return response;
}

Response problem(const Error& error) { return problem(Errors{error}); }

std::string retry_after(uint32_t wait_ms) { return std::to_string((wait_ms + 999) / 1000); }

Response problem(const Errors& errors, uint32_t retry_after_ms) {
  Response response = problem(errors);
  if (retry_after_ms > 0) response.headers["Retry-After"] = retry_after(retry_after_ms);
  return response;
}

}  // namespace suyuan::http
