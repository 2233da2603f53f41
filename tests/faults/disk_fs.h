// RocksDB on a simulated disk. The only place of the tests beside tests/unit/store that knows
// RocksDB's file interface.
#pragma once

#include <rocksdb/env.h>

#include <memory>

#include "tests/faults/disk.h"

namespace suyuan::test {

// For RocksOptions::env. The disk outlives it. Folders need not be made: there is one, that of the
// store.
std::unique_ptr<rocksdb::Env> env_on(Disk& disk);

}  // namespace suyuan::test
