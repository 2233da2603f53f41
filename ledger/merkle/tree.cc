#include "ledger/merkle/tree.h"

#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

constexpr uint8_t kLeafByte = 0x00;
constexpr uint8_t kNodeByte = 0x01;

// One level up: pairs are hashed, and a last node without a sibling moves up unchanged. This gives
// the tree of RFC 9162, whose left part always has the largest power of two of leaves.
void raise(std::vector<Hash>& level) {
  const size_t pairs = level.size() / 2;
  for (size_t i = 0; i < pairs; ++i) level[i] = node_hash(level[2 * i], level[2 * i + 1]);
  if (level.size() % 2 == 1) level[pairs] = level.back();
  level.resize((level.size() + 1) / 2);
}

}  // namespace

Hash leaf_hash(BytesView data) {
  Sha256 stream;
  stream.update(kLeafByte);
  stream.update(data);
  return stream.finish();
}

Hash node_hash(const Hash& left, const Hash& right) {
  // One buffer: three updates cost a tenth more.
  std::array<char, 1 + 2 * Hash::kSize> bytes;
  bytes[0] = static_cast<char>(kNodeByte);
  std::memcpy(bytes.data() + 1, left.data.data(), Hash::kSize);
  std::memcpy(bytes.data() + 1 + Hash::kSize, right.data.data(), Hash::kSize);
  return sha256(BytesView(bytes.data(), bytes.size()));
}

const Hash& empty_root() {
  static const Hash kEmpty = sha256(BytesView{});
  return kEmpty;
}

Hash tree_hash(std::span<const Hash> leaf_hashes) {
  if (leaf_hashes.empty()) return empty_root();
  std::vector<Hash> level(leaf_hashes.begin(), leaf_hashes.end());
  while (level.size() > 1) raise(level);
  return level.front();
}

std::vector<Hash> inclusion_path(std::span<const Hash> leaf_hashes, size_t index) {
  SUYUAN_CHECK(index < leaf_hashes.size());
  std::vector<Hash> path;
  std::vector<Hash> level(leaf_hashes.begin(), leaf_hashes.end());
  for (; level.size() > 1; raise(level), index /= 2) {
    const size_t sibling = index ^ 1;
    if (sibling < level.size()) path.push_back(level[sibling]);
  }
  return path;
}

}  // namespace suyuan
