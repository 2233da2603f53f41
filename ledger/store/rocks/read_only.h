// A store that is only looked at: for an audit of a node's data directory. Nothing in its folder is
// written but the lock.
#pragma once

#include <memory>
#include <string>

#include "ledger/store/store.h"

namespace suyuan {

class ReadOnlyRocks {
 public:
  virtual ~ReadOnlyRocks() = default;
  // The committed state; any thread.
  virtual const Reader& reader() const = 0;
  // Of every block of every table file, whoever reads it. CORRUPT, IO.
  virtual Result<Done> verify_checksums() const = 0;
};

// Holds the store's lock meanwhile, so that no node opens it. NOT_FOUND: no store there. BUSY:
// another process has it open. STORE_TOO_NEW, CORRUPT, IO.
Result<std::unique_ptr<ReadOnlyRocks>> open_rocks_read_only(const std::string& path);

}  // namespace suyuan
