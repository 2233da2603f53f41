// The control of the tests of rot: the same store read with every checksum off.
#pragma once

#include <memory>

#include "ledger/store/store.h"

namespace rocksdb {
class Env;
}

namespace suyuan::test {

// Damaged records of the log are passed over. Null: even so it cannot be opened.
std::unique_ptr<Reader> open_unchecked(rocksdb::Env& env);

}  // namespace suyuan::test
