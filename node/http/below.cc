#include "node/http/below.h"

#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "node/http/question.h"
#include "proto/jsontext/writer.h"

namespace suyuan::http {

std::string to_json(const AnswerHead& head, const Below& below) {
  JsonWriter out;
  out.begin_object();
  out.key("head");
  out.begin_object();
  out.key("size");
  out.number(head.size);
  out.field("logTime", to_rfc3339({.ms = head.time_ms, .offset_minutes = 0}));
  out.field("code", head.code);
  out.end_object();
  out.key("below");
  out.begin_object();
  out.key("items");
  out.begin_array();
  for (const std::string& code : below.codes) {
    out.begin_object();
    out.field("code", code);
    const auto parsed = parse_code(code);
    out.field("type", parsed ? word(parsed->type()) : std::string_view());
    out.end_object();
  }
  out.end_array();
  out.field("next", below.next);
  out.end_object();
  out.end_object();
  return std::move(out).str();
}

void add_below(Router& router, Service& service) {
  router.add(Method::get, "/v1/codes/{code}/below",
             [&service](Request request, Captures path, Reply reply) {
               const auto asked = code_question(request, path[0], {"kind"});
               if (!asked) return reply(problem(asked.error()));
               if (asked->as_of.at_ms) {
                 return reply(problem(Error{.code = Code::BAD_REQUEST,
                                            .message = "what is listed has no event time",
                                            .field = "query.at"}));
               }
               const auto kind = request.query.find("kind");
               const auto asker = asker_of(request, "below", asked->code);
               if (!asker) return reply(problem(asker.error()));
               service.ask_as<Below>(
                   *asker, asked->at_least,
                   [asked = *asked, kind = kind == request.query.end() ? "" : kind->second](
                       const Reader& reader, const Viewer& viewer) {
                     CodeQuestion seen = asked;
                     seen.viewer = viewer;
                     return answer_below(reader, seen, kind);
                   },
                   [reply, asker = *asker](Answer<Below> answer) {
                     if (!answer.value) {
                       return reply(problem({answer.value.error()}, answer.head.retry_after_ms));
                     }
                     answer.head.code = asker.code;
                     reply(as_answered(asker, {.body = to_json(answer.head, *answer.value)}));
                   });
             });
}

}  // namespace suyuan::http
