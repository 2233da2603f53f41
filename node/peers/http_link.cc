#include "node/peers/http_link.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "ledger/base/text.h"
#include "ledger/os/named_file.h"
#include "node/http/exchange.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;

constexpr std::chrono::seconds kNameFresh{60};
constexpr size_t kHostBytesMax = 253;
constexpr size_t kAuthoritiesBytesMax = 1 << 20;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= kHostBytesMax &&
         std::ranges::all_of(host, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

http::OutgoingRequest request_of(const LinkExchange& exchange) {
  namespace beast_http = boost::beast::http;
  const LinkUrl& to = exchange.to;
  http::OutgoingRequest request(beast_http::verb::post, to.prefix + exchange.path, 11);
  request.set(beast_http::field::host, to.host + ":" + std::to_string(to.port));
  request.set(beast_http::field::user_agent, "suyuan-node");
  request.keep_alive(false);
  request.body() = exchange.body;
  request.prepare_payload();
  return request;
}

}  // namespace

asio::awaitable<LinkReply> exchange_over_link(LinkExchange exchange) {
  SUYUAN_CHECK(!exchange.to.tls || exchange.trust != nullptr);
  std::vector<asio::ip::tcp::endpoint> places;
  for (const auto& address : exchange.addresses) places.emplace_back(address, exchange.to.port);
  const auto executor = co_await asio::this_coro::executor;
  http::Stream stream(boost::beast::tcp_stream(executor),
                      exchange.to.tls ? exchange.trust : nullptr);
  stream.tcp().expires_after(exchange.time_max);
  error_code error;
  co_await stream.tcp().async_connect(places, into(error));
  if (!error && stream.is_tls()) co_await stream.connect_handshake(exchange.to.host, error);
  if (error) co_return LinkReply{.status = 0, .body = {}, .failure = error.message()};
  auto request = request_of(exchange);
  auto answer =
      co_await http::exchange(stream, std::move(request), exchange.answer_bytes_max, error);
  if (error) co_return LinkReply{.status = 0, .body = {}, .failure = error.message()};
  co_return LinkReply{.status = static_cast<int>(answer.result_int()),
                      .body = std::move(answer.body()),
                      .failure = {}};
}

Result<LinkUrl> parse_link_url(std::string_view text) {
  const auto refuse = [text](std::string_view why) {
    return fail(Code::INVALID_FIELD, quote(text).append(" ").append(why), "--policy");
  };
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kTls = "https://";
  constexpr std::string_view kForm =
      "is not a URL http://<address on loopback>:<port>[/<prefix>] or "
      "https://<host>[:<port>][/<prefix>]";
  const bool tls = text.starts_with(kTls);
  if ((!tls && !text.starts_with(kPlain)) || !is_ascii_graphic(text)) return refuse(kForm);
  const std::string_view rest = text.substr((tls ? kTls : kPlain).size());
  const size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view place = rest.substr(0, slash);
  if (rest.find_first_of("?#@") != std::string_view::npos) return refuse(kForm);
  // "[::1]:443": the colons inside brackets belong to the address.
  const size_t bracket = place.find(']');
  const bool is_bracketed = place.starts_with('[') && bracket != std::string_view::npos;
  const size_t colon = place.find(':', is_bracketed ? bracket : 0);
  const bool has_port = colon != std::string_view::npos;
  if (!has_port && !tls) return refuse(kForm);
  std::string_view host = place.substr(0, has_port ? colon : place.size());
  if (is_bracketed) {
    if (!host.ends_with(']')) return refuse(kForm);
    host = host.substr(1, host.size() - 2);
  }
  const auto port = has_port ? from_decimal(place.substr(colon + 1)) : std::optional<uint64_t>(443);
  if (!port || *port == 0 || *port > 0xFFFF) return refuse(kForm);
  error_code error;
  const auto address = asio::ip::make_address(std::string(host), error);
  if (error && (!tls || is_bracketed || !is_host_name(host))) return refuse(kForm);
  if (!tls && !address.is_loopback()) return refuse("is not on loopback: give it as https://");
  std::string prefix(rest.substr(slash));
  while (prefix.ends_with('/')) prefix.pop_back();
  return LinkUrl{.tls = tls,
                    .host = std::string(host),
                    .port = static_cast<uint16_t>(*port),
                    .prefix = prefix};
}

Result<std::shared_ptr<ssl::context>> link_trust(const std::string& ca_file, const char* option) {
  auto trust = std::make_shared<ssl::context>(ssl::context::tls_client);
  error_code error;
  trust->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                         ssl::context::no_tlsv1_1 | ssl::context::no_sslv3,
                     error);
  if (!error) trust->set_verify_mode(ssl::verify_peer, error);
  if (!error && ca_file.empty()) trust->set_default_verify_paths(error);
  if (error) return fail(Code::IO, "TLS cannot be set up: " + error.message());
  if (ca_file.empty()) return trust;
  SUYUAN_TRY(authorities, read_named_pem(ca_file, kAuthoritiesBytesMax, option));
  trust->add_certificate_authority(asio::buffer(authorities), error);
  if (error) {
    return fail(Code::INVALID_FIELD,
                ca_file + " holds no certificates in PEM: " + error.message(), option);
  }
  return trust;
}

struct LinkNames::Impl {
  using Time = std::chrono::steady_clock::time_point;
  struct Entry {
    Known known{.failure = "its name is being looked up"};
    std::optional<Time> asked = {};
  };
  void look_up(const std::string& host);

  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  asio::ip::tcp::resolver resolver{io};  // used by the thread
  std::mutex mutex;                      // guards entries
  std::map<std::string, Entry> entries;
  std::thread thread;
};

// Runs on the thread.
void LinkNames::Impl::look_up(const std::string& host) {
  resolver.async_resolve(host, "", [this, host](const error_code& error, const auto& found) {
    const std::scoped_lock lock(mutex);
    Known& known = entries[host].known;
    if (!error && !found.empty()) {
      known = {};
      for (const auto& one : found) known.addresses.push_back(one.endpoint().address());
    } else if (known.addresses.empty()) {  // an old address is better than none
      known.failure = "its name cannot be resolved: " + error.message();
    }
  });
}

LinkNames::LinkNames() : impl_(std::make_unique<Impl>()) {}

LinkNames::~LinkNames() {
  impl_->io.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

LinkNames::Known LinkNames::find(const std::string& host) {
  error_code error;
  const auto numeric = asio::ip::make_address(host, error);
  if (!error) return {.addresses = {numeric}};
  const auto now = std::chrono::steady_clock::now();
  const std::scoped_lock lock(impl_->mutex);
  if (!impl_->thread.joinable()) {  // if all hosts are numeric, there is no thread
    impl_->thread = std::thread([impl = impl_.get()] { impl->io.run(); });
  }
  Impl::Entry& entry = impl_->entries[host];
  if (!entry.asked || now - *entry.asked >= kNameFresh) {
    entry.asked = now;
    asio::post(impl_->io, [impl = impl_.get(), host] { impl->look_up(host); });
  }
  return entry.known;
}

}  // namespace suyuan
