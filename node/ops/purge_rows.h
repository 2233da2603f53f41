// The rows that say which erased bytes may still be in the store's files.
#pragma once

#include <vector>

#include "ledger/store/store.h"

namespace suyuan {

// Returns the keys of erased sections whose bytes may still be in files (node/upkeep/file_purge.h),
// ascending: at most `most`, and only those after `after`.
Result<std::vector<Bytes>> rows_to_purge(const Reader& reader, size_t most = SIZE_MAX,
                                         BytesView after = {});

}  // namespace suyuan
