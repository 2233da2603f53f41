#include "node/http/question.h"

#include <algorithm>

#include "ledger/base/text.h"
#include "node/answer/answers.h"

namespace suyuan::http {
namespace {

using Names = std::initializer_list<std::string_view>;

Result<Done> refuse_unknown(const Request& request, Names known, Names more) {
  for (const auto& [name, value] : request.query) {
    const auto is = [&](std::string_view one) { return one == name; };
    if (std::none_of(known.begin(), known.end(), is) &&
        std::none_of(more.begin(), more.end(), is)) {
      return fail(Code::BAD_REQUEST, "this path has no such parameter; /v1/openapi.json lists them",
                  "query." + name);
    }
  }
  return Done{};
}

Result<std::optional<uint64_t>> number(const Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return std::optional<uint64_t>{};
  const auto value = from_decimal(found->second);
  if (!value)
    return fail(Code::BAD_REQUEST, "'" + found->second + "' is not a decimal number",
                "query." + name);
  return std::optional<uint64_t>(*value);
}

Result<uint32_t> small_number(const Request& request, const std::string& name) {
  SUYUAN_TRY(value, number(request, name));
  if (value.value_or(0) > UINT32_MAX)
    return fail(Code::BAD_REQUEST, "the number is too large", "query." + name);
  return static_cast<uint32_t>(value.value_or(0));
}

std::string text(const Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

Result<AtLeast> read_at_least(const Request& request) {
  SUYUAN_TRY(size, number(request, "size"));
  SUYUAN_TRY(wait, small_number(request, "wait"));
  return AtLeast{.size = size.value_or(0), .wait_ms = wait};
}

Result<std::optional<int64_t>> event_time(const Request& request) {
  // An empty value is refused too: it is a program's mistake, and the answer would be for another
  // time.
  if (!request.query.contains("at")) return std::optional<int64_t>{};
  const std::string at = text(request, "at");
  const auto moment = from_rfc3339(at);
  if (!moment) {
    return fail(Code::BAD_REQUEST,
                "'" + at + "' is not a time like 2026-07-01T00:00:00+08:00 (write + as %2B)",
                "query.at");
  }
  return std::optional<int64_t>(moment->ms);
}

}  // namespace

Result<CodeQuestion> code_question(const Request& request, const std::string& code, Names more) {
  SUYUAN_TRY_DONE(
      refuse_unknown(request, {"at", "knownAt", "size", "wait", "limit", "page"}, more));
  CodeQuestion question{.code = code};
  SUYUAN_TRY(at, event_time(request));
  SUYUAN_TRY(known_at, number(request, "knownAt"));
  question.as_of = {.at_ms = at, .known_at = known_at};
  SUYUAN_TRY(least, read_at_least(request));
  question.at_least = least;
  SUYUAN_TRY(limit, small_number(request, "limit"));
  question.limit = limit;
  question.page = text(request, "page");
  return canonical_question(std::move(question));
}

Result<RegistryQuestion> registry_question(const Request& request, const std::string& id) {
  SUYUAN_TRY_DONE(refuse_unknown(request, {"size", "wait", "limit", "page"}, {}));
  RegistryQuestion question{.id = id};
  SUYUAN_TRY(least, read_at_least(request));
  question.at_least = least;
  SUYUAN_TRY(limit, small_number(request, "limit"));
  question.limit = limit;
  question.page = text(request, "page");
  return question;
}

Result<AtLeast> at_least(const Request& request, Names more) {
  SUYUAN_TRY_DONE(refuse_unknown(request, {"size", "wait"}, more));
  return read_at_least(request);
}

Result<AccessQuestion> access_question(const Request& request) {
  SUYUAN_TRY_DONE(refuse_unknown(request, {"after", "limit"}, {}));
  SUYUAN_TRY(after, number(request, "after"));
  SUYUAN_TRY(limit, small_number(request, "limit"));
  return AccessQuestion{.after = after.value_or(0), .limit = limit};
}

Result<Asker> asker_of(const Request& request, std::string question, std::string code) {
  Asker asker{.client = request.client, .question = std::move(question), .code = std::move(code)};
  if (request.authorization.empty()) return asker;
  const auto token = credentials_of(request.authorization, "bearer");
  if (!token) {
    return fail(Code::SESSION_INVALID,
                "send Authorization: Bearer <token of a session>, or nothing", "Authorization");
  }
  asker.token = *token;
  return asker;
}

Result<Asker> public_asker_of(const Request& request, std::string question, std::string code) {
  const std::string& given = request.authorization;
  const auto scheme = std::string_view(given).substr(0, given.find(' '));
  if (same_in_any_case(scheme, "bearer"))
    return asker_of(request, std::move(question), std::move(code));
  return Asker{
      .client = request.client, .question = std::move(question), .code = std::move(code)};
}

Response as_answered(const Asker& asker, Response response) {
  if (!asker.token.empty()) response.headers["Cache-Control"] = "private, no-store";
  return response;
}

Result<Done> no_parameters(const Request& request) { return refuse_unknown(request, {}, {}); }

Result<bool> flag(const Request& request, const std::string& name) {
  if (!request.query.contains(name)) return false;
  const std::string value = text(request, name);
  if (value != "true" && value != "false") {
    return fail(Code::BAD_REQUEST, "'" + value + "' is neither true nor false", "query." + name);
  }
  return value == "true";
}

Result<Hash> hash_in_path(const std::string& text, const std::string& name) {
  const auto hash = fixed_from_hex<Hash>(text);
  if (!hash) return fail(Code::BAD_REQUEST, "expected 64 lower-case hex digits", name);
  return *hash;
}

Result<Place> place_in_path(const std::string& leaf, const std::string& event) {
  const auto leaf_number = from_decimal(leaf);
  const auto event_number = from_decimal(event);
  if (!leaf_number || !event_number || *event_number > UINT32_MAX) {
    return fail(Code::BAD_REQUEST, "expected /v1/events/<leaf>/<event>, two decimal numbers",
                "path");
  }
  return Place{.leaf = *leaf_number, .event = static_cast<uint32_t>(*event_number)};
}

}  // namespace suyuan::http
