// Where a log's files are read from: a node, a folder, a store. The reader trusts none of them: all
// that counts is the checkpoint's signature and what hashes to it.
#pragma once

#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

class LogSource {
 public:
  virtual ~LogSource() = default;
  // A file as formats.md 4 names it: "checkpoint", "tile/0/000", "tile/entries/000.p/7",
  // "events/000". One thread at a time. NOT_FOUND, TOO_LARGE, IO, CORRUPT, UNAVAILABLE.
  virtual Result<Bytes> read(const std::string& path) = 0;
};

// No file of a log is larger: 256 leaves of 16 KiB with their lengths.
inline constexpr size_t kLogFileBytesMax = size_t{256} * ((16 << 10) + 2);

}  // namespace suyuan
