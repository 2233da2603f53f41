// Controls of the rot tests: the same store read by RocksDB itself, without our checks.
#pragma once

#include <memory>

#include "ledger/store/store.h"

namespace rocksdb {
class Env;
}

namespace suyuan::test {

// With every checksum off, or with all of RocksDB's own checks: then only ours are missing.
enum class Checks : uint8_t { none, of_rocksdb };
// Without checks it skips damaged records of the log. Returns null if it cannot be opened even so.
std::unique_ptr<Reader> open_unchecked(rocksdb::Env& env, Checks checks = Checks::none);

}  // namespace suyuan::test
