#include "node/http/http.h"

#include "ledger/base/text.h"

namespace suyuan::http {

bool same_in_any_case(std::string_view text, std::string_view lower_case) {
  if (text.size() != lower_case.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a')
                                                    : text[i];
    if (c != lower_case[i]) return false;
  }
  return true;
}

std::string_view Request::forwarded_for() const {
  const auto found = headers.find("x-forwarded-for");
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::string_view> credentials_of(std::string_view authorization,
                                               std::string_view scheme_in_lower_case) {
  const size_t space = authorization.find(' ');
  const size_t begin = authorization.find_first_not_of(' ', space);
  if (begin == std::string_view::npos) return std::nullopt;
  if (!same_in_any_case(authorization.substr(0, space), scheme_in_lower_case)) return std::nullopt;
  return authorization.substr(begin);
}

bool is_encoded(const Request& request) {
  const auto found = request.headers.find("content-encoding");
  return !request.body.empty() && found != request.headers.end() && !found->second.empty() &&
         !same_in_any_case(found->second, "identity");
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = digit(text[i + 1]);
    const int low = digit(text[i + 2]);
    if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

Result<Request> parse_target(std::string_view target) {
  Request request;
  const size_t mark = target.find('?');
  request.path = std::string(target.substr(0, mark));
  if (request.path.empty() || request.path.front() != '/') {
    return fail(Code::BAD_REQUEST, "the request target must begin with '/'", "target");
  }
  for (const auto segment : split(std::string_view(request.path).substr(1), '/')) {
    auto decoded = percent_decode(segment);
    if (!decoded)
      return fail(Code::BAD_REQUEST, "a '%' is followed by two hex digits, not 00", "path");
    request.segments.push_back(*std::move(decoded));
  }
  if (mark == std::string_view::npos || mark + 1 == target.size()) return request;
  for (const auto pair : split(target.substr(mark + 1), '&')) {
    const size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals));
    auto value = percent_decode(equals == std::string_view::npos ? std::string_view{}
                                                                 : pair.substr(equals + 1));
    if (!name || !value)
      return fail(Code::BAD_REQUEST, "a '%' is followed by two hex digits, not 00", "query");
    if (!request.query.emplace(*name, *std::move(value)).second) {
      return fail(Code::BAD_REQUEST, "the parameter is given twice", "query." + *name);
    }
  }
  return request;
}

}  // namespace suyuan::http
