#include "node/peers/peer_wire.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <thread>

namespace suyuan {
namespace {

namespace asio = boost::asio;

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
  auto addresses = addresses_of(exchange.to.host);
  if (!addresses) return {.status = 0, .body = {}, .failure = addresses.error().message};
  exchange.addresses = *std::move(addresses);
  const auto time_max = exchange.time_max;
  LinkReply reply;
  asio::io_context io{1};
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        reply = co_await exchange_over_link(std::move(exchange));
      },
      asio::detached);
  io.run_for(time_max);
  if (reply.status == 0 && reply.failure.empty()) reply.failure = "it did not answer in time";
  return reply;
}

}  // namespace

PeerWire over_network() {
  return {.exchange = exchange_once,
          .pause = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }};
}

}  // namespace suyuan
