// Maps method and path to a handler. Patterns: "/v1/codes/{code}/trace"; {x} takes exactly one
// segment; {x...} at a pattern's end takes all the rest, one or more; {x.../} also allows a
// trailing slash.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/http/http.h"

namespace suyuan::http {

// The segments that the pattern's braces took, in order; {x...} adds each of its segments.
using Captures = std::vector<std::string>;
using RouteHandler = std::function<void(Request, Captures, Reply)>;

class Router {
 public:
  // HEAD is answered by the GET handler.
  // Requires: called before the first request.
  void add(Method method, std::string_view pattern, RouteHandler handler);
  // Answers 404 with NOT_FOUND for an unknown path, and 405 with Allow for a known path and another
  // method.
  void handle(Request request, Reply reply) const;
  // Returns "GET /v1/status", ..., for the test that compares them with the OpenAPI file. {x...} is
  // written as {x}.
  std::vector<std::string> routes() const;

 private:
  struct Route {
    Method method;
    std::string pattern;
    std::vector<std::string> segments;
    RouteHandler handler;
  };
  std::vector<Route> routes_;
};

std::string_view word(Method method);

}  // namespace suyuan::http
