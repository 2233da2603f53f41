#include "node/http/pages.h"

#include <algorithm>

#include "ledger/base/text.h"
#include "node/http/accept.h"
#include "node/http/page_files.h"

namespace suyuan::http {
namespace {

constexpr std::string_view kIndexFile = "index.html";

// Only this node's own files run, and nothing is fetched from elsewhere. Pictures may also come
// from bytes that the page has verified itself (blob:) and from its own style (data:).
constexpr const char* kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

const PageFile* find_page_file(std::string_view name) {
  const auto files = page_files();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.name == name; });
  return found == files.end() ? nullptr : &*found;
}

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

Response serve_page_file(const PageFile& file, const Request& request) {
  std::string_view encoding = best_encoding(request.accept_encoding);
  std::string_view bytes = encoding == "br" ? file.brotli : file.gzip;
  if (encoding.empty() || bytes.empty()) {
    encoding = {};
    bytes = file.plain;
  }
  std::string etag = "\"" + std::string(file.hash);
  if (!encoding.empty()) etag += "-" + std::string(encoding);
  etag += "\"";
  Response response{.content_type = std::string(file.type), .body = {}, .headers = {}};
  auto& headers = response.headers;
  headers = {{"ETag", etag},
             {"Vary", "Accept, Accept-Encoding"},
             {"Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
             {"Content-Security-Policy", kPagePolicy},
             {"Permissions-Policy", "camera=(self), microphone=(), geolocation=(self), payment=()"},
             {"Referrer-Policy", "no-referrer"},
             {"Cross-Origin-Opener-Policy", "same-origin"},
             {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (names_etag(request.if_none_match, etag)) {
    response.status = 304;
    return response;
  }
  if (!encoding.empty()) headers["Content-Encoding"] = std::string(encoding);
  response.body = std::string(bytes);
  return response;
}

Response no_page_file() {
  return problem(Error{.code = Code::NOT_FOUND,
                       .message = "the page has no file of this name",
                       .field = "path"});
}

}  // namespace

std::string_view best_encoding(std::string_view accept_encoding) {
  for (const std::string_view encoding : {"br", "gzip"}) {
    if (accepts_encoding(accept_encoding, encoding)) return encoding;
  }
  return "";
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
  for (const auto element : split(if_none_match, ',')) {
    auto text = trim_blanks(element);
    if (text == "*") return true;
    if (text.starts_with("W/")) text.remove_prefix(2);
    if (text == etag) return true;
  }
  return false;
}

Response page(const Request& request) {
  return serve_page_file(*find_page_file(kIndexFile), request);
}

void add_pages(Router& router) {
  const auto html = [](const Request& request, const Captures&, const Reply& reply) {
    reply(page(request));
  };
  router.add(Method::get, "/", html);
  // Under this path, the service worker's scope is the whole site.
  router.add(Method::get, "/service-worker.js",
             [](const Request& request, const Captures&, const Reply& reply) {
               const auto* file = find_page_file("service-worker.js");
               reply(file == nullptr ? no_page_file() : serve_page_file(*file, request));
             });
  router.add(Method::get, "/page/{file}",
             [](const Request& request, const Captures& path, const Reply& reply) {
               const auto* file = find_page_file(path[0]);
               reply(file == nullptr ? no_page_file() : serve_page_file(*file, request));
             });
}

}  // namespace suyuan::http
