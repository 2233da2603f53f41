#include "node/peers/peer_link.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <thread>

#include "ledger/base/text.h"
#include "node/peers/http_link.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;

constexpr auto kExchangeTime = std::chrono::seconds(30);
constexpr int kTriesMax = 40;  // while it is busy, or restarts
constexpr auto kTryPause = std::chrono::milliseconds(250);
constexpr int64_t kRequestHoldsMs = 60'000;
constexpr int kOk = 200;
constexpr int kBusy = 503;

Result<std::vector<asio::ip::address>> addresses_of(const std::string& host) {
  boost::system::error_code error;
  const auto numeric = asio::ip::make_address(host, error);
  if (!error) return std::vector{numeric};
  asio::io_context io;
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, "", error);
  if (error) return fail(Code::UNAVAILABLE, host + " cannot be resolved: " + error.message());
  std::vector<asio::ip::address> all;
  for (const auto& one : found) all.push_back(one.endpoint().address());
  return all;
}

LinkReply exchange_once(LinkExchange exchange) {
  LinkReply reply;
  asio::io_context io{1};
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        reply = co_await exchange_over_link(std::move(exchange));
      },
      asio::detached);
  io.run_for(kExchangeTime);
  if (reply.status == 0 && reply.failure.empty()) reply.failure = "it did not answer in time";
  return reply;
}

}  // namespace

Result<AskPeer> ask_over(const PeerLink& link) {
  SUYUAN_TRY(url, parse_link_url(link.url));
  std::shared_ptr<asio::ssl::context> trust;
  if (url.tls) {
    SUYUAN_TRY(made, link_trust(link.ca_file));
    trust = std::move(made);
  }
  return AskPeer([link, url, trust](uint64_t from, uint64_t size) -> Result<PeerAnswer> {
    LinkReply reply;
    for (int i = 0; i < kTriesMax; ++i) {
      if (i > 0) std::this_thread::sleep_for(kTryPause);
      SUYUAN_TRY(addresses, addresses_of(url.host));
      const PeerRequest request{.ledger = link.ledger,
                                .node = link.node.name,
                                .to = link.to,
                                .from = from,
                                .size = size,
                                .until_ms = link.clock() + kRequestHoldsMs};
      reply = exchange_once({.to = url,
                             .path = "/node/log",
                             .addresses = std::move(addresses),
                             .body = sign_peer_request(request, link.node),
                             .trust = trust,
                             .time_max = kExchangeTime,
                             .answer_bytes_max = kPeerAnswerBytesMax});
      if (reply.status == kOk) return decode_peer_answer(reply.body);
      if (reply.status != kBusy) break;
    }
    const std::string why = reply.status == 0
                                ? reply.failure
                                : "it answered " + std::to_string(reply.status) + ": " +
                                      quote(std::string_view(reply.body).substr(0, 400));
    return fail(Code::UNAVAILABLE, "the node at " + link.url + " returns nothing: " + why);
  });
}

}  // namespace suyuan
