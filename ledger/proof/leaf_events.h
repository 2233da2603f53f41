// The file of a leaf's events: what a batch's note signs by its root, beside the tiles (formats.md
// 4). Empty for a leaf without events: genesis, seal.
//
//   file  = for each event of the batch, in order:
//           u32 length ‖ record ‖ u8 state ‖ [open: salt (32) ‖ u32 length ‖ payload]
//   state = 0 open | 1 withheld | 2 erased
//
// The record is always there: so the batch's root and the chains can be checked whatever is kept
// from the reader. Nothing here vouches for the state: "erased" counts only with its notice.
#pragma once

#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"

namespace suyuan {

enum class PayloadState : uint8_t { open = 0, withheld = 1, erased = 2 };

// Views into the file, or into what it is made from.
struct LeafEvent {
  BytesView record;
  PayloadState state = PayloadState::open;
  Salt salt = {};          // with `payload`: only where it is open
  BytesView payload = {};
  friend bool operator==(const LeafEvent&, const LeafEvent&) = default;
};

// REQUIRES: within the limits below.
void put_leaf_event(Bytes& file, const LeafEvent& event);
// At most limits::kBatchEventsMax events; whether a record decodes is for decode_record to say, how
// many there must be for the leaf's note. What decodes encodes to the same bytes. TOO_LARGE,
// CORRUPT.
Result<std::vector<LeafEvent>> decode_leaf_events(BytesView file);

}  // namespace suyuan
