#include "client/http_log.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/read_size.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "client/patience.h"
#include "client/witness/http_head.h"
#include "ledger/base/text.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using HttpParser = beast::http::response_parser<beast::http::string_body>;
using HttpResponse = beast::http::response<beast::http::string_body>;

constexpr std::chrono::seconds kAnswerMax{30};
constexpr std::chrono::milliseconds kBusyPause{250};
constexpr int kBusyTimesMax = 120;
constexpr int kHttpVersion = 11;
constexpr size_t kUnreadBytesMax = 64 << 10;
constexpr size_t kHeadBytesMax = 8 << 10;

// Returns the trusted authorities: the system's, or those of the file.
Result<ssl::context> trust_of(const std::string& ca_file) {
  ssl::context trust(ssl::context::tls_client);
  error_code error;
  trust.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                        ssl::context::no_tlsv1_1 | ssl::context::no_sslv3,
                    error);
  if (!error) trust.set_verify_mode(ssl::verify_peer, error);
  if (error) return fail(Code::IO, "TLS cannot be set up: " + error.message());
  if (ca_file.empty()) {
    trust.set_default_verify_paths(error);
    if (error) return fail(Code::IO, "the system's certificates: " + error.message());
  } else {
    trust.load_verify_file(ca_file, error);
    if (error) {
      return fail(Code::INVALID_FIELD,
                  ca_file + " holds no certificates in PEM: " + error.message(), "--ca");
    }
  }
  return trust;
}

// What a server that is asked too much says to wait. Not a number of seconds: nothing.
uint32_t said_ms(const HttpResponse& response) {
  constexpr uint64_t kSecondsMax = 3600;
  const auto field = response[beast::http::field::retry_after];
  const auto seconds = from_decimal(std::string_view(field.data(), field.size()));
  return static_cast<uint32_t>(std::min(seconds.value_or(0), kSecondsMax) * 1000);
}

}  // namespace

struct HttpLog::Impl {
  std::string host;
  std::string port;
  std::string prefix;  // without a slash at the end
  asio::io_context io;
  std::optional<ssl::context> trust;  // nullopt: plain HTTP
  // One of the two, kept between requests.
  std::optional<beast::tcp_stream> plain;
  std::optional<TlsStream> secure;
  // Beast does not bound a chunk's first line or trailers: what waits to be understood is bounded.
  beast::flat_buffer buffer{kUnreadBytesMax};

  bool is_connected() const { return plain || secure; }
  void disconnect() {
    plain.reset();
    secure.reset();
  }
  error_code connect();
  error_code shake_hands();
  template <class Stream>
  error_code read_head(Stream& stream, HttpParser& parser);
  template <class Stream>
  error_code exchange_over(Stream& stream, const std::string& target, HttpResponse& response);
  error_code exchange(const std::string& target, HttpResponse& response);
  error_code ask(const std::string& target, HttpResponse& response);

  // Runs the started operation to its end; the stream's own timeout bounds it.
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
  if (trust) {
    secure.emplace(io, *trust);
  } else {
    plain.emplace(io);
  }
  beast::tcp_stream& stream = secure ? secure->next_layer() : *plain;
  stream.expires_after(kAnswerMax);
  stream.async_connect(found, [&](error_code result, const auto&) { error = result; });
  finish();
  if (!error && secure) error = shake_hands();
  return error;
}

error_code HttpLog::Impl::shake_hands() {
  error_code error;
  asio::ip::make_address(host, error);
  const bool is_name = static_cast<bool>(error);
  error.clear();
  if (is_name) {
    // As SSL_set_tlsext_host_name, whose macro uses an old-style cast.
    SSL_ctrl(secure->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             host.data());
  }
  secure->set_verify_callback(ssl::host_name_verification(host), error);
  if (error) return error;
  secure->next_layer().expires_after(kAnswerMax);
  secure->async_handshake(ssl::stream_base::client, [&](error_code result) { error = result; });
  finish();
  return error;
}

error_code HttpLog::Impl::exchange(const std::string& target, HttpResponse& response) {
  if (secure) return exchange_over(*secure, target, response);
  return exchange_over(*plain, target, response);
}

template <class Stream>
error_code HttpLog::Impl::read_head(Stream& stream, HttpParser& parser) {
  HttpHead head(kHeadBytesMax);
  error_code error;
  while (!head.take(buffer, parser, error)) {
    stream.async_read_some(buffer.prepare(beast::read_size(buffer, HttpHead::kReadBytes)),
                           [&](error_code result, size_t bytes) {
                             error = result;
                             buffer.commit(bytes);
                           });
    finish();
    if (error == asio::error::eof) error = HttpHead::ended(parser);
    if (error) break;
  }
  return error;
}

