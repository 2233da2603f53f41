// RocksDB on a simulated disk. Besides tests/unit/store, the only tests that know RocksDB's file
// interface.
#pragma once

#include <rocksdb/env.h>

#include <memory>

#include "tests/faults/disk.h"

namespace suyuan::test {

// For RocksOptions::env. The disk must outlive it. There is one folder, the store's, so none need
// be created.
std::unique_ptr<rocksdb::Env> env_on(Disk& disk);

}  // namespace suyuan::test
