// The acknowledged mark: the newest tree that this node has committed, in a small file next to the
// store. It is written after each commit, before anyone gets a receipt for it. The watermark stops
// at the last checkpoint; this mark covers what was acknowledged after that. RocksDB does not
// notice there that the end of its log was cut off, or that an older copy was restored.
//
// The file is not synced, so a write costs microseconds. What it names was committed and synced
// before: a power cut can set the mark back by what the system had not written yet, but never ahead
// of the store.
#pragma once

#include <string>

#include "ledger/os/in_place.h"
#include "ledger/proof/watermark_file.h"
#include "ledger/store/store.h"

namespace suyuan {

// Single-threaded.
class Acknowledged {
 public:
  // What to do if the store has less than is marked. `refused`: this node alone has the log.
  // `awaited`: nodes share the log, so the store gets back from them what it lost, and is compared
  // with the mark then.
  enum class Behind : uint8_t { refused, awaited };
  // Called at start. If the file is missing (an older program's folder) or no slot can be read (a
  // power cut may have torn both), it is written again from the store; the watermark still counts.
  // Errors: ROLLED_BACK (the store is shorter, or another), IO, CORRUPT, NOT_FOUND (the store holds
  // no ledger).
  static Result<Acknowledged> open(const std::string& path, const Reader& store, Behind behind);
  // Called after a commit; `store` holds `tree`. Writes nothing if the mark has as many leaves
  // already.
  // Errors: ROLLED_BACK (what was awaited came, and is another tree), IO, CORRUPT.
  Result<Done> raise(const TreeHead& tree, const Reader& store);
  // Verifies that everything awaited has come.
  // Errors: ROLLED_BACK (the log ends at `leaves`, before the mark).
  Result<Done> check_reached(uint64_t leaves) const;
  const Mark& mark() const { return mark_; }
  bool is_awaited() const { return awaited_; }  // the store has not reached the mark yet

 private:
  Acknowledged(InPlaceFile file, const MarkInSlot& newest)
      : file_(std::move(file)), mark_(newest.mark), slot_(newest.slot) {}
  InPlaceFile file_;
  Mark mark_;
  size_t slot_;  // the slot that holds the mark
  bool awaited_ = false;
};

// Checks the folder of a stopped node, and writes nothing. A missing or unreadable mark is no
// error.
// Errors: ROLLED_BACK, even if the log is shared: what the store lost comes only when its node
// serves.
Result<Done> check_acknowledged(const std::string& path, const Reader& store);

}  // namespace suyuan
