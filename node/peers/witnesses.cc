#include "node/peers/witnesses.h"

#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "ledger/apply/log_reader.h"
#include "ledger/base/text.h"
#include "ledger/proof/witness.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;

// A witness that also cosigns for others may move between its answer and our next question. One
// that moves more often is playing games.
constexpr int kExchangesMax = 3;

Result<AddCheckpoint> request_from(const CosignRequest& request, uint64_t size) {
  AddCheckpoint add{.old_size = size, .proof = {}, .note = request.checkpoint};
  if (size == 0 || size == request.tree.size) return add;
  const TreeRows rows(request.state);
  SUYUAN_TRY(proof, consistency_proof(TiledNodes(rows), size, request.tree.size));
  add.proof = std::move(proof);
  return add;
}

// This witness's line in its answer, if it verifies; other lines do not matter here.
std::optional<NoteLine> line_of(const CosignRequest& request, const std::string& answer,
                                const NoteKey& key) {
  const auto note = split_note(request.checkpoint + answer);
  if (!note) return std::nullopt;
  for (const auto& line : note->lines) {
    if (verify_cosignature(note->text, line, key)) return line;
  }
  return std::nullopt;
}

}  // namespace

// One witness and one checkpoint. Runs entirely on the publisher's thread.
struct HttpWitnesses::Asked {
  Peer& peer;
  const CosignRequest& request;
  const Limits& limits;
  LinkNames::Known place;
  std::shared_ptr<asio::ssl::context> trust;
  std::optional<NoteLine> line = {};
  std::string failure = "it did not answer in time";
  bool contradicts = false;
  uint64_t said_size = 0;  // in its last answer

  asio::awaitable<void> run() {
    if (place.addresses.empty()) {
      failure = place.failure;
      co_return;
    }
    for (int i = 0; i < kExchangesMax && !line; ++i) {
      const auto add = request_from(request, peer.size);
      if (!add) {
        failure = to_text(add.error());
        co_return;
      }
      // A name of its own: g++ 12 destroys a braced value inside co_await twice.
      LinkExchange exchange{.to = peer.url,
                               .addresses = place.addresses,
                               .body = write_add_checkpoint(*add),
                               .trust = trust,
                               .time_max = limits.one,
                               .answer_bytes_max = limits.answer_bytes_max};
      const auto reply = co_await exchange_over_link(std::move(exchange));
      if (!take(reply)) co_return;
    }
  }

  // Whether to ask again.
  bool take(const LinkReply& reply) {
    contradicts = reply.status == 422;
    if (reply.status == 200) {
      line = line_of(request, reply.body, peer.witness.key);
      if (line) peer.size = said_size = request.tree.size;
      failure = line ? "" : "its cosignature does not verify";
      return false;
    }
    if (reply.status != 409) {
      failure = reply.status == 0 ? reply.failure : "it answered " + std::to_string(reply.status);
      if (!reply.body.empty()) failure += ": " + quote(reply.body);
      return false;
    }
    failure = "it keeps answering with other sizes";
    const auto size = reply.body.ends_with('\n')
                          ? from_decimal(std::string_view(reply.body).substr(
                                0, reply.body.size() - 1))
                          : std::nullopt;
    if (!size || *size == peer.size) {
      failure = "it answered 409 without another size";
      return false;
    }
    said_size = *size;
    if (*size > request.tree.size) {
      failure = "it has cosigned " + std::to_string(*size) + " leaves, more than the " +
                std::to_string(request.tree.size) +
                " of this node: is this store an older copy?";
      return false;
    }
    peer.size = *size;
    return true;
  }
};

HttpWitnesses::HttpWitnesses(std::vector<Peer> peers, const Limits& limits)
    : peers_(std::move(peers)), limits_(limits) {}
HttpWitnesses::~HttpWitnesses() = default;

Result<std::unique_ptr<HttpWitnesses>> HttpWitnesses::make(const Policy& policy,
                                                           const Limits& limits,
                                                           const std::string& ca_file) {
  std::vector<Peer> peers;
  for (const auto& witness : policy.witnesses) {
    SUYUAN_TRY(url, parse_link_url(witness.url));
    peers.push_back({.witness = witness, .url = std::move(url), .failure = {}});
  }
  const bool any_tls = std::ranges::any_of(peers, [](const Peer& peer) { return peer.url.tls; });
  std::unique_ptr<HttpWitnesses> made(new HttpWitnesses(std::move(peers), limits));
  if (any_tls || !ca_file.empty()) {
    SUYUAN_TRY(trust, link_trust(ca_file, "--witness-ca"));
    made->trust_ = std::move(trust);
  }
  for (const Peer& peer : made->peers_) made->names_.find(peer.url.host);  // so it is known in time
  return made;
}

std::vector<HttpWitnesses::Asked> HttpWitnesses::show(const CosignRequest& request) {
  std::vector<Asked> all;
  all.reserve(peers_.size());
  asio::io_context io{1};
  for (auto& peer : peers_) {
    all.push_back({.peer = peer,
                   .request = request,
                   .limits = limits_,
                   .place = names_.find(peer.url.host),
                   .trust = trust_});
    asio::co_spawn(io, all.back().run(), asio::detached);
  }
  // Whatever is missing by then is not waited for; its coroutine ends with `io`.
  io.run_for(limits_.all);
  return all;
}

// A name server gets as long as the witnesses get after it.
void HttpWitnesses::wait_for_names() {
  const auto give_up = std::chrono::steady_clock::now() + limits_.all;
  for (const auto& peer : peers_) {
    while (names_.find(peer.url.host).addresses.empty() &&
           std::chrono::steady_clock::now() < give_up) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
}

std::vector<WitnessHeard> HttpWitnesses::ask(const CosignRequest& request) {
  wait_for_names();
  std::vector<WitnessHeard> heard;
  for (auto& one : show(request)) {
    const bool beyond = one.said_size > request.tree.size;
    heard.push_back({.witness = one.peer.witness.name,
                     .answered = one.line.has_value() || beyond || one.contradicts,
                     .contradicts = one.contradicts,
                     .size = one.said_size,
                     .failure = one.failure});
  }
  return heard;
}

std::string HttpWitnesses::cosign(const CosignRequest& request) {
  std::string lines;
  for (auto& one : show(request)) {
    if (one.line) lines += write_note_line(*one.line);
    if (one.failure != one.peer.failure) {  // one log line for each change, not for each checkpoint
      if (one.failure.empty()) {
        spdlog::info("witness {} cosigns again", one.peer.witness.name);
      } else {
        spdlog::warn("witness {} does not cosign: {}", one.peer.witness.name, one.failure);
      }
    }
    one.peer.failure = one.failure;
    if (metrics_ != nullptr) {
      metrics_->asked_witness(one.peer.witness.name, one.line.has_value());
    }
  }
  return lines;
}

}  // namespace suyuan
