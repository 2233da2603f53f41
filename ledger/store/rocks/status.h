// The only place where a RocksDB Status becomes an Error.
#pragma once

#include <rocksdb/status.h>

#include "ledger/base/error.h"

namespace suyuan {

// `doing` says what was attempted, as "write a commit". Without a backup, as of rows that can be
// made again, the caller says what to do about damage.
Unexpected<Error> fail(const rocksdb::Status& status, std::string_view doing,
                       bool has_backup = true);
// As above, for opening the store at `path`: the message can name the cause.
Unexpected<Error> fail_open(const rocksdb::Status& status, const std::string& path);

}  // namespace suyuan
