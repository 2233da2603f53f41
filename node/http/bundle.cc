#include "node/http/bundle.h"

#include "ledger/proof/bundle.h"
#include "node/answer/answers.h"
#include "node/answer/bundle.h"
#include "node/http/compress.h"
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

void reply_with_bundle(Service& service, const AtLeast& at_least, const Asker& asker,
                       Reply reply) {
  service.ask_published_as<BundleText>(
      asker, at_least,
      [code = asker.code](const Published& published, const Viewer& viewer) {
        return answer_bundle(published, code, limits::kBundleBytesMax, viewer);
      },
      [asker, reply = std::move(reply)](Answer<BundleText> answer) {
        reply(as_answered(asker, to_response(std::move(answer))));
      });
}

void add_bundle(Router& router, Service& service) {
  const auto handle = [&service](Request request, Captures path, Reply reply) {
    const auto least = at_least(request);
    if (!least) return reply(problem(least.error()));
    const auto asked = canonical_question({.code = path[0]});
    if (!asked) return reply(problem(asked.error()));
    const auto asker = asker_of(request, "bundle", asked->code);
    if (!asker) return reply(problem(asker.error()));
    reply_with_bundle(service, *least, *asker, compressing(request, std::move(reply)));
  };
  router.add(Method::get, "/v1/codes/{code}/bundle", handle);
}

}  // namespace suyuan::http
