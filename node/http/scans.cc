#include "node/http/scans.h"

#include "ledger/base/text.h"
#include "node/answer/answers.h"
#include "node/http/question.h"
#include "proto/json/answers_json.h"
#include "proto/json/verdict_json.h"

namespace suyuan::http {
namespace {

Response to_response(const Answer<VerdictView>& answer) {
  if (answer.value) {
    // Valid only for this moment and this device: no proxy may cache it.
    return {.body = to_json(answer.head, *answer.value),
            .headers = {{"Cache-Control", "no-store"}}};
  }
  return problem({answer.value.error()}, answer.head.retry_after_ms);
}

void post_scan(Service& service, const Request& request, const Reply& reply) {
  if (auto none = no_parameters(request); !none) return reply(problem(none.error()));
  if (request.content_type != "application/json") {
    return reply(problem(Error{
        .code = Code::UNSUPPORTED_TYPE,
        .message = "a scan is posted as application/json, found '" + request.content_type + "'",
        .field = "Content-Type"}));
  }
  auto scan = parse_scan_json(request.body);
  if (!scan) return reply(problem(scan.error()));
  service.scan(request.client, *std::move(scan), [reply](const Answer<VerdictView>& answer) {
    reply(to_response(answer));
  });
}

void get_verdict(Service& service, const Request& request, const std::string& code,
                 const Reply& reply) {
  const auto least = at_least(request);
  if (!least) return reply(problem(least.error()));
  const auto asked = canonical_question({.code = code, .at_least = *least});
  if (!asked) return reply(problem(asked.error()));
  service.verdict(request.client, *asked, [reply](const Answer<VerdictView>& answer) {
    reply(to_response(answer));
  });
}

}  // namespace

void add_scans(Router& router, Service& service) {
  router.add(Method::get, "/v1/codes/{code}/verdict",
             [&service](const Request& request, const Captures& path, const Reply& reply) {
               get_verdict(service, request, path[0], reply);
             });
  router.add(Method::post, "/v1/scans",
             [&service](const Request& request, const Captures&, const Reply& reply) {
               post_scan(service, request, reply);
             });
}

}  // namespace suyuan::http
