#include "node/http/http.h"
#include "proto/json/submission_json.h"

namespace suyuan::http {

Response problem(const Errors& errors) {
  SUYUAN_CHECK(!errors.empty());
  return {.status = info(errors.front().code).http_status,
          .content_type = std::string(kProblemType),
          .body = write_problem_json(errors)};
}

Response problem(const Error& error) { return problem(Errors{error}); }

}  // namespace suyuan::http
