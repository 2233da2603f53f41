#include "ledger/proof/audit_checkpoint.h"

#include <algorithm>

#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

AuditCheck check_of(CheckpointFault fault) {
  switch (fault) {
    case CheckpointFault::syntax: return AuditCheck::CHECKPOINT_SYNTAX;
    case CheckpointFault::log_unknown: return AuditCheck::LOG_UNKNOWN;
    case CheckpointFault::log_signature: return AuditCheck::CHECKPOINT_SIGNATURE;
    case CheckpointFault::cosignature_invalid: return AuditCheck::COSIGNATURE_INVALID;
    case CheckpointFault::quorum_missing: return AuditCheck::QUORUM_MISSING;
  }
  return AuditCheck::CHECKPOINT_SYNTAX;
}

Unexpected<AuditFault> bad_genesis(std::string message, std::string field = {}) {
  return Unexpected(AuditFault{.check = AuditCheck::GENESIS_INVALID,
                               .message = std::move(message),
                               .leaf = 0,
                               .field = std::move(field),
                               .file = "tile/entries/000"});
}

}  // namespace

AuditResult<Policy> policy_of_genesis(BytesView leaf0) {
  const auto leaf = parse_leaf(leaf0);
  if (!leaf) return bad_genesis(leaf.error().message, leaf.error().field);
  if (leaf->kind != LeafKind::genesis) return bad_genesis("leaf 0 is of another kind");
  const auto genesis = parse_genesis(leaf->text);
  if (!genesis) return bad_genesis(genesis.error().message, genesis.error().field);
  Policy policy = policy_of_log(genesis->origin, genesis->log_key);
  policy.genesis = {sha256(leaf0)};
  return policy;
}

AuditResult<AcceptedCheckpoint> audit_checkpoint(std::string_view note, const Policy& policy) {
  auto accepted = accept_checkpoint(note, policy);
  if (accepted) return *std::move(accepted);
  return Unexpected(AuditFault{.check = check_of(accepted.error().fault),
                               .message = accepted.error().message,
                               .file = "checkpoint"});
}

AuditResult<Done> audit_genesis(const Genesis& genesis, const LedgerId& ledger,
                                const AcceptedCheckpoint& accepted, const Policy& policy) {
  const NoteKey& log = policy.logs.at(accepted.opened.log).key;
  if (genesis.origin != log.name) {
    return bad_genesis("genesis names the origin " + genesis.origin + ", the checkpoint is of " +
                           log.name,
                       "origin");
  }
  if (genesis.log_key != log.key) {
    return bad_genesis("the key that signed the checkpoint is not the log key of genesis", "log");
  }
  const auto& known = policy.genesis;
  if (!known.empty() && std::ranges::find(known, ledger.genesis) == known.end()) {
    return bad_genesis("leaf 0 is not the genesis that is pinned: this is another ledger");
  }
  return Done{};
}

AuditResult<Done> audit_seal_time(int64_t sealed_ms, const AcceptedCheckpoint& accepted) {
  const auto& as_of = accepted.witnessed.as_of_s;
  if (!as_of) return Done{};
  constexpr uint64_t kSecondsMax = UINT64_C(253402300799);  // of the year 9999
  const auto quorum_ms = static_cast<int64_t>(std::min(*as_of, kSecondsMax)) * 1000;
  if (sealed_ms <= quorum_ms + kSealAheadMsMax) return Done{};
  return Unexpected(AuditFault{
      .check = AuditCheck::NOT_SEALED,
      .message = "log time of the seal is " + std::to_string(sealed_ms) +
                 ", which is more than ten minutes after the cosignatures over it, " +
                 std::to_string(quorum_ms),
      .field = "time",
      .file = "checkpoint"});
}

}  // namespace suyuan
