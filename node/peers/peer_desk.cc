#include "node/peers/peer_desk.h"

#include <spdlog/spdlog.h>

namespace suyuan {
namespace {

constexpr std::string_view kLogPath = "/node/log";
// Each takes some megabytes: a returning node must not displace those who ask and post.
constexpr int kLogAnswersMax = 2;
constexpr int64_t kTellPauseMs = 60'000;

}  // namespace

PeerDesk::PeerDesk(Parts parts, PeerQuestions::Parts asked)
    : parts_(parts), clock_(asked.clock), questions_(std::move(asked), kLogAnswersMax) {}

bool PeerDesk::is_ours(const http::Request& request) { return request.path == kLogPath; }

void PeerDesk::handle(const http::Request& request, http::Reply reply) {
  questions_.take(request, std::move(reply), open_peer_request,
                  [this](const PeerRequest& question) { return make(question); });
}

Result<Bytes> PeerDesk::make(const PeerRequest& request) const {
  const auto published = parts_.published.get();
  const auto state = parts_.store.snapshot();
  SUYUAN_TRY(made, answer_peer(request, *state, published.get()));
  if (!made.leaves.empty()) tell(request);
  return encode_peer_answer(made);
}

// What a node reads is open to no party: the node's log says so, once a minute and not for each
// part.
void PeerDesk::tell(const PeerRequest& request) const {
  const int64_t now_ms = clock_();
  const std::lock_guard lock(mutex_);
  std::erase_if(told_ms_, [now_ms](const auto& told) {
    return now_ms < told.second || now_ms - told.second >= kTellPauseMs;
  });
  if (!told_ms_.emplace(request.envelope.node, now_ms).second) return;
  spdlog::info("node {} takes this node's log, from leaf {}", request.envelope.node,
               request.from);
}

}  // namespace suyuan
