// Opens a node's data folder: everything in it must fit together, and be the newest state, before
// anything is served or signed.
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
  std::vector<NamedKey> nodes;  // of the ledger, as far as known before the log is followed
  NamedKeyPair node_key;  // one of them: signs receipts, and checkpoints next to the log
  NamedKeyPair log_key;   // genesis' log key, under the origin's name: signs checkpoints
  std::optional<NamedKeyPair> gateway_key;  // signs for parties whose programs cannot
  Watermark watermark;
  Acknowledged acknowledged;
  std::unique_ptr<AccessLog> access_log;
};
// Writes the registry rows that only repeat other rows (ledger/registry/derived_rows.h), if an
// earlier program omitted them or left them behind. Part of open_folder. A failed write changes
// nothing; the next start tries again.
// Errors: IO, CORRUPT.
Result<Done> mend_registry_rows(Store& store);

// Errors, each with what to do: NOT_FOUND (no ledger; a key file or the store is missing),
// ROLLED_BACK (the store is behind the watermark or what was acknowledged; with a shared log it is
// opened nevertheless, and gets the rest: node/startup/rejoin.h), CORRUPT, STORE_TOO_NEW, IO,
// INVALID_FIELD.
Result<OpenedFolder> open_folder(const DataFolder& folder, const ServeOptions& options);

// Returns the present state with its chain map rebuilt from the rows, as build_map does. Errors:
// CORRUPT (the last leaf is a seal, and names another root).
struct OpenedState {
  Sealed state;
  bool is_sealed = false;  // the last leaf is a seal: `state` can be published
};
Result<OpenedState> open_state(const Store& store, size_t threads,
                               size_t map_bytes_max = kMapBytesDefault);

}  // namespace suyuan
