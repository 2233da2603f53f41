#include "node/http/below.h"

#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "node/answer/answers.h"
#include "node/http/question.h"
#include "proto/json/answers_json.h"
#include "proto/jsontext/writer.h"

namespace suyuan::http {

namespace {

void write_below(JsonWriter& out, const Below& below) {
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
}

}  // namespace

Result<Below> answer_list(const Reader& reader, CodeQuestion question, std::string_view kind) {
  question.as_of.at_ms.reset();
  return answer_below(reader, question, kind);
}

// Units may be listed under a lot that no event names itself.
Result<LotPage> answer_lot(const Reader& reader, const CodeQuestion& question,
                           std::string_view kind, bool with_events) {
  LotPage lot;
  auto trace = answer_trace(reader, question, with_events);
  if (!trace && trace.error().code != Code::NOT_FOUND) return Unexpected(std::move(trace).error());
  if (trace) lot.trace = *std::move(trace);
  if (lot.trace && !question.page.empty()) return lot;
  auto units = answer_list(reader, question, kind);
  if (!units && units.error().code != Code::NOT_FOUND) return Unexpected(std::move(units).error());
  if (!units) units = Below{};
  if (!lot.trace && !units->any) return Unexpected(std::move(trace).error());
  lot.units = *std::move(units);
  return lot;
}

std::string to_json(const AnswerHead& head, const LotPage& lot) {
  if (!lot.trace) return to_json(head, *lot.units);
  std::string text = to_json(head, *lot.trace);
  if (!lot.units) return text;
  JsonWriter units;
  write_below(units, *lot.units);
  text.pop_back();  // the end of the object
  return text + ",\"below\":" + std::move(units).str() + "}";
}

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
  write_below(out, below);
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
