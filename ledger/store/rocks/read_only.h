// A store opened for reading only, for an audit of a node's data folder. Writes nothing in that
// folder except the lock.
#pragma once

#include <memory>
#include <string>

#include "ledger/store/store.h"

namespace suyuan {

class ReadOnlyRocks {
 public:
  virtual ~ReadOnlyRocks() = default;
  // Returns the committed state. Thread-safe.
  virtual const Reader& reader() const = 0;
  // Verifies the checksum of every block of every table file. Errors: CORRUPT, IO.
  virtual Result<Done> verify_checksums() const = 0;
};

// Opens the store and holds its lock, so that no node can open it in the meantime.
// Errors: NOT_FOUND (no store there), BUSY (another process has it open), STORE_TOO_NEW, CORRUPT,
// IO.
Result<std::unique_ptr<ReadOnlyRocks>> open_rocks_read_only(const std::string& path);

}  // namespace suyuan
