// The log as one node gives it to another: for a node that was away for longer than etcd keeps
// groups, or that lost its disk. It is not a copy of a store: the receiver applies every batch
// again (node/peers/log_sync.h), and accepts only what is proven to be under a tree that it trusts.
//
//   POST /node/log
//   body = a signed note, by the node that asks (node/peers/peer_request.h):
//
//   suyuan/peer-log/v2
//   ...
//   from <leaf>                     the first that it wants
//   size <leaves>                   of the tree to prove them under; 0: the newest published
//
//   answer = u8 1 ‖ u64 size ‖ checkpoint ‖ u64 position ‖ mark (32)
//            ‖ u32 n ‖ n * hash (32)          from the tree behind the last leaf here to `size`
//            ‖ u32 m ‖ m * (leaf data ‖ submission)
//
// checkpoint, leaf data and submission are u32 length ‖ bytes. If `size` was named, checkpoint is
// empty and the place is zero. A submission is empty except for a batch. An erased sealed section
// has no salt and no bytes in it, or is left out at the end. The answer contains sealed sections
// and events for partners: only nodes in force get it, and beyond loopback only over TLS.
#pragma once

#include <string>
#include <vector>

#include "ledger/batch/batch.h"
#include "ledger/crypto/key_file.h"
#include "ledger/order/order.h"
#include "node/peers/peer_request.h"
#include "node/pipeline/published.h"

namespace suyuan {

inline constexpr size_t kPeerLeavesMax = 1024;               // in one answer
inline constexpr size_t kPeerAnswerBytes = size_t{2} << 20;  // no more leaves once it has this much
inline constexpr size_t kPeerAnswerBytesMax = size_t{16} << 20;

struct PeerRequest {
  PeerEnvelope envelope;
  uint64_t from = 0;
  uint64_t size = 0;
  friend bool operator==(const PeerRequest&, const PeerRequest&) = default;
};
std::string sign_peer_request(const PeerRequest& request, const NamedKeyPair& node);
// Errors: those of open_peer_note.
Result<PeerRequest> open_peer_request(std::string_view body, const PeerAsked& asked);

struct PeerLeaf {
  Bytes data;
  Bytes submission;
  friend bool operator==(const PeerLeaf&, const PeerLeaf&) = default;
};
struct PeerAnswer {
  uint64_t size = 0;
  std::string checkpoint;
  OrderPlace place;
  std::vector<Hash> path;
  std::vector<PeerLeaf> leaves;
  friend bool operator==(const PeerAnswer&, const PeerAnswer&) = default;
};
Bytes encode_peer_answer(const PeerAnswer& answer);
// Total on hostile bytes. Errors: CORRUPT, TOO_MANY.
Result<PeerAnswer> decode_peer_answer(BytesView bytes);

// A node's answer. `published` may be null; `state` has everything committed. Errors:
// SIZE_NOT_REACHED (it has no such tree yet), NOT_FOUND (a payload is no longer there, so nobody
// can apply the batch again), CORRUPT, IO.
Result<PeerAnswer> answer_peer(const PeerRequest& request, const Reader& state,
                               const Published* published);

}  // namespace suyuan
