#include "node/peers/peer_link.h"

#include <functional>

#include "node/peers/peer_wire.h"
#include "proto/json/submission_json.h"

namespace suyuan {
namespace {

constexpr auto kExchangeTime = std::chrono::seconds(30);
constexpr int kTriesMax = 40;  // in all
constexpr auto kBusyPause = std::chrono::milliseconds(250);
// Where a lost connection is made again: a node that is started again needs seconds.
constexpr auto kLostPause = std::chrono::seconds(2);
constexpr int kListLostMax = 3;
constexpr int kPieceLostMax = 20;  // the view stays for two minutes
constexpr int64_t kRequestHoldsMs = 60'000;
constexpr size_t kProblemBytesMax = size_t{16} << 10;  // read as a problem
constexpr size_t kWordsMax = 400;  // shown
constexpr int kOk = 200;
constexpr int kBusy = 503;
constexpr int kLimited = 429;

// Why there is no answer. The words of the other side go to a terminal: bounded, printable ASCII.
std::string why_none(const LinkReply& reply) {
  if (reply.status == 0) {
    const bool untrusted = reply.failure.find("certificate verify failed") != std::string::npos;
    return untrusted ? reply.failure + ": its certificate must be for the host of the URL, and of "
                                       "an authority in --peer-ca (without it, of the system's)"
                     : reply.failure;
  }
  std::string words = reply.body.substr(0, kWordsMax);
  if (reply.body.size() <= kProblemBytesMax) {
    if (const auto problem = parse_problem_json(reply.body)) {
      words = to_text(problem->front()).substr(0, kWordsMax);
    }
  }
  for (char& c : words) {
    if (c < 0x20 || c > 0x7E) c = '?';
  }
  return "it answered " + std::to_string(reply.status) + ": " + words;
}

// The other node, asked again while it is busy.
class PeerCalls {
 public:
  static Result<PeerCalls> make(const PeerLink& link, PeerWire wire) {
    SUYUAN_TRY(url, parse_link_url(link.url));
    std::shared_ptr<boost::asio::ssl::context> trust;
    if (url.tls) {
      SUYUAN_TRY(made, link_trust(link.ca_file, "--peer-ca"));
      trust = std::move(made);
    }
    return PeerCalls(link, std::move(wire), std::move(url), std::move(trust));
  }

  // `sign` makes the request, each time it is sent.
  // `lost_max`: how often a lost connection is made again.
  Result<Bytes> ask(std::string_view path, size_t answer_bytes_max,
                    const std::function<std::string(PeerEnvelope, const NamedKeyPair&)>& sign,
                    int lost_max = 0) const {
    LinkReply reply;
    int lost = 0;
    for (int tries = 1;; ++tries) {
      reply = wire_.exchange({.to = url_,
                              .path = std::string(path),
                              .addresses = {},
                              .body = sign(envelope(), link_.node),
                              .trust = trust_,
                              .time_max = kExchangeTime,
                              .answer_bytes_max = answer_bytes_max});
      if (reply.status == kOk) return std::move(reply.body);
      const bool waits = reply.status == kBusy || reply.status == kLimited;
      const bool again = reply.status == 0 ? ++lost <= lost_max : waits;
      if (!again || tries == kTriesMax) break;
      wire_.pause(lost_max > 0 ? kLostPause : kBusyPause);
    }
    return fail(Code::UNAVAILABLE,
                "the node at " + link_.url + " returns nothing: " + why_none(reply));
  }

 private:
  PeerCalls(const PeerLink& link, PeerWire wire, LinkUrl url,
            std::shared_ptr<boost::asio::ssl::context> trust)
      : link_(link), wire_(std::move(wire)), url_(std::move(url)), trust_(std::move(trust)) {}

  PeerEnvelope envelope() const {
    return {.ledger = link_.ledger,
            .node = link_.node.name,
            .to = link_.to,
            .until_ms = link_.clock() + kRequestHoldsMs};
  }

  PeerLink link_;
  PeerWire wire_;
  LinkUrl url_;
  std::shared_ptr<boost::asio::ssl::context> trust_;
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

Result<AskPeer> ask_over(const PeerLink& link) { return ask_over(link, over_network()); }

Result<AskPeer> ask_over(const PeerLink& link, PeerWire wire) {
  SUYUAN_TRY(made, PeerCalls::make(link, std::move(wire)));
  return AskPeer([calls = std::move(made)](uint64_t from, uint64_t size) -> Result<PeerAnswer> {
    const auto sign = [&](PeerEnvelope envelope, const NamedKeyPair& node) {
      return sign_peer_request({.envelope = std::move(envelope), .from = from, .size = size}, node);
    };
    SUYUAN_TRY(answer, calls.ask("/node/log", kPeerAnswerBytesMax, sign));
    return decode_peer_answer(answer);
  });
}

Result<std::unique_ptr<StoreSource>> store_over(const PeerLink& link) {
  return store_over(link, over_network());
}

Result<std::unique_ptr<StoreSource>> store_over(const PeerLink& link, PeerWire wire) {
  SUYUAN_TRY(made, PeerCalls::make(link, std::move(wire)));
  return std::unique_ptr<StoreSource>(std::make_unique<PeerStore>(std::move(made)));
}

}  // namespace suyuan
