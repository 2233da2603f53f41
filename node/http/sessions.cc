#include "node/http/sessions.h"

#include "ledger/base/limits.h"
#include "node/http/question.h"
#include "proto/json/answers_json.h"

namespace suyuan::http {
namespace {

// Challenges and tokens must not be cached.
template <class T>
Response session_response(const Answer<T>& answer) {
  Response response = answer.value
                          ? Response{.status = 201, .body = to_json(answer.head, *answer.value)}
                          : problem({answer.value.error()}, answer.head.retry_after_ms);
  response.headers["Cache-Control"] = "no-store";
  return response;
}

void post_challenge(Service& service, const Request& request, const Reply& reply) {
  if (auto none = no_parameters(request); !none) return reply(problem(none.error()));
  service.ask<Challenge>(
      request.client, {},
      [&service](const Reader&, const LedgerHead&) -> Result<Challenge> {
        return service.parts().access.challenge();
      },
      [reply](const Answer<Challenge>& answer) { reply(session_response(answer)); });
}

void post_session(Service& service, Request request, const Reply& reply) {
  if (auto none = no_parameters(request); !none) return reply(problem(none.error()));
  if (request.content_type != "text/plain") {
    return reply(problem(Error{.code = Code::UNSUPPORTED_TYPE,
                               .message = "a signed challenge is posted as text/plain, found '" +
                                          request.content_type + "'",
                               .field = "Content-Type"}));
  }
  if (request.body.size() > limits::kNoteBytesMax) {
    return reply(problem(
        Error{.code = Code::TOO_LARGE, .message = "a note has at most 12 KiB", .field = "body"}));
  }
  service.ask<OpenedSession>(
      request.client, {},
      [&service, note = std::move(request.body)](const Reader& reader, const LedgerHead&) {
        return service.parts().access.open(reader, note);
      },
      [reply](const Answer<OpenedSession>& answer) { reply(session_response(answer)); });
}

void get_access(Service& service, const Request& request, const Reply& reply) {
  const auto page = access_question(request);
  if (!page) return reply(problem(page.error()));
  const auto asker = asker_of(request, "access");
  if (!asker) return reply(problem(asker.error()));
  service.ask_as<AccessPage>(
      *asker, {},
      [&service, page = *page](const Reader&, const Viewer& viewer) {
        return service.parts().access.read_log(viewer, page.after, page.limit);
      },
      [reply, asker = *asker](const Answer<AccessPage>& answer) {
        if (!answer.value)
          return reply(problem({answer.value.error()}, answer.head.retry_after_ms));
        reply(as_answered(asker, {.body = to_json(answer.head, *answer.value)}));
      });
}

}  // namespace

void add_sessions(Router& router, Service& service) {
  router.add(Method::post, "/v1/challenges",
             [&service](const Request& request, const Captures&, const Reply& reply) {
               post_challenge(service, request, reply);
             });
  router.add(Method::post, "/v1/sessions",
             [&service](Request request, const Captures&, const Reply& reply) {
               post_session(service, std::move(request), reply);
             });
  router.add(Method::get, "/v1/access",
             [&service](const Request& request, const Captures&, const Reply& reply) {
               get_access(service, request, reply);
             });
}

}  // namespace suyuan::http
