#include "client/http_log.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <chrono>
#include <optional>
#include <thread>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using HttpResponse = beast::http::response<beast::http::string_body>;

constexpr std::chrono::seconds kAnswerMax{30};
constexpr std::chrono::milliseconds kBusyPause{250};
constexpr int kBusyTimesMax = 120;
constexpr int kHttpVersion = 11;

}  // namespace

struct HttpLog::Impl {
  std::string host;
  std::string port;
  std::string prefix;  // without a slash at the end
  asio::io_context io;
  std::optional<beast::tcp_stream> stream;  // kept between requests
  beast::flat_buffer buffer;

  error_code connect();
  error_code exchange(const std::string& target, HttpResponse& response);
  error_code ask(const std::string& target, HttpResponse& response);

  // Runs what was started to its end; its time is bounded by the stream's own.
  void finish() {
    io.restart();
    io.run();
  }
};

error_code HttpLog::Impl::connect() {
  error_code error;
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, port, error);
  if (error) return error;
  buffer.clear();
  stream.emplace(io);
  stream->expires_after(kAnswerMax);
  stream->async_connect(found, [&](error_code result, const auto&) { error = result; });
  finish();
  return error;
}

error_code HttpLog::Impl::exchange(const std::string& target, HttpResponse& response) {
  beast::http::request<beast::http::empty_body> request{beast::http::verb::get, target,
                                                        kHttpVersion};
  request.set(beast::http::field::host, host + ":" + port);
  request.set(beast::http::field::user_agent, "suyuan");
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(kLogFileBytesMax);
  error_code error;
  stream->expires_after(kAnswerMax);
  beast::http::async_write(*stream, request, [&](error_code result, size_t) { error = result; });
  finish();
  if (error) return error;
  beast::http::async_read(*stream, buffer, parser,
                          [&](error_code result, size_t) { error = result; });
  finish();
  if (error) return error;
  response = parser.release();
  if (!response.keep_alive()) stream.reset();
  return error;
}

// A server may have closed a kept connection meanwhile: then once more on a new one.
error_code HttpLog::Impl::ask(const std::string& target, HttpResponse& response) {
  if (stream) {
    const error_code error = exchange(target, response);
    if (!error || error == beast::http::error::body_limit || error == beast::error::timeout)
      return error;
    stream.reset();
  }
  error_code error = connect();
  if (!error) error = exchange(target, response);
  if (error) stream.reset();
  return error;
}

Result<std::unique_ptr<HttpLog>> HttpLog::open(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty() || parsed->has_userinfo() ||
      parsed->has_query() || parsed->has_fragment()) {
    return fail(Code::INVALID_FIELD,
                quote(url) + " is not an address such as http://127.0.0.1:7480/log", "log");
  }
  auto impl = std::make_unique<Impl>();
  impl->host = parsed->host_address();
  impl->port = parsed->has_port() && !parsed->port().empty() ? std::string(parsed->port()) : "80";
  impl->prefix = std::string(parsed->encoded_path());
  while (impl->prefix.ends_with('/')) impl->prefix.pop_back();
  return std::unique_ptr<HttpLog>(new HttpLog(std::move(impl)));
}

HttpLog::HttpLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpLog::~HttpLog() = default;

Result<Bytes> HttpLog::read(const std::string& path) {
  const std::string target = impl_->prefix + "/" + path;
  const std::string shown_url = "http://" + impl_->host + ":" + impl_->port + target;
  for (int times = 0;; ++times) {
    HttpResponse response;
    const error_code error = impl_->ask(target, response);
    if (error == beast::http::error::body_limit)
      return fail(Code::TOO_LARGE, shown_url + " is larger than a file of a log may be");
    if (error) return fail(Code::UNAVAILABLE, shown_url + ": " + error.message());
    switch (response.result()) {
      case beast::http::status::ok:
        return std::move(response.body());
      case beast::http::status::not_found:
        return fail(Code::NOT_FOUND, shown_url + " is not there", "path");
      case beast::http::status::service_unavailable:
        if (times < kBusyTimesMax) {
          std::this_thread::sleep_for(kBusyPause);
          continue;
        }
        break;
      default:
        break;
    }
    return fail(Code::UNAVAILABLE,
                shown_url + " answered " + std::to_string(response.result_int()));
  }
}

}  // namespace suyuan
