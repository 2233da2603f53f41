// A full audit of a store that no node has open: compares every row of the log with every other.
#pragma once

#include <map>
#include <string>

#include "ledger/store/store.h"
#include "tests/support/stored_log.h"

namespace suyuan::test {

using testing::StoredLog;

// Runs check_log, by default with the map of each seal. Fails the running test if anything is
// wrong.
StoredLog audit(const Reader& reader, uint64_t maps_from = 0);

// Verifies the stored checkpoints: each is of the log's own tree, ends in a seal, is signed by the
// log key of genesis, and is at most the folder's watermark. Those in `seen` have not changed by a
// byte, and none that is kept is gone. Adds the new ones to `seen`.
void audit_checkpoints(const Reader& reader, const std::string& data_folder,
                       std::map<uint64_t, std::string>& seen);

}  // namespace suyuan::test
