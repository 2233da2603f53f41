// A file that an option names.
#pragma once

#include "ledger/os/files.h"

namespace suyuan {

// As read_file: but a file that is too large is an invalid one, which no restart cures.
// Errors: INVALID_FIELD (more than `bytes_max`), NOT_FOUND, IO.
Result<Bytes> read_named_file(const std::string& path, size_t bytes_max,
                              const std::string& option);
// The same for text in PEM, whose readers may take an empty text for one that was not given, and
// trust whom they trust without it. Errors: also INVALID_FIELD (empty).
Result<Bytes> read_named_pem(const std::string& path, size_t bytes_max, const std::string& option);
// The same for a secret, which the caller wipes (read_without_copies). Its mode is not checked.
Result<Bytes> read_named_secret(const std::string& path, size_t bytes_max,
                                const std::string& option);

}  // namespace suyuan
