// GET /v1/codes/{code}/below: the lots, variants and units listed below a class or lot.
#pragma once

#include <optional>
#include <string_view>

#include "node/answer/below.h"
#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// {"head": {...}, "below": {"items": [{"code", "type"}], "next"}}
std::string to_json(const AnswerHead& head, const Below& below);

// A lot at its own address: its trace, if an event names it, and the first page of its units. More
// of them are at /v1/codes/{code}/below.
struct LotPage {
  std::optional<TracePage> trace;
  std::optional<Below> units;  // nullopt: the question is for a further page of the trace
};
// Errors: those of answer_trace and answer_below.
Result<LotPage> answer_lot(const Reader& reader, const CodeQuestion& question,
                           std::string_view kind, bool with_events);
// answer_below for an address that takes `at` too: what is listed has no event time, so that `next`
// can be followed where none is taken.
Result<Below> answer_list(const Reader& reader, CodeQuestion question, std::string_view kind);
// As that of the trace, with the member "below" of the units.
std::string to_json(const AnswerHead& head, const LotPage& lot);

void add_below(Router& router, Service& service);

}  // namespace suyuan::http
