// Opening a node's data folder: everything in it must fit together, and be the newest there is,
// before anything is served or signed.
#pragma once

#include <memory>
#include <optional>

#include "ledger/crypto/key_file.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/access/access_log.h"
#include "node/data_folder.h"
#include "node/ops/acknowledged.h"
#include "node/ops/watermark.h"
#include "node/options.h"
#include "node/pipeline/map_keeper.h"
#include "node/pipeline/publisher.h"

namespace suyuan {

struct OpenedFolder {
  std::unique_ptr<RocksStore> store;
  LedgerId ledger;
  Genesis genesis;
  std::vector<NamedKey> nodes;  // of the ledger, as far as is known before the log is followed
  NamedKeyPair node_key;  // of one of them: signs receipts, and checkpoints beside the log
  NamedKeyPair log_key;   // that of genesis, under the origin's name: signs checkpoints
  std::optional<NamedKeyPair> gateway_key;  // signs for parties whose programs cannot
  Watermark watermark;
  Acknowledged acknowledged;
  std::unique_ptr<AccessLog> access_log;
};
// Writes the registry rows that only repeat other rows (ledger/registry/derived_rows.h), where an
// earlier program left them out or let them stand. Part of open_folder. A failed write changes
// nothing; the next start tries again.
// Errors: IO, CORRUPT.
Result<Done> mend_registry_rows(Store& store);

// NOT_FOUND: no ledger, a key file or the store is missing; ROLLED_BACK: the store is behind the
// watermark or what was acknowledged (where the log is shared, it is opened all the same, to be
// brought there: node/startup/rejoin.h); CORRUPT,
// STORE_TOO_NEW, IO, INVALID_FIELD, each with what to do.
Result<OpenedFolder> open_folder(const DataFolder& folder, const ServeOptions& options);

// Returns the state as it is, with its chain map made again from the rows, as build_map does. If
// the last leaf is a seal, the map must have the root that it names: CORRUPT.
struct OpenedState {
  Sealed state;
  bool is_sealed = false;  // the last leaf is a seal: `state` can be published
};
Result<OpenedState> open_state(const Store& store, size_t threads,
                               size_t map_bytes_max = kMapBytesDefault);

}  // namespace suyuan
