// RFC 6962 2.1 by its own recursive words, to compare with; and a tree that keeps what a store
// would.
#pragma once

#include <map>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/crypto/hash.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/nodes.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"

namespace suyuan::testing {

using Hashes = std::vector<Hash>;
using HashSpan = std::span<const Hash>;

inline size_t naive_split(size_t size) {
  size_t split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

inline Hash naive_root(HashSpan leaves) {
  if (leaves.empty()) return sha256("");
  if (leaves.size() == 1) return leaves[0];
  const size_t split = naive_split(leaves.size());
  const Hash left = naive_root(leaves.first(split));
  const Hash right = naive_root(leaves.subspan(split));
  return sha256({"\x01", left.view(), right.view()});
}

// naive_root, which keeps what it has hashed: for tests of every tree up to some size. The leaves
// must stay where they are.
class KeptRoots {
 public:
  Hash operator()(HashSpan leaves) {
    if (leaves.size() <= 1) return naive_root(leaves);
    const auto [kept, is_new] = kept_.try_emplace({leaves.data(), leaves.size()});
    if (is_new) {
      const size_t split = naive_split(leaves.size());
      const Hash left = (*this)(leaves.first(split));
      const Hash right = (*this)(leaves.subspan(split));
      kept->second = sha256({"\x01", left.view(), right.view()});
    }
    return kept->second;
  }

 private:
  std::map<std::pair<const Hash*, size_t>, Hash> kept_;
};

template <class Root>
Hashes naive_inclusion(HashSpan leaves, size_t index, Root& root) {
  if (leaves.size() == 1) return {};
  const size_t split = naive_split(leaves.size());
  const HashSpan left = leaves.first(split);
  const HashSpan right = leaves.subspan(split);
  auto path = index < split ? naive_inclusion(left, index, root)
                            : naive_inclusion(right, index - split, root);
  path.push_back(root(index < split ? right : left));
  return path;
}
inline Hashes naive_inclusion(HashSpan leaves, size_t index) {
  return naive_inclusion(leaves, index, naive_root);
}

// SUBPROOF of RFC 6962 2.1.2; `whole`: these leaves are all of the older tree's.
template <class Root>
Hashes naive_subproof(HashSpan leaves, size_t older, bool whole, Root& root) {
  if (older == leaves.size()) return whole ? Hashes{} : Hashes{root(leaves)};
  const size_t split = naive_split(leaves.size());
  const HashSpan left = leaves.first(split);
  const HashSpan right = leaves.subspan(split);
  auto path = older <= split ? naive_subproof(left, older, whole, root)
                             : naive_subproof(right, older - split, false, root);
  path.push_back(root(older <= split ? right : left));
  return path;
}
template <class Root>
Hashes naive_consistency(HashSpan leaves, size_t older, Root& root) {
  return naive_subproof(leaves, older, true, root);
}
inline Hashes naive_consistency(HashSpan leaves, size_t older) {
  return naive_consistency(leaves, older, naive_root);
}

inline Hashes leaves_of(size_t count, const std::string& before = "suyuan-leaf-") {
  Hashes leaves;
  for (size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(before + std::to_string(i)));
  return leaves;
}

inline TreeHead head_of(HashSpan leaves, size_t size) {
  return {.size = size, .root = naive_root(leaves.first(size))};
}

// Every node, made from all leaves: what TiledNodes must agree with. Not thread-safe.
class NaiveNodes final : public NodeSource {
 public:
  explicit NaiveNodes(HashSpan leaves) : leaves_(leaves) {}
  Result<Hash> node(unsigned level, uint64_t index) const override {
    const uint64_t width = uint64_t{1} << level;
    if ((index + 1) * width > leaves_.size()) return fail(Code::NOT_FOUND, "no such node yet");
    return root_(leaves_.subspan(index * width, width));
  }

 private:
  HashSpan leaves_;
  mutable KeptRoots root_;
};

// The rows that a Frontier's sink gives, and nothing else.
class StoredRows final : public StoredHashes {
 public:
  void put(unsigned level, uint64_t index, const Hash& hash) { rows_[{level, index}] = hash; }
  NodeSink sink() {
    return [this](unsigned level, uint64_t index, const Hash& hash) { put(level, index, hash); };
  }
  Result<Hashes> range(unsigned level, uint64_t first, size_t count) const override {
    most_read_ = std::max(most_read_, count);
    total_read_ += count;
    Hashes found;
    for (uint64_t i = first; i < first + count; ++i) {
      const auto row = rows_.find({level, i});
      if (row == rows_.end()) return fail(Code::NOT_FOUND, "no such row");
      found.push_back(row->second);
    }
    return found;
  }
  size_t most_read() const { return most_read_; }
  size_t total_read() const { return total_read_; }
  const std::map<std::pair<unsigned, uint64_t>, Hash>& rows() const { return rows_; }

 private:
  std::map<std::pair<unsigned, uint64_t>, Hash> rows_;
  mutable size_t most_read_ = 0;
  mutable size_t total_read_ = 0;
};

}  // namespace suyuan::testing
