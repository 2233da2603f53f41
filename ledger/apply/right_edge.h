// The right edge: what the last commits wrote, checked again whenever a store is opened.
#pragma once

#include "ledger/store/store.h"

namespace suyuan {

// The head, the last 256 leaves, the tree's edge, the last batches' records, the last batch's chain
// links and receipt, and the last seal must fit each other, and nothing may lie beyond them. This
// finds a half-written or mixed-up store; older rows are for an audit, and a store that is whole
// but too short is for the watermark. Errors: NOT_FOUND: no ledger here yet; CORRUPT: what does not
// fit, and what to do; STORE_TOO_NEW; IO.
Result<Done> check_right_edge(const Reader& reader);

}  // namespace suyuan
