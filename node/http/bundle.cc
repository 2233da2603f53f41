#include "node/http/bundle.h"

#include "ledger/proof/bundle.h"
#include "node/answers.h"
#include "node/bundle.h"
#include "node/http/question.h"
#include "proto/json/bundle_json.h"

namespace suyuan::http {
namespace {

Response to_response(Answer<BundleText> answer) {
  if (!answer.value) return problem({answer.value.error()}, answer.head.retry_after_ms);
  Response response{.body = std::move(answer.value->text)};
  response.content_type = kBundleMediaType;
  response.headers["Content-Disposition"] = "attachment; filename=\"bundle.suyuan.json\"";
  return response;
}

}  // namespace

void reply_with_bundle(Service& service, const AtLeast& at_least, const std::string& code,
                       const Viewer& viewer, Reply reply) {
  service.ask_published<BundleText>(
      at_least,
      [code, viewer](const Published& published) {
        return answer_bundle(published, code, limits::kBundleBytesMax, viewer);
      },
      [reply = std::move(reply)](Answer<BundleText> answer) {
        reply(to_response(std::move(answer)));
      });
}

void add_bundle(Router& router, Service& service) {
  const auto handle = [&service](Request request, Captures path, Reply reply) {
    const auto least = at_least(request);
    if (!least) return reply(problem(least.error()));
    const auto asked = canonical_question({.code = path[0]});
    if (!asked) return reply(problem(asked.error()));
    reply_with_bundle(service, *least, asked->code, asked->viewer, reply);
  };
  router.add(Method::get, "/v1/codes/{code}/bundle", handle);
}

}  // namespace suyuan::http
