// Walks forward from a thing through every use of it. Internal to this folder.
#pragma once

#include "ledger/provenance/facts.h"
#include "ledger/provenance/recall_memory.h"

namespace suyuan {

// A lot or a single thing that the asked one went into.
struct Downstream {
  std::string code;
  Hash key;
  std::string lot;  // of a unit: the lot that it was commissioned from
  Instant from;     // when the asked thing went into it: earlier uses do not matter
};

struct DownstreamVisitor {
  std::function<Result<Done>(const Downstream&)> lot;   // each once
  // Called once for each; `units` is turned to it.
  std::function<Result<Done>(const Downstream&)> unit;
  // How many units the walk may still visit, and whether it may visit a further lot. Then units of
  // a lot come in the order of their making. Without them all are visited, in any order.
  std::function<size_t()> room = {};
  std::function<bool()> has_room_for_lot = {};
  // Without room: from the moment at which this is so, units come in the order of their making
  // again, since what those of one container share is not kept until they all came.
  std::function<bool()> by_making = {};
};

struct WalkPlace;  // ledger/provenance/walk_place.h

// The mirror of trace back: a use counts from the moment at which the asked thing was in it.
// `walk` and `units` read the same state: rows of a lot are gone through while those of its units
// are looked up. `place`: where to go on from, empty at first; and, where it returns false since
// there was no room for a further unit or lot, where it stands. `share`: holds what it remembers.
// Errors: TOO_COMPLEX (more than limits::kRecallUnitsMax units, or `share` has no more), BUSY.
Result<bool> walk_forward(Facts& walk, Facts& units, std::string_view code,
                          const DownstreamVisitor& visit, WalkPlace& place, RecallShare& share);

// Counted by quantity: the code names many things or an amount.
Result<bool> is_lot(const Facts& facts, std::string_view code, const Hash& key);

}  // namespace suyuan
