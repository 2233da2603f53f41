// HTTP as values: what a handler takes and returns. Only server.cc knows Beast and sockets.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"

namespace suyuan::http {

enum class Method : uint8_t { get, head, put, post, del, options, other };

struct Request {
  Method method = Method::get;
  std::string path;  // as sent, without the query: "/v1/codes/https%3A%2F%2F.../trace"
  std::vector<std::string> segments;  // decoded once; split at the slashes
  std::map<std::string, std::string> query;  // decoded; a repeated name is refused earlier
  std::string host;  // the Host header, as sent
  bool over_tls = false;
  std::string peer;          // numeric address of the connection's other end; empty: it is gone
  std::string client;        // as node/access/clients.h names it
  std::string content_type;  // lower case, without parameters
  std::string accept;
  std::string accept_language;
  std::string accept_encoding;
  std::string if_none_match;
  std::string authorization;
  std::map<std::string, std::string> headers;  // all of them; names in lower case
  std::string body;

  // X-Forwarded-For, as sent; of several such headers the last. Empty: there is none.
  std::string_view forwarded_for() const;
};

// Returns whether they are the same but for the case of ASCII letters.
bool same_in_any_case(std::string_view text, std::string_view lower_case);
// Returns what an Authorization header has after its scheme, if that is the given one, in any case
// of letters (RFC 9110 11.1); spaces separate them (11.4). nullopt: another scheme, or nothing
// after it.
std::optional<std::string_view> credentials_of(std::string_view authorization,
                                               std::string_view scheme_in_lower_case);
// Returns whether the body is sent in another form than its own, such as gzip. None is decoded: a
// small body could become a large one.
bool is_encoded(const Request& request);
inline constexpr std::string_view kNotEncoded =
    "a body is taken as it is: send it without Content-Encoding, uncompressed";

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::map<std::string, std::string> headers = {};
};

// Called once, on any thread.
using Reply = std::function<void(Response)>;
// Starts the work and returns. `reply` may be called later.
using Handler = std::function<void(Request, Reply)>;

// Returns an error as RFC 9457 problem+json, with the code's own status.
Response problem(const Errors& errors);
Response problem(const Error& error);
// The value of Retry-After: whole seconds, not less than this.
std::string retry_after(uint32_t wait_ms);
// As problem(), with Retry-After if `retry_after_ms` is more than 0.
Response problem(const Errors& errors, uint32_t retry_after_ms);

// Splits a request target into path, decoded segments and decoded query.
// Errors: BAD_REQUEST (an invalid escape, or a repeated name).
Result<Request> parse_target(std::string_view target);
// Percent-decodes once; '+' stays. Returns nullopt for an invalid escape or a NUL.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace suyuan::http
