// suyuan-node recover: the log in etcd is lost (emptied, or restored to an older state), and the
// nodes agree where it continues (node/peers/generation.h).
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "node/options.h"

namespace suyuan {

struct RecoverOptions {
  std::string data;
  OrderOptions order;
  PassphraseSource passphrase = {};  // of the node's key files, if they are encrypted
  bool nothing_newer_was_signed = false;  // the operator's assurance, for a restored folder
  // The operator's assurance: nobody has the leaves any longer that the log in etcd begins after,
  // because the node that had them is gone. The nodes agree again, on what they still have.
  bool base_is_lost = false;
  std::chrono::milliseconds wait{600'000};   // for more than half of the nodes
  std::chrono::milliseconds settle{10'000};  // for the others, from then on
};
struct Recovered {
  uint64_t position = 0;  // the log continues after it
  uint64_t leaves = 0;
  std::string founder;
  std::vector<std::string> nodes;  // the nodes that agreed
  uint64_t own_leaves = 0;  // fewer: serve fetches the rest from another node
};
// On each node, none of them serving. Waits for more than half of the nodes, and for etcd while it
// does not answer. `report` gets one line for each thing that it waits for. What nodes agreed on is
// kept in the store at once, also where the store lacks leaves of it: such a store still counts
// next time, but does not begin.
// Errors: INVALID_FIELD (the log in etcd goes on from where this store is, nothing is lost; or
// `base_is_lost`, and the log does not begin behind leaves that this store lacks), UNAVAILABLE (too
// few nodes came, or one knows a later beginning that this store does not know, or the folder was
// restored and has not caught up since), KEY_UNKNOWN (the log has begun with a node that this store
// does not know: a notice that it lacks may name it), ROLLED_BACK (the log has begun anew without
// what this store holds, or this store lost its newest leaves, or is of another ledger than the
// others'); errors of open_folder.
Result<Recovered> recover(const RecoverOptions& options,
                          const std::function<void(const std::string&)>& report);

}  // namespace suyuan
