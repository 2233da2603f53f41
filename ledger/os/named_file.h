// A file that an option names.
#pragma once

#include "ledger/os/files.h"

namespace suyuan {

// As read_file: but a file that is too large is an invalid one, which no restart cures.
// Errors: INVALID_FIELD (more than `bytes_max`), NOT_FOUND, IO.
Result<Bytes> read_named_file(const std::string& path, size_t bytes_max,
                              const std::string& option);

}  // namespace suyuan
