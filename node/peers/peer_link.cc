#include "node/peers/peer_link.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <thread>

#include "ledger/base/text.h"
#include "node/peers/http_link.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;

constexpr auto kExchangeTime = std::chrono::seconds(30);
constexpr int kTriesMax = 40;  // while it is busy
constexpr auto kLostPause = std::chrono::seconds(2);
constexpr int kListLostMax = 3;
constexpr int kPieceLostMax = 20;  // the view stays for two minutes
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

// The other node, asked again while it is busy.
class PeerCalls {
 public:
  static Result<PeerCalls> make(const PeerLink& link) {
    SUYUAN_TRY(url, parse_link_url(link.url));
    std::shared_ptr<asio::ssl::context> trust;
    if (url.tls) {
      SUYUAN_TRY(made, link_trust(link.ca_file, "--peer-ca"));
      trust = std::move(made);
    }
    return PeerCalls(link, std::move(url), std::move(trust));
  }

  // `sign` makes the request, each time it is sent.
  // `lost_max`: how often a lost connection is made again.
  Result<Bytes> ask(std::string_view path, size_t answer_bytes_max,
                    const std::function<std::string(PeerEnvelope, const NamedKeyPair&)>& sign,
                    int lost_max = 0) const {
    LinkReply reply;
    int lost = 0;
    for (int i = 0; i < kTriesMax; ++i) {
      if (i > 0 && reply.status != 0) std::this_thread::sleep_for(kTryPause);
      auto addresses = addresses_of(url_.host);
      if (!addresses && lost_max == 0) return Unexpected(std::move(addresses).error());
      reply = addresses ? exchange_once({.to = url_,
                                         .path = std::string(path),
                                         .addresses = *std::move(addresses),
                                         .body = sign(envelope(), link_.node),
                                         .trust = trust_,
                                         .time_max = kExchangeTime,
                                         .answer_bytes_max = answer_bytes_max})
                        : LinkReply{.failure = addresses.error().message};
      if (reply.status == kOk) return std::move(reply.body);
      if (reply.status == 0 && ++lost <= lost_max) {
        std::this_thread::sleep_for(kLostPause);
        continue;
      }
      if (reply.status != kBusy) break;
      if (lost_max > 0) std::this_thread::sleep_for(kLostPause);
    }
    const std::string why = reply.status == 0
                                ? reply.failure
                                : "it answered " + std::to_string(reply.status) + ": " +
                                      quote(std::string_view(reply.body).substr(0, 400));
    return fail(Code::UNAVAILABLE, "the node at " + link_.url + " returns nothing: " + why);
  }

 private:
  PeerCalls(const PeerLink& link, LinkUrl url, std::shared_ptr<asio::ssl::context> trust)
      : link_(link), url_(std::move(url)), trust_(std::move(trust)) {}

  PeerEnvelope envelope() const {
    return {.ledger = link_.ledger,
            .node = link_.node.name,
            .to = link_.to,
            .until_ms = link_.clock() + kRequestHoldsMs};
  }

  PeerLink link_;
  LinkUrl url_;
  std::shared_ptr<asio::ssl::context> trust_;
};

class PeerStore final : public StoreSource {
 public:
  explicit PeerStore(PeerCalls calls) : calls_(std::move(calls)) {}

  Result<StoreList> list() override {
    SUYUAN_TRY(answer, ask({}, kStoreListBytesMax, kListLostMax));
    return decode_store_list(answer);
  }
  Result<Bytes> piece(uint64_t view, uint64_t file, uint64_t from) override {
    return ask({.view = view, .file = file, .from = from}, kStorePieceBytesMax, kPieceLostMax);
  }

 private:
  Result<Bytes> ask(StoreRequest request, size_t answer_bytes_max, int lost_max) const {
    const auto sign = [&](PeerEnvelope envelope, const NamedKeyPair& node) {
      request.envelope = std::move(envelope);
      return sign_store_request(request, node);
    };
    return calls_.ask("/node/store", answer_bytes_max, sign, lost_max);
  }

  const PeerCalls calls_;
};

}  // namespace

Result<AskPeer> ask_over(const PeerLink& link) {
  SUYUAN_TRY(made, PeerCalls::make(link));
  return AskPeer([calls = std::move(made)](uint64_t from, uint64_t size) -> Result<PeerAnswer> {
    const auto sign = [&](PeerEnvelope envelope, const NamedKeyPair& node) {
      return sign_peer_request({.envelope = std::move(envelope), .from = from, .size = size}, node);
    };
    SUYUAN_TRY(answer, calls.ask("/node/log", kPeerAnswerBytesMax, sign));
    return decode_peer_answer(answer);
  });
}

Result<std::unique_ptr<StoreSource>> store_over(const PeerLink& link) {
  SUYUAN_TRY(made, PeerCalls::make(link));
  return std::unique_ptr<StoreSource>(std::make_unique<PeerStore>(std::move(made)));
}

}  // namespace suyuan
