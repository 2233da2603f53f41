// Which nodes of the ledger signed a checkpoint.
#pragma once

#include <string>
#include <vector>

#include "ledger/proof/open_note.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// The key that a node cosigns checkpoints with.
NoteKey cosigner_key(const NamedKey& node);
// Returns the names of the nodes that have a line under a checkpoint which this node made or kept.
// Verifies no signature.
std::vector<std::string> nodes_under(const std::string& checkpoint,
                                     const std::vector<NamedKey>& nodes);

}  // namespace suyuan
