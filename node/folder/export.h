// suyuan-node export: the log of a stopped node's data folder, as static files.
#pragma once

#include "ledger/export/export.h"
#include "ledger/proof/log_files.h"
#include "node/data_folder.h"

namespace suyuan {

// Like export_log, for the newest checkpoint in the store. Writes nothing in the data folder. `by`:
// what only partners may read is withheld from anyone except the owner.
// Errors: NOT_FOUND (no ledger, or nothing was ever published), BUSY (a node has the store open).
Result<Exported> export_data(const DataFolder& data, ExportOptions options,
                             LogReadBy by = LogReadBy::anyone);

}  // namespace suyuan
