// suyuan-node init makes a ledger: keys, genesis, the store with leaf 0. key and join do the same
// for another node of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ledger/registry/genesis.h"
#include "node/data_folder.h"
#include "node/options.h"
#include "node/pipeline/receipts.h"

namespace suyuan {

struct Initialised {
  LedgerId ledger;
  Genesis genesis;
  std::vector<std::string> authority_key_files;  // of authorities that were made here
  bool begun_again = false;  // an earlier init was interrupted: what it had made was removed
};

// Makes the whole folder, or nothing that serves (init_mark.h). After an interruption at any point
// it can be run again. Errors: INVALID_FIELD, IO.
Result<Initialised> init_ledger(const InitOptions& options, int64_t now_ms);

// Makes a node's key, for a genesis that another node makes. Errors: INVALID_FIELD, IO.
Result<NamedKey> make_node_key(const KeyOptions& options);

// What a joining node's store is made from, once everything is checked that was given.
struct JoinPlace {
  const DataFolder& folder;
  LedgerId ledger;
  Genesis genesis;  // with the nodes in force, as far as known
  const ReceiptSigner& signer;  // this node
};
// Makes folder.store(), and gives its number of leaves. What is in folder.taken_store() after an
// error is removed too.
using MakeStore = std::function<Result<uint64_t>()>;
// Refuses what was given and cannot serve, before anything is written. `place` lives until the
// store is made.
using PlanStore = std::function<Result<MakeStore>(const JoinPlace& place)>;

// Makes the folder of make_node_key a node of the ledger: its genesis, the log's key, and a store
// with leaf 0, or the one that `plan` makes, which grows by what the ordered log has. All or
// nothing, like init_ledger; what is refused before the making leaves the folder as it was.
// Errors: INVALID_FIELD (neither genesis nor the given notice names the folder's key, or it is not
// this log's key), those of an invalid notice and of `plan`, IO.
Result<LedgerId> join_ledger(const JoinOptions& options, const PlanStore& plan = {});

}  // namespace suyuan
