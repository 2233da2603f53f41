// The events behind a leaf, checked against the leaf itself.
#pragma once

#include "ledger/proof/leaf_events.h"

namespace suyuan {

// Decodes as decode_leaf_events, and checks the events against the leaf's note: their number, their
// records under its root, open payloads under their records. Verifies no signature; the leaf's hash
// must show that it is in the log. Errors: CORRUPT, TOO_LARGE, NOTE_SYNTAX.
Result<std::vector<LeafEvent>> open_leaf_events(BytesView leaf_data, BytesView file);

}  // namespace suyuan