template <class Stream>
error_code HttpLog::Impl::exchange_over(Stream& stream, const std::string& target,
                                        HttpResponse& response) {
  beast::http::request<beast::http::empty_body> request{beast::http::verb::get, target,
                                                        kHttpVersion};
  request.set(beast::http::field::host, host + ":" + port);
  request.set(beast::http::field::user_agent, "suyuan");
  HttpParser parser;
  parser.body_limit(kLogFileBytesMax);
  error_code error;
  beast::get_lowest_layer(stream).expires_after(kAnswerMax);
  beast::http::async_write(stream, request, [&](error_code result, size_t) { error = result; });
  finish();
  if (!error) error = read_head(stream, parser);
  if (error) return error;
  beast::http::async_read(stream, buffer, parser,
                          [&](error_code result, size_t) { error = result; });
  finish();
  if (error) return error;
  response = parser.release();
  if (!response.keep_alive()) disconnect();
  return error;
}

// The server may have closed a kept connection in between: retries once on a new one.
error_code HttpLog::Impl::ask(const std::string& target, HttpResponse& response) {
  if (is_connected()) {
    const error_code error = exchange(target, response);
    if (!error || error == beast::http::error::body_limit || error == beast::error::timeout)
      return error;
    disconnect();
  }
  error_code error = connect();
  if (!error) error = exchange(target, response);
  if (error) disconnect();
  return error;
}

Result<std::unique_ptr<HttpLog>> HttpLog::open(const std::string& url,
                                               const std::string& ca_file) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https") ||
      parsed->host().empty() || parsed->has_userinfo() ||
      parsed->has_query() || parsed->has_fragment()) {
    return fail(Code::INVALID_FIELD,
                quote(url) +
                    " is not an address such as http://127.0.0.1:7480/log or "
                    "https://example.org/log",
                "log");
  }
  auto impl = std::make_unique<Impl>();
  impl->host = parsed->host_address();
  const bool is_https = parsed->scheme() == "https";
  if (is_https) {
    SUYUAN_TRY(trust, trust_of(ca_file));
    impl->trust = std::move(trust);
  }
  impl->port = parsed->has_port() && !parsed->port().empty() ? std::string(parsed->port())
               : is_https                                    ? "443"
                                                             : "80";
  impl->prefix = std::string(parsed->encoded_path());
  while (impl->prefix.ends_with('/')) impl->prefix.pop_back();
  return std::unique_ptr<HttpLog>(new HttpLog(std::move(impl)));
}

Result<OpenLog> open_http_log(const std::string& url, const std::string& ca_file) {
  SUYUAN_TRY(tried, HttpLog::open(url, ca_file));
  return OpenLog([url, ca_file]() -> Result<std::unique_ptr<LogSource>> {
    SUYUAN_TRY(log, HttpLog::open(url, ca_file));
    return std::unique_ptr<LogSource>(std::move(log));
  });
}

HttpLog::HttpLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpLog::~HttpLog() = default;

Result<Bytes> HttpLog::read(const std::string& path) {
  const std::string target = impl_->prefix + "/" + path;
  const std::string scheme = impl_->trust ? "https://" : "http://";
  const std::string shown_url = scheme + impl_->host + ":" + impl_->port + target;
  Patience patience(kPatienceMs);
  int times_busy = 0;
  for (;;) {
    HttpResponse response;
    const error_code error = impl_->ask(target, response);
    if (error == beast::http::error::body_limit)
      return fail(Code::TOO_LARGE, shown_url + " is larger than a log's file may be");
    if (error) {
      const bool of_tls = error.category() == asio::error::get_ssl_category();
      return fail(Code::UNAVAILABLE,
                  shown_url + ": " + error.message() +
                      (of_tls ? " (--ca FILE names the certificates to trust)" : ""));
    }
    switch (response.result()) {
      case beast::http::status::ok:
        return std::move(response.body());
      case beast::http::status::not_found:
        return fail(Code::NOT_FOUND, shown_url + " is not there", "path");
      case beast::http::status::service_unavailable:
        if (++times_busy <= kBusyTimesMax) {
          std::this_thread::sleep_for(kBusyPause);
          continue;
        }
        break;
      case beast::http::status::too_many_requests:
        if (const auto wait_ms = patience.wait_ms(said_ms(response))) {
          std::this_thread::sleep_for(std::chrono::milliseconds(*wait_ms));
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
