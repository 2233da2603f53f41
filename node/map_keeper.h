// MapKeeper: the chain map as of its last fold, and the codes whose chains have grown since.
#pragma once

#include <unordered_map>

#include "ledger/merkle/chain_map.h"
#include "ledger/store/schema.h"

namespace suyuan {

// Of the sequencer thread alone. Folding is what a seal costs it; marking costs next to nothing.
class MapKeeper {
 public:
  explicit MapKeeper(ChainMap map) : map_(std::move(map)) {}

  // Takes the new chain heads among the rows of a commit.
  void mark(const Changes& changes);
  // The map with all that was marked. `latest` has the rows of the last commit. After an error
  // nothing is lost: what was marked stays. Errors: IO, CORRUPT.
  Result<Done> fold(const Reader& latest);
  // Whether so many codes are marked that they are folded before the seal, to bound their memory.
  bool is_full() const;

  const ChainMap& map() const { return map_; }  // as of the last fold
  size_t marked() const { return changed_.size(); }

 private:
  struct FirstBytes {  // code keys are hashes already
    size_t operator()(const Hash& key) const;
  };
  ChainMap map_;
  std::unordered_map<Hash, ChainHead, FirstBytes> changed_;
};

// The map of all chain heads that `state` holds, made by `threads` threads. Errors: IO, CORRUPT.
Result<ChainMap> build_map(const Reader& state, size_t threads);

}  // namespace suyuan
