// The one place where RocksDB's Status becomes an Error.
#pragma once

#include <rocksdb/status.h>

#include "ledger/base/error.h"

namespace suyuan {

// `doing` says what was tried: "write a commit".
Unexpected<Error> fail(const rocksdb::Status& status, std::string_view doing);
// The same for opening the store at `path`, where more can be said of the cause.
Unexpected<Error> fail_open(const rocksdb::Status& status, const std::string& path);

}  // namespace suyuan
