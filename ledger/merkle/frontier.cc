#include "ledger/merkle/frontier.h"

#include <bit>

#include "ledger/base/coding.h"
#include "ledger/merkle/tree.h"

namespace suyuan {

void Frontier::append(const Hash& leaf_hash, const NodeSink& sink) {
  SUYUAN_CHECK(size_ < UINT64_MAX);
  Hash node = leaf_hash;
  unsigned level = 0;
  if (sink) sink(level, size_, node);
  // Adding one to size_ carries through its low ones: each carry joins the last peak with the new
  // node.
  for (; (size_ >> level & 1) == 1; peaks_.pop_back()) {
    node = node_hash(peaks_.back(), node);
    ++level;
    if (sink && is_stored_level(level)) sink(level, size_ >> level, node);
  }
  peaks_.push_back(node);
  ++size_;
}

Hash Frontier::root() const {
  if (peaks_.empty()) return empty_root();
  Hash node = peaks_.back();
  for (size_t i = peaks_.size() - 1; i > 0; --i) node = node_hash(peaks_[i - 1], node);
  return node;
}

Result<Frontier> Frontier::read(const NodeSource& nodes, uint64_t size) {
  Frontier frontier;
  frontier.size_ = size;
  for (unsigned level = 64; level-- > 0;) {
    if ((size >> level & 1) == 0) continue;
    SUYUAN_TRY(peak, nodes.node(level, (size >> level) - 1));
    frontier.peaks_.push_back(peak);
  }
  return frontier;
}

Bytes Frontier::encode() const {
  Bytes out;
  out.reserve(sizeof(size_) + peaks_.size() * Hash::kSize);
  put_u64(out, size_);
  for (const Hash& peak : peaks_) out += peak.view();
  return out;
}

Result<Frontier> Frontier::decode(BytesView bytes) {
  Frontier frontier;
  Decoder decoder(bytes);
  if (!decoder.get_u64(frontier.size_)) return fail(Code::CORRUPT, "the tree's edge has no size");
  frontier.peaks_.resize(static_cast<size_t>(std::popcount(frontier.size_)));
  for (Hash& peak : frontier.peaks_) {
    if (!decoder.get_fixed(peak)) return fail(Code::CORRUPT, "the tree's edge lacks a hash");
  }
  if (!decoder.done()) return fail(Code::CORRUPT, "bytes follow the tree's edge");
  return frontier;
}

}  // namespace suyuan
