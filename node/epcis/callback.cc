#include "node/epcis/callback.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "ledger/base/text.h"
#include "ledger/crypto/hmac.h"
#include "node/http/exchange.h"

namespace suyuan::epcis {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto kReportTime = std::chrono::seconds(10);
constexpr size_t kAnswerBytesMax = 64 << 10;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

http::OutgoingRequest request_of(const Report& report) {
  namespace bhttp = boost::beast::http;
  http::OutgoingRequest request(bhttp::verb::post, report.to.target, 11);
  const bool usual = report.to.port == (report.to.tls ? "443" : "80");
  const bool v6 = report.to.host.find(':') != std::string::npos;
  request.set(bhttp::field::host, (v6 ? "[" + report.to.host + "]" : report.to.host) +
                                      (usual ? "" : ":" + report.to.port));
  request.set(bhttp::field::user_agent, "suyuan-node");
  request.set(bhttp::field::content_type, "application/json");
  request.set("GS1-EPCIS-Version", "2.0.0");
  request.set("GS1-CBV-Version", "2.0.0");
  if (!report.secret.empty())
    request.set("GS1-Signature", signature_of(report.secret, report.body));
  request.keep_alive(false);
  request.body() = report.body;
  request.prepare_payload();
  return request;
}

constexpr const char* kInside = "its address is on this machine or a private network";

// What a subscriber's certificate must come from: the system's authorities.
http::Stream::Context trust() {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  error_code error;
  context->set_default_verify_paths(error);
  context->set_verify_mode(asio::ssl::verify_peer, error);
  return context;
}

// Returns true if the other end is this machine, under any of its addresses.
bool is_here(asio::ip::tcp::socket& socket, const asio::ip::tcp::endpoint& place) {
  error_code error;
  const auto local = socket.local_endpoint(error);
  return error || local.address() == place.address();
}

// A name that resolves to a private network is treated like the address. It is checked after
// resolving, and the checked address is connected to, so a second answer of the resolver changes
// nothing.
asio::awaitable<void> deliver(const Report& report, std::string& failure) {
  error_code error;
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  const auto found =
      co_await resolver.async_resolve(report.to.host, report.to.port, into(error));
  if (error || found.empty()) {
    failure = "its name cannot be resolved: " + error.message();
    co_return;
  }
  const auto place = found.begin()->endpoint();
  if (is_forbidden_address(place.address().to_string(), report.loopback)) {
    failure = kInside;
    co_return;
  }
  http::Stream stream(boost::beast::tcp_stream(executor), report.to.tls ? trust() : nullptr);
  stream.tcp().expires_after(kReportTime);
  co_await stream.tcp().async_connect(place, into(error));
  if (!error && !report.loopback && is_here(stream.tcp().socket(), place)) {
    failure = kInside;
    co_return;
  }
  if (!error && stream.is_tls()) co_await stream.connect_handshake(report.to.host, error);
  unsigned status = 0;
  if (!error) {
    auto request = request_of(report);
    const auto answer =
        co_await http::exchange(stream, std::move(request), kAnswerBytesMax, error);
    status = answer.result_int();
  }
  if (error)
    failure = error.message();
  else
    failure = status >= 200 && status < 300 ? "" : "it answered " + std::to_string(status);
}

}  // namespace

std::string signature_of(const std::string& secret, const std::string& body) {
  return "sha256=" + to_hex(hmac_sha256(secret, body).view());
}

Result<Done> Sender::send(const Report& report) {
  std::string failure = "it did not answer in time";
  bool stopped = false;
  asio::io_context io{1};
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return fail(Code::STOPPING, "the node is stopping");
    under_way_.insert(&io);
  }
  asio::co_spawn(io, deliver(report, failure), asio::detached);
  io.run_for(kReportTime);
  {
    const std::lock_guard lock(mutex_);
    under_way_.erase(&io);
    stopped = stopped_;
  }
  if (failure.empty()) return Done{};
  if (stopped) return fail(Code::STOPPING, "the node is stopping");
  return fail(Code::UNAVAILABLE, failure);
}

void Sender::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (auto* io : under_way_) io->stop();
}

}  // namespace suyuan::epcis
