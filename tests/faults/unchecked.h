// Control of the rot tests: the same store read with every checksum off.
#pragma once

#include <memory>

#include "ledger/store/store.h"

namespace rocksdb {
class Env;
}

namespace suyuan::test {

// Skips damaged records of the log. Returns null if it cannot be opened even so.
std::unique_ptr<Reader> open_unchecked(rocksdb::Env& env);

}  // namespace suyuan::test
