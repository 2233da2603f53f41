#include "node/witnesses.h"

#include <spdlog/spdlog.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "ledger/apply/log_reader.h"
#include "ledger/base/text.h"
#include "ledger/proof/witness.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

// A witness that cosigns for others too may move between its answer and our next question; more
// than that is a witness that plays with us.
constexpr int kExchangesMax = 3;

struct HttpReply {
  int status = 0;  // 0: none came
  std::string body;
  std::string failure;
};

// A peer may only delay its own cosignature: size and time are bounded.
asio::awaitable<HttpReply> post(WitnessUrl to, std::string body, HttpWitnesses::Limits limits) {
  const auto into = [](error_code& error) {
    return asio::redirect_error(asio::use_awaitable, error);
  };
  error_code error;
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  stream.expires_after(limits.one);
  const auto address = asio::ip::make_address(to.host, error);
  const asio::ip::tcp::endpoint place(address, to.port);
  if (!error) co_await stream.async_connect(place, into(error));
  http::request<http::string_body> request(http::verb::post, to.prefix + "/add-checkpoint", 11);
  request.set(http::field::host, to.host + ":" + std::to_string(to.port));
  request.set(http::field::user_agent, "suyuan-node");
  request.keep_alive(false);
  request.body() = std::move(body);
  request.prepare_payload();
  if (!error) co_await http::async_write(stream, request, into(error));
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(limits.answer_bytes_max);
  if (!error) co_await http::async_read(stream, buffer, parser, into(error));
  if (error) co_return HttpReply{.status = 0, .body = {}, .failure = error.message()};
  auto answer = parser.release();
  co_return HttpReply{.status = static_cast<int>(answer.result_int()),
                      .body = std::move(answer.body()),
                      .failure = {}};
}

Result<AddCheckpoint> request_from(const CosignRequest& request, uint64_t size) {
  AddCheckpoint add{.old_size = size, .proof = {}, .note = request.checkpoint};
  if (size == 0 || size == request.tree.size) return add;
  const TreeRows rows(request.state);
  SUYUAN_TRY(proof, consistency_proof(TiledNodes(rows), size, request.tree.size));
  add.proof = std::move(proof);
  return add;
}

// The line of this witness in its answer, if it verifies; others are no business of ours.
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

// One witness and one checkpoint. Everything runs on the publisher's thread.
struct HttpWitnesses::Asked {
  Peer& peer;
  const CosignRequest& request;
  const Limits& limits;
  std::optional<NoteLine> line = {};
  std::string failure = "it did not answer in time";

  asio::awaitable<void> run() {
    for (int i = 0; i < kExchangesMax && !line; ++i) {
      const auto add = request_from(request, peer.size);
      if (!add) {
        failure = to_text(add.error());
        co_return;
      }
      const auto reply = co_await post(peer.url, write_add_checkpoint(*add), limits);
      if (!take(reply)) co_return;
    }
  }

  // Whether to ask again.
  bool take(const HttpReply& reply) {
    if (reply.status == 200) {
      line = line_of(request, reply.body, peer.witness.key);
      if (line) peer.size = request.tree.size;
      failure = line ? "" : "its cosignature does not verify";
      return false;
    }
    if (reply.status != 409) {
      failure = reply.status == 0 ? reply.failure : "it answered " + std::to_string(reply.status);
      if (!reply.body.empty()) failure += ": " + quote(reply.body);
      return false;
    }
    failure = "it answers with one size after another";
    const auto size = reply.body.ends_with('\n')
                          ? from_decimal(std::string_view(reply.body).substr(
                                0, reply.body.size() - 1))
                          : std::nullopt;
    if (!size || *size == peer.size) {
      failure = "it answered 409 without another size";
      return false;
    }
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

Result<WitnessUrl> parse_witness_url(std::string_view text) {
  const auto refuse = [text](std::string_view why) {
    return fail(Code::INVALID_FIELD, quote(text).append(" ").append(why), "--policy");
  };
  constexpr std::string_view kScheme = "http://";
  constexpr std::string_view kForm = "is no URL http://<numeric address>:<port>[/<prefix>]";
  if (!text.starts_with(kScheme) || !is_ascii_graphic(text)) return refuse(kForm);
  const std::string_view rest = text.substr(kScheme.size());
  const size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view place = rest.substr(0, slash);
  const size_t colon = place.rfind(':');
  if (colon == std::string_view::npos || rest.find_first_of("?#@") != std::string_view::npos) {
    return refuse(kForm);
  }
  const auto port = from_decimal(place.substr(colon + 1));
  error_code error;
  const std::string host(place.substr(0, colon));
  const auto address = asio::ip::make_address(host, error);
  if (error || !port || *port == 0 || *port > 0xFFFF) return refuse(kForm);
  if (!address.is_loopback()) return refuse("is beyond loopback, and this node speaks plain HTTP");
  std::string prefix(rest.substr(slash));
  while (prefix.ends_with('/')) prefix.pop_back();
  return WitnessUrl{.host = host, .port = static_cast<uint16_t>(*port), .prefix = prefix};
}

HttpWitnesses::HttpWitnesses(std::vector<Peer> peers, const Limits& limits)
    : peers_(std::move(peers)), limits_(limits) {}
HttpWitnesses::~HttpWitnesses() = default;

Result<std::unique_ptr<HttpWitnesses>> HttpWitnesses::make(const Policy& policy,
                                                           const Limits& limits) {
  std::vector<Peer> peers;
  for (const auto& witness : policy.witnesses) {
    SUYUAN_TRY(url, parse_witness_url(witness.url));
    peers.push_back({.witness = witness, .url = std::move(url), .failure = {}});
  }
  return std::unique_ptr<HttpWitnesses>(new HttpWitnesses(std::move(peers), limits));
}

std::string HttpWitnesses::cosign(const CosignRequest& request) {
  std::vector<Asked> all;
  all.reserve(peers_.size());
  asio::io_context io{1};
  for (auto& peer : peers_) {
    all.push_back({.peer = peer, .request = request, .limits = limits_});
    asio::co_spawn(io, all.back().run(), asio::detached);
  }
  // What is not there by then is not waited for; its coroutine ends with `io`.
  io.run_for(limits_.all);
  std::string lines;
  for (auto& one : all) {
    if (one.line) lines += write_note_line(*one.line);
    if (one.failure != one.peer.failure) {  // a remark for each change, not for each checkpoint
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
