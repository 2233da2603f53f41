// The acknowledged mark: the newest tree that this node has committed, in a small file beside the
// store, written after each commit and before anyone gets a receipt of it. The watermark stands at
// the last checkpoint; this one closes the gap of what was acknowledged since, in which RocksDB
// does not notice that the end of its log was cut off or that an older copy was put back.
//
// It is not synced, so it costs microseconds. What it names was committed and synced before: a
// power cut can take it back by what the system had not written yet, never ahead of the store.
#pragma once

#include <string>

#include "ledger/os/in_place.h"
#include "ledger/proof/watermark_file.h"
#include "ledger/store/store.h"

namespace suyuan {

// One thread.
class Acknowledged {
 public:
  // A store that has less than is marked: refused where this node alone has the log; awaited where
  // others share it, since it gets what it lost from them, and is held against the mark then.
  enum class Behind : uint8_t { refused, awaited };
  // At start. A file that is missing (an older program's folder) or of which no slot can be read
  // (a power cut may have torn both) is made anew from the store; the watermark counts all the
  // same. ROLLED_BACK: the store is shorter, or another; IO, CORRUPT, NOT_FOUND: the store holds no
  // ledger.
  static Result<Acknowledged> open(const std::string& path, const Reader& store, Behind behind);
  // After a commit; `store` holds `tree`. No more leaves than are marked: nothing is written.
  // ROLLED_BACK: what was awaited came, and is another tree; IO, CORRUPT.
  Result<Done> raise(const TreeHead& tree, const Reader& store);
  // All came that was awaited. ROLLED_BACK: the log ends at `leaves`, before what is marked.
  Result<Done> check_reached(uint64_t leaves) const;
  const Mark& mark() const { return mark_; }
  bool is_awaited() const { return awaited_; }  // the store did not reach the mark yet

 private:
  Acknowledged(InPlaceFile file, const MarkInSlot& newest)
      : file_(std::move(file)), mark_(newest.mark), slot_(newest.slot) {}
  InPlaceFile file_;
  Mark mark_;
  size_t slot_;           // that the mark lies in
  bool awaited_ = false;
};

// Of a folder whose node is stopped; nothing is written. A mark that is missing or unreadable is no
// word. ROLLED_BACK, also where the log is shared: what the store lost comes when its node serves.
Result<Done> check_acknowledged(const std::string& path, const Reader& store);

}  // namespace suyuan
