// The right edge: the rows of the last commits, checked whenever a store is opened.
#pragma once

#include "ledger/store/store.h"

namespace suyuan {

// Checks that the head, the last 256 leaves, the tree's edge, the last batches' records, the last
// batch's chain links and receipt, and the last seal fit each other, and that nothing lies beyond
// them. Finds a half-written or mixed-up store. An audit checks older rows; the watermark finds a
// store that is intact but too short.
// Errors: NOT_FOUND (no ledger here yet), CORRUPT (what does not fit, and what to do),
// STORE_TOO_NEW, IO.
Result<Done> check_right_edge(const Reader& reader);

}  // namespace suyuan
