#include "node/http/router.h"

#include <optional>
#include <set>

#include "ledger/base/text.h"

namespace suyuan::http {
namespace {

constexpr std::string_view kRest = "...}";
constexpr std::string_view kRestAndSlash = ".../}";

std::optional<Captures> match(const std::vector<std::string>& pattern,
                              const std::vector<std::string>& path) {
  const bool slash = !pattern.empty() && pattern.back().ends_with(kRestAndSlash);
  const bool rest = slash || (!pattern.empty() && pattern.back().ends_with(kRest));
  if (rest ? pattern.size() > path.size() : pattern.size() != path.size()) return std::nullopt;
  Captures captures;
  for (size_t i = 0; i < path.size(); ++i) {
    if (i >= pattern.size() || pattern[i].starts_with('{')) {
      if (path[i].empty() && slash && i + 1 == path.size() && !captures.empty()) break;
      if (path[i].empty()) return std::nullopt;
      captures.push_back(path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return captures;
}

}  // namespace

std::string_view word(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::put:
      return "PUT";
    case Method::post:
      return "POST";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  return "other";
}

void Router::add(Method method, std::string_view pattern, RouteHandler handler) {
  Route route{.method = method,
              .pattern = std::string(pattern),
              .segments = {},
              .handler = std::move(handler)};
  const bool slash = pattern.ends_with(kRestAndSlash);  // its slash separates no segments
  const auto parted = slash ? pattern.substr(0, pattern.size() - 2) : pattern;
  for (const auto segment : split(parted.substr(1), '/')) route.segments.emplace_back(segment);
  if (slash) route.segments.back() += "/}";
  routes_.push_back(std::move(route));
}

void Router::handle(Request request, Reply reply) const {
  const Method asked = request.method == Method::head ? Method::get : request.method;
  std::set<std::string> allowed;
  for (const auto& route : routes_) {
    auto captures = match(route.segments, request.segments);
    if (!captures) continue;
    if (route.method == asked && is_encoded(request)) {
      Response response = problem(Error{.code = Code::UNSUPPORTED_TYPE,
                                        .message = std::string(kNotEncoded),
                                        .field = "Content-Encoding"});
      response.headers["Accept-Encoding"] = "identity";
      return reply(std::move(response));
    }
    if (route.method == asked)
      return route.handler(std::move(request), *std::move(captures), std::move(reply));
    allowed.emplace(word(route.method));
  }
  if (allowed.empty()) {
    return reply(problem(
        Error{.code = Code::NOT_FOUND,
              .message = "there is nothing at this path; /v1/openapi.json lists what there is",
              .field = "path"}));
  }
  std::string list;
  for (const auto& one : allowed) list += (list.empty() ? "" : ", ") + one;
  Response response = problem(
      Error{.code = Code::BAD_REQUEST, .message = "this path takes " + list, .field = "method"});
  response.status = 405;
  response.headers["Allow"] = list;
  reply(std::move(response));
}

std::vector<std::string> Router::routes() const {
  std::vector<std::string> all;
  for (const auto& route : routes_) {
    all.push_back(std::string(word(route.method)) + " " + route.pattern);
    for (const auto rest : {kRest, kRestAndSlash}) {
      if (!all.back().ends_with(rest)) continue;
      all.back().resize(all.back().size() - rest.size());
      all.back() += "}";
    }
  }
  return all;
}

}  // namespace suyuan::http
