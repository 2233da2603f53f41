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

void add_bundle(Router& router, Service& service) {
  const auto handle = [&service](Request request, Captures path, Reply reply) {
    const auto least = at_least(request);
    if (!least) return reply(problem(least.error()));
    const auto asked = canonical_question({.code = path[0]});
    if (!asked) return reply(problem(asked.error()));
    service.ask_published<BundleText>(
        *least,
        [asked = *asked](const Published& published) {
          return answer_bundle(published, asked.code, limits::kBundleBytesMax, asked.viewer);
        },
        [reply](Answer<BundleText> answer) { reply(to_response(std::move(answer))); });
  };
  router.add(Method::get, "/v1/codes/{code}/bundle", handle);
}

}  // namespace suyuan::http
