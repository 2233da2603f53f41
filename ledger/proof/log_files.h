// The log's files, made from a store's rows: tiles, entry bundles, the events of a leaf. All are as
// of a published size, so a file never changes once it was served.
#pragma once

#include "ledger/proof/log_source.h"
#include "ledger/proof/tiles.h"
#include "ledger/store/store.h"

namespace suyuan {

// Returns hashes or entries, as `tile` says. Also serves a partial tile that has grown since.
// Errors: NOT_FOUND (the tree of `size` leaves does not hold this tile at this width), CORRUPT, IO.
Result<Bytes> read_tile(const Reader& reader, uint64_t size, const Tile& tile);
// Returns the events of a leaf. Non-public payloads are withheld, except from the store's owner.
// Errors: NOT_FOUND (leaf >= size), CORRUPT (also if the rows are not what the leaf's note counts).
enum class LogReadBy : uint8_t { anyone, owner };
Result<Bytes> read_leaf_events(const Reader& reader, uint64_t size, uint64_t leaf,
                               LogReadBy by = LogReadBy::anyone);

// All files by path, from a local store. `reader` must outlive the object.
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
