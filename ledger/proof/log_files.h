// The log's files, made from a store's rows: tiles, entry bundles, the events of a leaf. All of it
// as of a published size, so that a file never changes once it was given out.
#pragma once

#include "ledger/proof/log_source.h"
#include "ledger/proof/tiles.h"
#include "ledger/store/store.h"

namespace suyuan {

// Hashes or entries, whichever `tile` names. NOT_FOUND: the tree of `size` leaves does not hold
// this tile in this width; a partial tile that has grown since is still given. CORRUPT, IO.
Result<Bytes> read_tile(const Reader& reader, uint64_t size, const Tile& tile);
// NOT_FOUND: leaf >= size. CORRUPT: also where the rows are not what the leaf's note counts.
// What is not for everyone is withheld, but from a reader who has the store itself.
enum class LogReadBy : uint8_t { anyone, owner };
Result<Bytes> read_leaf_events(const Reader& reader, uint64_t size, uint64_t leaf,
                               LogReadBy by = LogReadBy::anyone);

// All of them by path, of a store that is at hand. `reader` outlives it.
class StoreLog final : public LogSource {
 public:
  // `checkpoint`: the note over the tree of `size` leaves.
  StoreLog(const Reader& reader, uint64_t size, std::string checkpoint,
           LogReadBy by = LogReadBy::anyone)
      : reader_(reader), size_(size), checkpoint_(std::move(checkpoint)), by_(by) {}
  Result<Bytes> read(const std::string& path) override;

 private:
  const Reader& reader_;
  const uint64_t size_;
  const std::string checkpoint_;
  const LogReadBy by_;
};

}  // namespace suyuan
