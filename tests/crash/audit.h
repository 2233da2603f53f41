// A full audit of a store that no node has open: every row of the log against every other.
#pragma once

#include <map>
#include <string>

#include "ledger/store/store.h"
#include "tests/support/stored_log.h"

namespace suyuan::test {

using testing::StoredLog;

// check_log, by default with the map of each seal; fails the running test where anything is wrong.
StoredLog audit(const Reader& reader, uint64_t maps_from = 0);

// The stored checkpoints: each is of the log's own tree, ends in a seal, is signed by the log key
// of genesis, and lies under the folder's watermark. What `seen` holds has not changed by a byte,
// and no kept one is gone; the new ones are added to it.
void audit_checkpoints(const Reader& reader, const std::string& data_folder,
                       std::map<uint64_t, std::string>& seen);

}  // namespace suyuan::test
