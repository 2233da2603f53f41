#include "node/peers/peer_log.h"

#include <algorithm>
#include <array>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/base/limits.h"
#include "ledger/merkle/proof.h"
#include "node/pipeline/order_place.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

constexpr uint8_t kAnswerVersion = 1;
constexpr size_t kPathMax = 128;
constexpr std::array<std::string_view, 2> kLogNumbers = {"from", "size"};
constexpr PeerRequestKind kLogRequest = {.header = "suyuan/peer-log/v2", .numbers = kLogNumbers};

// The bodies of a batch's events, as they came. NOT_FOUND: one is no longer kept.
Result<Submission> submission_of(const Reader& state, uint64_t index, std::string note) {
  Submission submission{.note = std::move(note), .events = {}};
  Result<Done> bad = Done{};
  const Bytes from = place_key({.leaf = index, .event = 0});
  const Bytes to = place_key({.leaf = index + 1, .event = 0});
  SUYUAN_TRY_DONE(state.scan(Table::payload, from, to, Direction::ascending,
                             [&](BytesView, BytesView row) {
                               auto payload = decode<StoredPayload>(row);
                               if (!payload) {
                                 bad = Unexpected(std::move(payload).error());
                                 return false;
                               }
                               submission.events.push_back({.salt = payload->salt,
                                                            .payload = std::move(payload->bytes)});
                               return true;
                             }));
  SUYUAN_TRY_DONE(std::move(bad));
  bad = Done{};
  SUYUAN_TRY_DONE(state.scan(
      Table::section, from, to, Direction::ascending, [&](BytesView key, BytesView row) {
        const auto place = decode_place_key(key.substr(0, from.size()));
        auto section = decode<StoredSection>(row);
        uint32_t number = 0;
        Decoder in(key.substr(std::min(from.size(), key.size())));
        const bool numbered = in.get_u32(number) && number < limits::kSectionsPerEventMax;
        if (!place || !section || !numbered || place->event >= submission.events.size()) {
          bad = fail(Code::CORRUPT, "a sealed section of leaf " + std::to_string(index) +
                                        " belongs to no event");
          return false;
        }
        auto& sections = submission.events[place->event].sections;
        sections.resize(number);  // erased ones are empty
        sections.push_back({.salt = section->salt, .bytes = std::move(section->bytes)});
        return true;
      }));
  SUYUAN_TRY_DONE(std::move(bad));
  SUYUAN_TRY(parsed, parse_batch_note(submission.note));
  if (parsed.batch.events == submission.events.size()) return submission;
  return fail(Code::NOT_FOUND,
              "payloads of leaf " + std::to_string(index) + " are no longer kept, so no node "
              "can apply its batch again: give the node a copy of a store (docs/cluster.md)");
}

Result<PeerLeaf> peer_leaf(const Reader& state, uint64_t index) {
  SUYUAN_TRY(row, state.get(Table::leaf, u64_key(index)));
  if (!row) return fail(Code::CORRUPT, "leaf " + std::to_string(index) + " is missing");
  SUYUAN_TRY(leaf, parse_leaf(*row));
  PeerLeaf out{.data = *std::move(row), .submission = {}};
  if (leaf.kind != LeafKind::batch) return out;
  SUYUAN_TRY(submission, submission_of(state, index, std::string(leaf.text)));
  out.submission = encode_submission(submission);
  return out;
}

}  // namespace

std::string sign_peer_request(const PeerRequest& request, const NamedKeyPair& node) {
  const std::array numbers = {request.from, request.size};
  return sign_peer_note(kLogRequest, request.envelope, numbers, node);
}

Result<PeerRequest> open_peer_request(std::string_view body, const PeerAsked& asked) {
  SUYUAN_TRY(opened, open_peer_note(kLogRequest, body, asked));
  return PeerRequest{.envelope = std::move(opened.envelope),
                     .from = opened.numbers[0],
                     .size = opened.numbers[1]};
}

Bytes encode_peer_answer(const PeerAnswer& answer) {
  Bytes out;
  put_u8(out, kAnswerVersion);
  put_u64(out, answer.size);
  put_string(out, answer.checkpoint);
  put_u64(out, answer.place.position);
  out += answer.place.mark.view();
  put_u32(out, static_cast<uint32_t>(answer.path.size()));
  for (const Hash& hash : answer.path) out += hash.view();
  put_u32(out, static_cast<uint32_t>(answer.leaves.size()));
  for (const auto& leaf : answer.leaves) {
    put_string(out, leaf.data);
    put_string(out, leaf.submission);
  }
  return out;
}

Result<PeerAnswer> decode_peer_answer(BytesView bytes) {
  Decoder in(bytes);
  PeerAnswer answer;
  uint8_t version = 0;
  uint32_t count = 0;
  bool whole = in.get_u8(version) && version == kAnswerVersion && in.get_u64(answer.size) &&
               in.get_string(answer.checkpoint) && in.get_u64(answer.place.position) &&
               in.get_fixed(answer.place.mark) && in.get_u32(count) && count <= kPathMax;
  answer.path.resize(whole ? count : 0);
  for (Hash& hash : answer.path) whole = whole && in.get_fixed(hash);
  whole = whole && in.get_u32(count) && count <= kPeerLeavesMax;
  answer.leaves.resize(whole ? count : 0);
  for (auto& leaf : answer.leaves) {
    whole = whole && in.get_string(leaf.data) && in.get_string(leaf.submission);
  }
  if (whole && in.done()) return answer;
  return fail(Code::CORRUPT, "the node's answer is not part of a log");
}

Result<PeerAnswer> answer_peer(const PeerRequest& request, const Reader& state,
                               const Published* published) {
  PeerAnswer answer{.size = request.size};
  const Reader* rows = &state;
  if (request.size == 0) {
    if (published == nullptr) {
      return fail(Code::SIZE_NOT_REACHED, "this node has published no checkpoint yet");
    }
    rows = published->state.get();
    answer.size = published->size();
    answer.checkpoint = published->checkpoint;
    SUYUAN_TRY(place, read_order_place(*rows));
    if (!place) return fail(Code::NOT_FOUND, "this node's log is its own; no other node shares it");
    answer.place = *place;
  }
  SUYUAN_TRY(head, read_head(*rows));
  if (answer.size > head.leaves || request.from > answer.size) {
    return fail(Code::SIZE_NOT_REACHED, "this node has " + std::to_string(head.leaves) +
                                            " leaves, and is asked for " +
                                            std::to_string(std::max(answer.size, request.from)));
  }
  size_t bytes = 0;
  uint64_t next = request.from;
  for (; next < answer.size && answer.leaves.size() < kPeerLeavesMax && bytes < kPeerAnswerBytes;
       ++next) {
    SUYUAN_TRY(leaf, peer_leaf(*rows, next));
    bytes += leaf.data.size() + leaf.submission.size();
    answer.leaves.push_back(std::move(leaf));
  }
  const TreeRows tree(*rows);
  SUYUAN_TRY(path, consistency_proof(TiledNodes(tree), next, answer.size));
  answer.path = std::move(path);
  return answer;
}

}  // namespace suyuan
