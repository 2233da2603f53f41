// A full audit of a store that no node has open: every row of the log against every other.
#pragma once

#include <map>

#include "ledger/store/store.h"
#include "proto/answers.h"

namespace suyuan::test {

struct Audited {
  uint64_t leaves = 0;
  uint64_t batches = 0;
  uint64_t events = 0;
  uint64_t links = 0;
};

// Fails the running test for each thing that is wrong: leaves and tree, notes and their records,
// records and payloads, chains and heads, receipts.
Audited audit(const Reader& reader);

}  // namespace suyuan::test
