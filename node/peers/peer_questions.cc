#include "node/peers/peer_questions.h"

#include "node/service.h"

namespace suyuan {

void PeerQuestions::start(const http::Request& request, http::Reply reply, Judge judge) const {
  if (request.method != http::Method::post || request.body.size() > kPeerRequestBytesMax) {
    return reply(http::problem(Error{.code = Code::BAD_REQUEST,
                                     .message = "nodes POST a signed note here"}));
  }
  const bool taken = parts_.workers.post(
      [this, body = request.body, reply, judge = std::move(judge)] { reply(answer(body, judge)); });
  if (taken) return;
  reply(http::problem(Errors{{.code = Code::BUSY, .message = "all threads are busy"}},
                      kRetryAfterMs));
}

// On a worker.
http::Response PeerQuestions::answer(const std::string& body, const Judge& judge) const {
  const auto nodes = parts_.nodes();
  auto made = judge(body, {.ledger = parts_.ledger,
                           .self = parts_.self,
                           .nodes = nodes,
                           .now_ms = parts_.clock()});
  if (made) {
    return {.status = 200, .content_type = "application/octet-stream", .body = *std::move(made)};
  }
  const bool again = made.error().code == Code::BUSY;
  return http::problem(Errors{std::move(made).error()}, again ? kRetryAfterMs : 0);
}

Error PeerQuestions::busy() {
  return {.code = Code::BUSY, .message = "other questions of nodes are being answered"};
}

}  // namespace suyuan
