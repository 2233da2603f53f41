// What a node's store keeps beside the log, against an audit of the log: so that its answers about
// chains rest on what was audited. Only log rows; what apply derived from them, only a replay
// through apply can judge.
#pragma once

#include "ledger/proof/audit_replay.h"
#include "ledger/store/schema.h"

namespace suyuan {

struct StoreRowsSeen {
  uint64_t links = 0;
  uint64_t codes = 0;      // of the audited log
  uint64_t later = 0;      // links of leaves behind the checkpoint, whose hash was not compared
};

// Tables chain and head, of the codes whose key begins with this byte: every link is hashed again
// from its place and the record there, the last one is the audited head. Any thread. An Error: the
// store cannot be read.
Result<AuditResult<StoreRowsSeen>> audit_chain_rows(const Reader& store, const AuditReplay& audited,
                                                    uint8_t first_byte);
// The table batch: the same batches at the same leaves.
Result<AuditResult<Done>> audit_batch_rows(const Reader& store, const AuditReplay& audited);

}  // namespace suyuan
