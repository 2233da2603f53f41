// suyuan-node export: the log of a data folder, of a node that is not running, as static files.
#pragma once

#include "ledger/export/export.h"
#include "ledger/proof/log_files.h"
#include "node/data_folder.h"

namespace suyuan {

// As export_log, of the newest checkpoint that the store holds. NOT_FOUND: no ledger, or nothing
// was ever published; BUSY: a node has the store open. Nothing in the data folder is written.
// `by`: what is for partners alone is withheld from anyone, and not from the owner.
Result<Exported> export_data(const DataFolder& data, ExportOptions options,
                             LogReadBy by = LogReadBy::anyone);

}  // namespace suyuan
