// What an audit rests on: a checkpoint that a policy accepts.
#pragma once

#include "ledger/proof/accept.h"
#include "ledger/proof/audit_replay.h"

namespace suyuan {

// A seal may be this much younger than the cosignatures over it: clocks differ (docs/bundle.md).
inline constexpr int64_t kSealAheadMsMax = 10 * 60 * 1000;

// The policy of one log without witnesses, and of one genesis: what `leaf0` alone gives.
// GENESIS_INVALID.
AuditResult<Policy> policy_of_genesis(BytesView leaf0);
// CHECKPOINT_SYNTAX to QUORUM_MISSING.
AuditResult<AcceptedCheckpoint> audit_checkpoint(std::string_view note, const Policy& policy);
// Whether leaf 0 is that of the log which signed: its origin, its log key, the policy's genesis.
AuditResult<Done> audit_genesis(const Genesis& genesis, const LedgerId& ledger,
                                const AcceptedCheckpoint& accepted, const Policy& policy);
// The seal under the checkpoint is not younger than its cosignatures.
AuditResult<Done> audit_seal_time(int64_t sealed_ms, const AcceptedCheckpoint& accepted);

}  // namespace suyuan
