// Where a log's files are read from: a node, a folder, a store. The reader trusts none of them:
// only the checkpoint's signature counts, and what hashes to it.
#pragma once

#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

class LogSource {
 public:
  virtual ~LogSource() = default;
  // Returns a file, named as in formats.md 4: "checkpoint", "tile/0/000", "tile/entries/000.p/7",
  // "events/000". One thread at a time.
  // Errors: NOT_FOUND, TOO_LARGE, IO, CORRUPT, UNAVAILABLE.
  virtual Result<Bytes> read(const std::string& path) = 0;
};

// The largest file of a log: 256 leaves of 16 KiB with their lengths.
inline constexpr size_t kLogFileBytesMax = size_t{256} * ((16 << 10) + 2);

}  // namespace suyuan
