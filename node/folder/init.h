// suyuan-node init: makes a ledger: keys, genesis, the store with leaf 0. key and join: the same
// for a further node of it.
#pragma once

#include <string>
#include <vector>

#include "ledger/registry/genesis.h"
#include "node/data_folder.h"
#include "node/options.h"

namespace suyuan {

struct Initialised {
  LedgerId ledger;
  Genesis genesis;
  std::vector<std::string> authority_key_files;  // of authorities that were made here
  bool begun_again = false;  // an init before had been interrupted: what it made was taken away
};

// Whole, or nothing that serves (init_mark.h); after an interruption at any point it can be run
// again. INVALID_FIELD, IO.
Result<Initialised> init_ledger(const InitOptions& options, int64_t now_ms);

// Makes a node's key, for a genesis that another node makes. INVALID_FIELD, IO.
Result<NamedKey> make_node_key(const KeyOptions& options);

// The folder of make_node_key becomes a node of the ledger: its genesis, the log's key, a store
// with leaf 0, which grows by what the ordered log holds. As whole as init_ledger. INVALID_FIELD:
// neither genesis nor the notice given names the folder's key, or not this log key; what a notice
// is refused for; IO.
Result<LedgerId> join_ledger(const JoinOptions& options);

}  // namespace suyuan
