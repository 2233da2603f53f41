// Descriptors: how many connections and store files this process may have open at a time.
#pragma once

#include "ledger/base/error.h"
#include "node/options.h"

namespace suyuan {

// Raises the soft limit to the hard one. If that is too low for the options, fewer connections are
// accepted and fewer of the store's files are kept open, and the log says so. Errors: IO (too low
// for a node).
Result<Done> plan_open_files(ServeOptions& options);

}  // namespace suyuan
