// A node's store as it gives it to another: the files of a RocksDB checkpoint, read piece by piece.
// For a node that joins a large ledger: it judges the log from a copy (node/backup/take_store.h)
// instead of asking for it part by part (node/peers/peer_log.h).
//
//   POST /node/store
//   body = a signed note, by the node that asks (node/peers/peer_request.h):
//
//   suyuan/peer-store/v1
//   ...
//   view <number>                   0: make one, and say what is in it; otherwise the one made
//   file <number>                   its index in the list; 0 for view 0
//   from <byte>                     the first that is wanted; 0 for view 0
//
//   answer to view 0 = u8 1 ‖ u64 view ‖ u32 n ‖ n * (u32 length ‖ name ‖ u64 bytes)
//   answer otherwise = the bytes of the file from there on, at most kStorePieceBytesMax
//
// A view is hard links to files that never change, in the data folder of the node that is asked,
// for one node at a time. It goes after kStoreViewIdleMs without a question, after kStoreViewMs,
// and with the node.
// The store contains sealed sections and events for partners: only nodes in force get it, and
// beyond loopback only over TLS.
#pragma once

#include <string>
#include <vector>

#include "node/peers/peer_request.h"

namespace suyuan {

inline constexpr size_t kStorePieceBytesMax = size_t{4} << 20;
inline constexpr size_t kStoreFilesMax = 500'000;  // some 32 TB of table files
inline constexpr size_t kStoreListBytesMax = size_t{32} << 20;
inline constexpr size_t kStoreFileNameMax = 64;
inline constexpr int64_t kStoreViewIdleMs = 120'000;
inline constexpr int64_t kStoreViewMs = int64_t{24} * 3600 * 1000;

struct StoreRequest {
  PeerEnvelope envelope;
  uint64_t view = 0;
  uint64_t file = 0;
  uint64_t from = 0;
  friend bool operator==(const StoreRequest&, const StoreRequest&) = default;
};
std::string sign_store_request(const StoreRequest& request, const NamedKeyPair& node);
// Errors: those of open_peer_note.
Result<StoreRequest> open_store_request(std::string_view body, const PeerAsked& asked);

struct StoreFile {
  std::string name;  // letters, digits, '.', '-', '_'; no folder
  uint64_t bytes = 0;
  friend bool operator==(const StoreFile&, const StoreFile&) = default;
};
struct StoreList {
  uint64_t view = 0;  // not 0
  std::vector<StoreFile> files;
  friend bool operator==(const StoreList&, const StoreList&) = default;
};
Bytes encode_store_list(const StoreList& list);
// Total on hostile bytes: names are such as may be written into a folder, each once. Errors:
// CORRUPT.
Result<StoreList> decode_store_list(BytesView bytes);

}  // namespace suyuan
