// Walks forward from a thing through every use of it. Internal to this folder.
#pragma once

#include "ledger/provenance/facts.h"

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
  // Called once for each; `units` is turned to it. Units of a lot come in the order of their
  // making.
  std::function<Result<Done>(const Downstream&)> unit;
  // How many more units the walk may visit; absent: all.
  std::function<size_t()> room = {};
};

struct WalkPlace;  // ledger/provenance/walk_place.h

// The mirror of trace back: a use counts from the moment at which the asked thing was in it. `walk`
// and `units` read the same state: a lot's rows are scanned while those of its units are looked up.
// `place`: where to continue from, empty at first. If the result is false, there was no room for
// another unit, and `place` is the present position.
// Errors: TOO_COMPLEX (more than limits::kRecallUnitsMax units).
Result<bool> walk_forward(Facts& walk, Facts& units, std::string_view code,
                          const DownstreamVisitor& visit, WalkPlace& place);

// Counted by quantity: the code names many things or an amount.
Result<bool> is_lot(const Facts& facts, std::string_view code, const Hash& key);

}  // namespace suyuan
