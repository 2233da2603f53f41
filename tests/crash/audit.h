// A full audit of a store that no node has open: every row of the log against every other.
#pragma once

#include <map>
#include <string>

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
// records and payloads, chains and heads, receipts, seals. The map of each seal from leaf
// `maps_from` on is made from scratch, from the records alone.
Audited audit(const Reader& reader, uint64_t maps_from = 0);

// The stored checkpoints: each is of the log's own tree, ends in a seal, is signed by the log key
// of genesis, and lies under the folder's watermark. What `seen` holds has not changed by a byte,
// and no kept one is gone; the new ones are added to it.
void audit_checkpoints(const Reader& reader, const std::string& data_folder,
                       std::map<uint64_t, std::string>& seen);

}  // namespace suyuan::test
