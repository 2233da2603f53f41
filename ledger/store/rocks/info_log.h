// RocksDB's own log messages, in the file LOG of the store's folder.
#pragma once

#include <rocksdb/env.h>

#include <memory>
#include <string>

namespace suyuan {

inline constexpr size_t kInfoLogBytesMax = size_t{16} << 20;

// Writes warnings and errors to `folder`/LOG; the previous file is kept as LOG.old. A message that
// cannot be written, or that exceeds the bound, is dropped: RocksDB's own logger (7.8, with
// asserts) aborts at the first message after a failed one, so a full disk would end the node.
std::shared_ptr<rocksdb::Logger> open_info_log(const std::string& folder);

}  // namespace suyuan
