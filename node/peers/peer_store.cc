#include "node/peers/peer_store.h"

#include <algorithm>
#include <array>
#include <set>

#include "ledger/base/coding.h"

namespace suyuan {
namespace {

constexpr uint8_t kListVersion = 1;
constexpr std::array<std::string_view, 3> kStoreNumbers = {"view", "file", "from"};
constexpr PeerRequestKind kStoreRequest = {.header = "suyuan/peer-store/v1",
                                           .numbers = kStoreNumbers};

bool is_store_file(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= kStoreFileNameMax && name.front() != '.' &&
         std::ranges::all_of(name, is_plain);
}

}  // namespace

std::string sign_store_request(const StoreRequest& request, const NamedKeyPair& node) {
  const std::array numbers = {request.view, request.file, request.from};
  return sign_peer_note(kStoreRequest, request.envelope, numbers, node);
}

Result<StoreRequest> open_store_request(std::string_view body, const PeerAsked& asked) {
  SUYUAN_TRY(opened, open_peer_note(kStoreRequest, body, asked));
  return StoreRequest{.envelope = std::move(opened.envelope),
                      .view = opened.numbers[0],
                      .file = opened.numbers[1],
                      .from = opened.numbers[2]};
}

Bytes encode_store_list(const StoreList& list) {
  Bytes out;
  put_u8(out, kListVersion);
  put_u64(out, list.view);
  put_u32(out, static_cast<uint32_t>(list.files.size()));
  for (const StoreFile& file : list.files) {
    put_string(out, file.name);
    put_u64(out, file.bytes);
  }
  return out;
}

Result<StoreList> decode_store_list(BytesView bytes) {
  Decoder in(bytes);
  StoreList list;
  uint8_t version = 0;
  uint32_t count = 0;
  bool whole = in.get_u8(version) && version == kListVersion && in.get_u64(list.view) &&
               list.view != 0 && in.get_u32(count) && count <= kStoreFilesMax;
  std::set<std::string> names;
  for (uint32_t i = 0; whole && i < count; ++i) {
    StoreFile file;
    whole = in.get_string(file.name) && in.get_u64(file.bytes) && is_store_file(file.name) &&
            names.insert(file.name).second;
    list.files.push_back(std::move(file));
  }
  if (whole && in.done()) return list;
  return fail(Code::CORRUPT, "the node's answer is not a list of a store's files");
}

}  // namespace suyuan
