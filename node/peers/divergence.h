// What remains of the moment in which two nodes of one ledger turned out to hold two: the evidence,
// in the data folder. A node that was not with the majority does not start beside it.
#pragma once

#include <string>

#include "ledger/base/error.h"
#include "node/peers/peers.h"

namespace suyuan {

// Keeps both checkpoints, synced: divergence-<peer>-<size>.txt, of the first few of a peer; and, of
// one who stops, the mark divergence. IO.
Result<Done> keep_evidence(const std::string& data, const Divergence& found);
// ROLLED_BACK: the mark is there; what it says and what to do.
Result<Done> check_no_evidence(const std::string& data);

}  // namespace suyuan
