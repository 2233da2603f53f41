// The evidence, in the data folder, that two nodes of one ledger hold different ledgers. A node
// that was not with the majority does not start while it is there.
#pragma once

#include <string>

#include "ledger/base/error.h"
#include "node/peers/peers.h"

namespace suyuan {

// Keeps both checkpoints, synced: divergence-<peer>-<size>.txt, for the first few of a peer; and,
// for a node that stops, the mark `divergence`. Errors: IO.
Result<Done> keep_evidence(const std::string& data, const Divergence& found);
// Errors: ROLLED_BACK (the mark is there; says what it says and what to do).
Result<Done> check_no_evidence(const std::string& data);

}  // namespace suyuan
