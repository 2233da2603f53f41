#include "node/peers/peer_desk.h"

#include "node/service.h"

namespace suyuan {
namespace {

constexpr std::string_view kPath = "/node/log";
// Each takes some megabytes: a returning node must not displace those who ask and post.
constexpr int kMakingMax = 2;

http::Response busy() {
  return http::problem(Errors{{.code = Code::BUSY, .message = "another node is being answered"}},
                       kRetryAfterMs);
}

}  // namespace

bool PeerDesk::is_ours(const http::Request& request) { return request.path == kPath; }

void PeerDesk::handle(const http::Request& request, http::Reply reply) const {
  if (request.method != http::Method::post || request.body.size() > kPeerRequestBytesMax) {
    return reply(http::problem(Error{.code = Code::BAD_REQUEST,
                                     .message = "nodes POST a signed note here"}));
  }
  const bool taken = parts_.workers.post(
      [this, body = request.body, reply] { reply(answer(body)); });
  if (!taken) reply(busy());
}

// On a worker.
http::Response PeerDesk::answer(const std::string& body) const {
  const auto nodes = parts_.nodes();
  const auto request = open_peer_request(
      body, {.ledger = parts_.ledger,
             .self = parts_.self,
             .nodes = nodes,
             .now_ms = parts_.clock()});
  if (!request) return http::problem(request.error());
  // Only a node's own signed request takes a place: otherwise anyone's noise keeps the nodes out.
  if (making_.fetch_add(1) >= kMakingMax) {
    making_.fetch_sub(1);
    return busy();
  }
  auto made = make(*request);
  making_.fetch_sub(1);
  return made;
}

http::Response PeerDesk::make(const PeerRequest& request) const {
  const auto published = parts_.published.get();
  const auto state = parts_.store.snapshot();
  const auto made = answer_peer(request, *state, published.get());
  if (!made) return http::problem(made.error());
  return {.status = 200,
          .content_type = "application/octet-stream",
          .body = encode_peer_answer(*made)};
}

}  // namespace suyuan
