// MapKeeper: the chain map as of its last fold, and the codes whose chains have grown since.
#pragma once

#include <future>
#include <unordered_map>
#include <vector>

#include "ledger/merkle/chain_map.h"
#include "ledger/store/schema.h"
#include "ledger/store/store.h"

namespace suyuan {

// Default for the bytes of the map's pages.
inline constexpr size_t kMapBytesDefault = size_t{1} << 30;

// Used by one thread at a time. Marking is almost free for it; most of the folding runs on another
// thread while batches continue, so a seal waits little.
class MapKeeper {
 public:
  // When the map's pages exceed `bytes_max`, the lowest are closed until half remains. Work on a
  // closed page reads all rows below it. Not counted: pages that only an older, still published map
  // has, and what one fold opens before it is closed.
  explicit MapKeeper(ChainMap map, size_t bytes_max = kMapBytesDefault)
      : bytes_max_(bytes_max), map_(std::move(map)) {}

  // Takes the new chain heads among the rows of a commit.
  void mark(const Changes& changes);
  // Starts to fold the marked codes on a separate thread, if there are enough to be worth it and
  // the previous fold has ended. Call after marking: the store is at the last marked commit.
  void fold_ahead(const Store& store);
  // The map with everything that was marked, whichever thread folded it. `latest` has the rows of
  // the last commit. After an error nothing is lost: the marks stay. Errors: IO, CORRUPT.
  Result<Done> fold(const Reader& latest);
  // Whether so many codes are marked that they must be folded before the seal, to bound their
  // memory.
  bool is_full() const;

  const ChainMap& map() const { return map_; }  // as of the last fold
  size_t marked() const { return changed_.size() + ahead_.size(); }

 private:
  struct FirstBytes {  // code keys are hashes already
    size_t operator()(const Hash& key) const;
  };
  using Heads = std::unordered_map<Hash, ChainHead, FirstBytes>;
  static std::vector<MapEntry> entries_of(const Heads& heads);
  // Waits for the fold on the other thread, if there is one, and takes what it made.
  Result<Done> take_ahead();

  const size_t bytes_max_;
  ChainMap map_;
  Heads changed_;
  Heads ahead_;  // what the other thread folds
  std::future<Result<ChainMap>> folding_;  // its end waits for the thread
};

// The map of all chain heads that `state` holds, made by `threads` threads and closed to about
// `bytes_max`. Errors: IO, CORRUPT.
Result<ChainMap> build_map(const Reader& state, size_t threads,
                           size_t bytes_max = kMapBytesDefault);

}  // namespace suyuan
