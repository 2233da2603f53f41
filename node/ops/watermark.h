// The watermark: the highest tree that a checkpoint was ever signed for, in a small file next to
// the store. RocksDB does not notice that its log was lost or that an older copy was restored; a
// node that continued from there would sign a second history. So the mark is written and synced
// before a checkpoint leaves the node, and at start the store must reach it.
//
// The two slots of the file (ledger/proof/watermark_file.h) are written in turn: a power cut never
// tears the one that counts.
#pragma once

#include <optional>
#include <string>

#include "ledger/proof/watermark_file.h"
#include "ledger/store/store.h"

namespace suyuan {

// Single-threaded.
class Watermark {
 public:
  // Errors: NOT_FOUND (no file), CORRUPT (neither slot can be read), IO.
  static Result<Watermark> read(const std::string& path);
  // Creates the file.
  // Requires: nothing was ever published from this folder.
  static Result<Watermark> create(const std::string& path);

  // Returns the mark that counts; nullopt if none was made yet.
  const std::optional<Mark>& mark() const { return mark_; }
  // The mark is on disk when it returns. The same tree again writes nothing.
  // Errors: CORRUPT (an older tree, or the same size with another root: what was signed stays
  // signed), IO.
  Result<Done> raise(const TreeHead& tree);

 private:
  explicit Watermark(std::string path) : path_(std::move(path)) {}
  std::string path_;
  std::optional<Mark> mark_;
  size_t slot_ = 0;  // the slot that holds the mark
};

// Writes the file of a folder that is made from a backup or an exported log. Errors: IO.
Result<Done> write_watermark(const std::string& path, const Mark& mark);

// Verifies that the store holds the marked tree.
// Errors: ROLLED_BACK (it is shorter, or another), IO, CORRUPT.
Result<Done> check_watermark(const Mark& mark, const Reader& store);

// Called at start, before anything is signed. `published`: the store holds checkpoints.
// Errors: ROLLED_BACK as above; CORRUPT (the file is missing or unreadable, so nobody knows whether
// the store is whole).
Result<Watermark> open_watermark(const std::string& path, const Reader& store, bool published);

}  // namespace suyuan
