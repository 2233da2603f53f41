#include "node/peers/peer_desk.h"

namespace suyuan {
namespace {

constexpr std::string_view kLogPath = "/node/log";
// Each takes some megabytes: a returning node must not displace those who ask and post.
constexpr int kLogAnswersMax = 2;

}  // namespace

PeerDesk::PeerDesk(Parts parts, PeerQuestions::Parts asked)
    : parts_(parts), questions_(std::move(asked), kLogAnswersMax) {}

bool PeerDesk::is_ours(const http::Request& request) { return request.path == kLogPath; }

void PeerDesk::handle(const http::Request& request, http::Reply reply) {
  questions_.take(request, std::move(reply), open_peer_request,
                  [this](const PeerRequest& question) { return make(question); });
}

Result<Bytes> PeerDesk::make(const PeerRequest& request) const {
  const auto published = parts_.published.get();
  const auto state = parts_.store.snapshot();
  SUYUAN_TRY(made, answer_peer(request, *state, published.get()));
  return encode_peer_answer(made);
}

}  // namespace suyuan
