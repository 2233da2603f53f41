// Compares a node's store with an audit of the log, so that its answers about chains rest on what
// was audited. Log rows only: what apply derived from them, only a replay through apply can check.
#pragma once

#include "ledger/proof/audit_replay.h"
#include "ledger/store/schema.h"

namespace suyuan {

struct StoreRowsSeen {
  uint64_t links = 0;
  uint64_t codes = 0;      // of the audited log
  uint64_t later = 0;      // links of leaves after the checkpoint; their hash was not compared
};

// Checks the tables chain and head for the codes whose key begins with this byte: hashes every link
// again from its place and the record there, and compares the last with the audited head.
// Thread-safe. An Error means that the store cannot be read.
Result<AuditResult<StoreRowsSeen>> audit_chain_rows(const Reader& store, const AuditReplay& audited,
                                                    uint8_t first_byte);
// Checks the table batch: the same batches at the same leaves.
Result<AuditResult<Done>> audit_batch_rows(const Reader& store, const AuditReplay& audited);

}  // namespace suyuan
