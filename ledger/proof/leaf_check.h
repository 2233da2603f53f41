// The events behind a leaf, checked against the leaf itself.
#pragma once

#include "ledger/proof/leaf_events.h"

namespace suyuan {

// As decode_leaf_events, and exactly those that the leaf's note signs: as many as it counts, their
// records under its root, open payloads under their records. No signature is verified here, and
// whether the leaf is in the log is for its hash to say. CORRUPT, TOO_LARGE, NOTE_SYNTAX.
Result<std::vector<LeafEvent>> open_leaf_events(BytesView leaf_data, BytesView file);

}  // namespace suyuan
