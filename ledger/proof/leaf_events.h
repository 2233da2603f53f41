// The file of a leaf's events, next to the tiles: what a batch's note signs by its root (formats.md
// 4). Empty for a leaf without events: genesis, seal.
//
//   file  = for each event of the batch, in order:
//           u32 length ‖ record ‖ u8 state ‖ [open: salt (32) ‖ u32 length ‖ payload]
//   state = 0 open | 1 withheld | 2 erased
//
// The record is always present, so the batch's root and the chains can be checked whatever is
// withheld. Nothing here proves the state: "erased" counts only with its notice.
#pragma once

#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"

namespace suyuan {

enum class PayloadState : uint8_t { open = 0, withheld = 1, erased = 2 };

// Views into the file, or into the data it is made from.
struct LeafEvent {
  BytesView record;
  PayloadState state = PayloadState::open;
  Salt salt = {};          // with `payload`: only if it is open
  BytesView payload = {};
  friend bool operator==(const LeafEvent&, const LeafEvent&) = default;
};

// Requires: within the limits below.
void put_leaf_event(Bytes& file, const LeafEvent& event);
// Decodes at most limits::kBatchEventsMax events. Does not check that a record decodes (see
// decode_record) or that the number fits the leaf's note. What decodes, encodes to the same bytes.
// Errors: TOO_LARGE, CORRUPT.
Result<std::vector<LeafEvent>> decode_leaf_events(BytesView file);

}  // namespace suyuan
