// RocksDB's own remarks, in the file LOG of the store's folder.
#pragma once

#include <rocksdb/env.h>

#include <memory>
#include <string>

namespace suyuan {

inline constexpr size_t kInfoLogBytesMax = size_t{16} << 20;

// Warnings and errors go to `folder`/LOG; the one before is LOG.old. A remark that cannot be
// written, or that comes after the bound, is lost: RocksDB's own logger (7.8, with asserts)
// aborts at the first remark after a failed one, so that a full disk would end the node.
std::shared_ptr<rocksdb::Logger> open_info_log(const std::string& folder);

}  // namespace suyuan
