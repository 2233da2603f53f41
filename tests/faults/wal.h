// Parses the records of a RocksDB log, as far as a test needs to cut one.
#pragma once

#include <vector>

#include "ledger/base/bytes.h"

namespace suyuan::test {

// Returns where each record ends, ascending; the last is the log's end. A record is one commit.
// Blocks of 32 KiB; a fragment is: u32 checksum, u16 length, u8 type (1 whole, 2 first, 3 middle, 4
// last).
std::vector<size_t> record_ends(BytesView log);

}  // namespace suyuan::test
