// Damage to RocksDB's own logs that RocksDB takes for their end: to MANIFEST, which lists the table
// files, and to the write-ahead logs.
#pragma once

#include <rocksdb/env.h>

#include <optional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// Checks each log of the store at `path`. At two kinds of record RocksDB stops reading, and drops
// them and everything after them without a word:
// - One that is longer than the rest of its file: a power cut may have torn it. One flipped bit of
//   the length looks the same. In a torn record no shorter length fits the checksum; in a damaged
//   one its true length does.
// - One of a type that only recycled logs have: it may be left from the log that was there before.
//   Our logs are never recycled, so one flipped bit of the type made it.
// Succeeds if there is no store. Errors: CORRUPT (such a bit), IO.
Result<Done> check_logs(rocksdb::Env& env, const std::string& path);

// As above, in one block of a log: kLogBlockBytes, or fewer at its end. Returns where the damaged
// record begins; nullopt: none is damaged in this way.
std::optional<size_t> damaged_record_in(BytesView block);
inline constexpr size_t kLogBlockBytes = 32768;

}  // namespace suyuan
