// The basis of an audit: a checkpoint that a policy accepts.
#pragma once

#include "ledger/proof/accept.h"
#include "ledger/proof/audit_replay.h"

namespace suyuan {

// A seal may be this much later than the cosignatures over it, because clocks differ
// (docs/bundle.md).
inline constexpr int64_t kSealAheadMsMax = 10 * 60 * 1000;

// Returns the policy that follows from leaf 0: one log, no witnesses, one genesis.
// Errors: GENESIS_INVALID.
AuditResult<Policy> policy_of_genesis(BytesView leaf0);
// Errors: CHECKPOINT_SYNTAX to QUORUM_MISSING.
AuditResult<AcceptedCheckpoint> audit_checkpoint(std::string_view note, const Policy& policy);
// Checks that leaf 0 is of the log that signed: its origin, its log key, the policy's genesis.
AuditResult<Done> audit_genesis(const Genesis& genesis, const LedgerId& ledger,
                                const AcceptedCheckpoint& accepted, const Policy& policy);
// Checks that the seal under the checkpoint is not later than its cosignatures.
AuditResult<Done> audit_seal_time(int64_t sealed_ms, const AcceptedCheckpoint& accepted);

}  // namespace suyuan
