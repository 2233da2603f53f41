#include "node/http/api.h"

#include <functional>
#include <optional>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "node/answer/answers.h"
#include "node/http/attachments.h"
#include "node/http/below.h"
#include "node/http/bundle.h"
#include "node/http/compress.h"
#include "node/http/consistency.h"
#include "node/http/documents.h"
#include "node/http/log.h"
#include "node/http/openapi.h"
#include "node/http/pages.h"
#include "node/http/question.h"
#include "node/http/scans.h"
#include "node/http/sessions.h"
#include "node/pipeline/receipts.h"
#include "node/status.h"
#include "proto/json/answers_json.h"
#include "proto/json/submission_json.h"
#include "proto/jsontext/document.h"

namespace suyuan::http {
namespace {

Response json(std::string body) { return {.body = std::move(body)}; }

// Asks the service for the requester, and answers with the value as JSON.
template <class T, class Question>
void ask(Service& service, const Result<Asker>& asker, const AtLeast& at_least, Question question,
         const Reply& reply) {
  if (!asker) return reply(problem(asker.error()));
  service.ask_as<T>(*asker, at_least, std::move(question), [reply, asker](Answer<T> answer) {
    if (!answer.value) return reply(problem({answer.value.error()}, answer.head.retry_after_ms));
    answer.head.code = asker->code;
    reply(as_answered(*asker, json(to_json(answer.head, *answer.value))));
  });
}

// The question with its viewer.
CodeQuestion seen_as(CodeQuestion question, const Viewer& viewer) {
  question.viewer = viewer;
  return question;
}

template <class T>
RouteHandler about_code(Service& service, const char* name,
                        std::function<Result<T>(const Reader&, const CodeQuestion&)> question) {
  return [&service, name, question = std::move(question)](Request request, Captures path,
                                                          Reply reply) {
    auto asked = code_question(request, path[0]);
    if (!asked) return reply(problem(asked.error()));
    ask<T>(
        service, asker_of(request, name, asked->code), asked->at_least,
        [question, asked = *asked](const Reader& reader, const Viewer& viewer) {
          return question(reader, seen_as(asked, viewer));
        },
        compressing(request, std::move(reply)));
  };
}

// As about_code, for what remembers its way.
template <class T>
RouteHandler about_uses(Service& service, const char* name,
                        Result<T> (*question)(const Reader&, const CodeQuestion&, RecallMemory*)) {
  return about_code<T>(service, name,
                       [question, &memory = service.parts().recalls](
                           const Reader& reader, const CodeQuestion& asked) {
                         return question(reader, asked, &memory);
                       });
}

// As about_code, for answers that can bring the events along (?events=true).
template <class T>
RouteHandler about_code_with_events(Service& service, const char* name,
                                    Result<T> (*question)(const Reader&, const CodeQuestion&,
                                                          bool)) {
  return [&service, name, question](Request request, Captures path, Reply reply) {
    auto asked = code_question(request, path[0], {"events"});
    auto events = flag(request, "events");
    if (!asked) return reply(problem(asked.error()));
    if (!events) return reply(problem(events.error()));
    ask<T>(
        service, asker_of(request, name, asked->code), asked->at_least,
        [question, asked = *asked, with = *events](const Reader& reader, const Viewer& viewer) {
          return question(reader, seen_as(asked, viewer), with);
        },
        compressing(request, std::move(reply)));
  };
}

template <class T>
RouteHandler about_registry(Service& service,
                            Result<Page<T>> (*question)(const Reader&, const RegistryQuestion&)) {
  return [&service, question](Request request, Captures path, Reply reply) {
    auto asked = registry_question(request, path.empty() ? std::string() : path[0]);
    if (!asked) return reply(problem(asked.error()));
    ask<Page<T>>(
        service, Asker{.client = request.client}, asked->at_least,
        [question, asked = *asked](const Reader& reader, const Viewer&) {
          return question(reader, asked);
        },
        reply);
  };
}

void answer_submission(Service& service, Results<BatchReceipt> outcome, const Reply& reply) {
  if (!outcome) {
    return reply(problem(outcome.error(), Service::wait_ms_of(outcome.error().front())));
  }
  AnswerHead head{.size = service.parts().size_waiters.size(), .time_ms = outcome->time_ms};
  Response response = json(to_json(head, *outcome));
  response.status = outcome->repeated ? 200 : 201;
  reply(std::move(response));
}

// What parsing holds is given back with it: the batch is charged for itself when it is submitted.
Result<Submission> parse_charged(const Service& service, const std::string& body,
                                 const Uncount& uncount) {
  SUYUAN_TRY(charged, service.parts().pipeline.reserve_parsing(parse_bytes_max(body), uncount));
  return parse_submission_json(body);
}

// On a worker: the text may have megabytes. `uncount`: of a body that is not read; what was read
// counts whatever its answer is.
void parse_and_submit(Service& service, const std::string& body, const Uncount& uncount,
                      const Reply& reply) {
  auto submission = parse_charged(service, body, uncount);
  if (!submission) {
    return reply(problem({submission.error()}, Service::wait_ms_of(submission.error())));
  }
  service.submit(*std::move(submission), [reply, &service](Results<BatchReceipt> outcome) {
    answer_submission(service, std::move(outcome), reply);
  });
}

struct PostKind {
  std::string_view type;
  std::string_view one;
  std::string_view many;
  size_t bytes_max = SIZE_MAX;
};

// Counts a post of the client, or returns the answer to a post that is not accepted.
std::optional<Response> check_post(const Service& service, const Request& request,
                                   const PostKind& kind) {
  if (auto none = no_parameters(request); !none) return problem(none.error());
  if (request.content_type != kind.type) {
    return problem(Error{.code = Code::UNSUPPORTED_TYPE,
                         .message = std::string(kind.one) + " must be posted as " +
                                    std::string(kind.type) + ", found '" + request.content_type +
                                    "'",
                         .field = "Content-Type"});
  }
  if (request.body.size() > kind.bytes_max) {
    return problem(Error{
        .code = Code::TOO_LARGE,
        .message = "a note has at most " + std::to_string(kind.bytes_max >> 10) + " KiB",
        .field = "body"});
  }
  const auto& parts = service.parts();
  const uint32_t wait_ms =
      parts.quotas.post_of_client(request.client, request.body.size(), parts.clock());
  if (wait_ms == 0) return std::nullopt;
  return problem({rate_limited("too many " + std::string(kind.many) + " from this address",
                               wait_ms)},
                 wait_ms);
}

void post_batch(Service& service, Request request, const Reply& reply) {
  constexpr PostKind kBatch{.type = "application/json", .one = "a batch", .many = "batches"};
  if (auto refused = check_post(service, request, kBatch)) return reply(*std::move(refused));
  const auto& parts = service.parts();
  const Uncount uncount =
      parts.quotas.uncount_post_of_client(request.client, request.body.size());
  const bool taken = parts.workers.post([&service, body = std::move(request.body), uncount, reply] {
    parse_and_submit(service, body, uncount, reply);
  });
  if (taken) return;
  if (uncount) uncount();
  reply(problem({{.code = Code::BUSY, .message = "too many batches are waiting to be read"}},
                kRetryAfterMs));
}

// The body is the note, as for a signed challenge.
void post_notice(Service& service, Request request, const Reply& reply) {
  constexpr PostKind kNotice{.type = "text/plain",
                             .one = "a signed notice",
                             .many = "notices",
                             .bytes_max = limits::kNoteBytesMax};
  if (auto refused = check_post(service, request, kNotice)) return reply(*std::move(refused));
  Uncount uncount =
      service.parts().quotas.uncount_post_of_client(request.client, request.body.size());
  service.submit_notice(
      std::move(request.body),
      [reply, &service](Results<BatchReceipt> outcome) {
        answer_submission(service, std::move(outcome), reply);
      },
      std::move(uncount));
}

void add_questions(Router& router, Service& service) {
  const auto get = [&](std::string_view path, RouteHandler handler) {
    router.add(Method::get, path, std::move(handler));
  };
  get("/v1/codes/{code}/trace", about_code_with_events<TracePage>(service, "trace", answer_trace));
  get("/v1/codes/{code}/events",
      about_code_with_events<ChainPage>(service, "events", answer_chain));
  get("/v1/codes/{code}/state", about_code<ThingState>(service, "state", answer_state));
  get("/v1/codes/{code}/contents", about_code<Contents>(service, "contents", answer_contents));
  get("/v1/codes/{code}/custody",
      about_code<std::vector<Holding>>(service, "custody", answer_custody));
  get("/v1/codes/{code}/forward", about_uses<Forward>(service, "forward", answer_forward));
  get("/v1/codes/{code}/recall", about_uses<Recall>(service, "recall", answer_recall));
  get("/v1/codes/{code}/balance",
      about_code<std::vector<BalanceLine>>(service, "balance", answer_balance));
  get("/v1/registry/parties", about_registry<PartyState>(service, answer_parties));
  get("/v1/registry/parties/{id}", about_registry<PartyState>(service, answer_parties));
  get("/v1/registry/products", about_registry<ProductData>(service, answer_products));
  get("/v1/registry/products/{gtin}", about_registry<ProductData>(service, answer_products));
  get("/v1/registry/sites", about_registry<SiteData>(service, answer_sites));
  get("/v1/registry/sites/{gln}", about_registry<SiteData>(service, answer_sites));
}

void add_log(Router& router, Service& service) {
  router.add(Method::post, "/v1/batches", [&service](Request request, Captures, Reply reply) {
    post_batch(service, std::move(request), reply);
  });
  router.add(Method::post, "/v1/notices", [&service](Request request, Captures, Reply reply) {
    post_notice(service, std::move(request), reply);
  });
  router.add(Method::get, "/v1/batches/{id}/receipt",
             [&service](Request request, Captures path, Reply reply) {
               auto id = hash_in_path(path[0], "id");
               auto least = at_least(request);
               if (!id) return reply(problem(id.error()));
               if (!least) return reply(problem(least.error()));
               ask<BatchReceipt>(
                   service, asker_of(request, "receipt"), *least,
                   [id = *id, &service](const Reader& reader, const Viewer& viewer) {
                     return service.receipt(reader, id, viewer);
                   },
                   reply);
             });
  router.add(Method::get, "/v1/events/{leaf}/{event}",
             [&service](Request request, Captures path, Reply reply) {
               auto place = place_in_path(path[0], path[1]);
               auto least = at_least(request, {"path"});
               auto with_path = flag(request, "path");
               if (!place) return reply(problem(place.error()));
               if (!least) return reply(problem(least.error()));
               if (!with_path) return reply(problem(with_path.error()));
               ask<EventView>(
                   service, asker_of(request, "event"), *least,
                   [place = *place, with = *with_path](const Reader& reader, const Viewer& viewer) {
                     return answer_event(reader, place, with, viewer);
                   },
                   reply);
             });
}

void add_operations(Router& router, Service& service) {
  router.add(Method::get, "/v1/status", [&service](Request request, Captures, Reply reply) {
    auto least = at_least(request);
    if (!least) return reply(problem(least.error()));
    ask<Status>(
        service, Asker{.client = request.client}, *least,
        [&service](const Reader& reader, const Viewer&) -> Result<Status> {
          SUYUAN_TRY(head, read_head(reader));
          return answer_status(service, reader, head);
        },
        reply);
  });
  router.add(Method::get, "/v1/genesis", [&service](Request request, Captures, Reply reply) {
    if (auto none = no_parameters(request); !none) return reply(problem(none.error()));
    service.ask<Bytes>(
        request.client, {},
        [](const Reader& reader, const LedgerHead&) -> Result<Bytes> {
          SUYUAN_TRY(leaf, reader.get(Table::leaf, u64_key(0)));
          if (!leaf) return fail(Code::CORRUPT, "leaf 0 is missing");
          return *std::move(leaf);
        },
        [reply](Answer<Bytes> answer) {
          if (!answer.value)
            return reply(problem({answer.value.error()}, answer.head.retry_after_ms));
          reply({.content_type = "text/plain; charset=us-ascii", .body = *std::move(answer.value)});
        });
  });
  router.add(Method::get, "/v1/policy", [&service](Request request, Captures, Reply reply) {
    if (auto none = no_parameters(request); !none) return reply(problem(none.error()));
    reply({.content_type = "text/plain; charset=utf-8",
           .body = service.parts().policy,
           .headers = {{"Cache-Control", "no-cache"}}});
  });
  router.add(Method::get, "/v1/openapi.json", [](Request request, Captures, Reply reply) {
    if (auto none = no_parameters(request); !none) return reply(problem(none.error()));
    reply(json(std::string(kOpenApi)));
  });
  router.add(Method::get, "/healthz", [](Request, Captures, Reply reply) {
    reply({.content_type = "text/plain", .body = "ok\n"});
  });
  router.add(Method::get, "/readyz", [&service](Request, Captures, Reply reply) {
    const std::string why = service.not_ready_reason();
    if (why.empty()) return reply({.content_type = "text/plain", .body = "ready\n"});
    reply({.status = 503, .content_type = "text/plain", .body = "not ready: " + why + "\n"});
  });
  router.add(Method::get, "/metrics", [&service](Request, Captures, Reply reply) {
    auto& metrics = service.parts().metrics;
    service.update_gauges();
    reply({.content_type = "text/plain; version=0.0.4", .body = metrics.text()});
  });
}

}  // namespace

Router make_api(Service& service, const ResolverOptions& resolver) {
  Router router;
  add_log(router, service);
  add_consistency(router, service);
  add_bundle(router, service);
  add_below(router, service);
  add_log_files(router, service);
  add_questions(router, service);
  add_attachments(router, service);
  add_documents(router, service);
  add_scans(router, service);
  add_sessions(router, service);
  add_operations(router, service);
  add_pages(router);
  add_resolver(router, service, resolver);
  return router;
}

}  // namespace suyuan::http
