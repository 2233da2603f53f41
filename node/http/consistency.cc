#include "node/http/consistency.h"

#include <algorithm>

#include "ledger/base/text.h"
#include "node/answer/consistency.h"
#include "node/http/question.h"
#include "proto/jsontext/writer.h"

namespace suyuan::http {
namespace {

// nullopt: not given.
Result<std::optional<uint64_t>> size_of(const Request& request, const std::string& name) {
  const auto given = request.query.find(name);
  if (given == request.query.end()) return std::optional<uint64_t>{};
  const auto size = from_decimal(given->second);
  if (!size) return fail(Code::BAD_REQUEST, "expected a number of leaves", "query." + name);
  return size;
}

struct Consistency {
  uint64_t from = 0;
  uint64_t to = 0;
  std::vector<Hash> path;
};

Response to_response(const Answer<Consistency>& answer) {
  if (!answer.value) return problem({answer.value.error()}, answer.head.retry_after_ms);
  JsonWriter out;
  out.begin_object();
  out.key("from");
  out.number(answer.value->from);
  out.key("to");
  out.number(answer.value->to);
  out.key("path");
  out.begin_array();
  for (const auto& hash : answer.value->path) out.text(to_base64(hash.view()));
  out.end_array();
  out.end_object();
  return {.body = out.str()};
}

}  // namespace

void add_consistency(Router& router, Service& service) {
  router.add(Method::get, "/v1/consistency", [&service](Request request, Captures, Reply reply) {
    auto least = at_least(request, {"from", "to"});
    if (!least) return reply(problem(least.error()));
    const auto from = size_of(request, "from");
    if (!from) return reply(problem(from.error()));
    const auto to = size_of(request, "to");
    if (!to) return reply(problem(to.error()));
    if (!*from) {
      return reply(problem(fail(Code::BAD_REQUEST, "from is missing", "query.from").error()));
    }
    least->size = std::max(least->size, to->value_or(0));
    service.ask_published<Consistency>(
        request.client, *least,
        [from = **from, to = *to](const Published& published) -> Result<Consistency> {
          Consistency found{.from = from, .to = to.value_or(published.size()), .path = {}};
          SUYUAN_TRY(path, answer_consistency(published, found.from, found.to));
          found.path = std::move(path);
          return found;
        },
        [reply](const Answer<Consistency>& answer) { reply(to_response(answer)); });
  });
}

}  // namespace suyuan::http
