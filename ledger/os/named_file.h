// A file that an option names.
#pragma once

#include "ledger/os/files.h"

namespace suyuan {

// As read_file: but a file that is too large is an invalid one, which no restart cures.
// Errors: INVALID_FIELD (more than `bytes_max`), NOT_FOUND, IO.
Result<Bytes> read_named_file(const std::string& path, size_t bytes_max,
                              const std::string& option);
// The same for a secret, which the caller wipes (read_without_copies). Its mode is not checked.
Result<Bytes> read_named_secret(const std::string& path, size_t bytes_max,
                                const std::string& option);

}  // namespace suyuan
