// The audit of a whole log, from genesis to a checkpoint: every byte that the checkpoint vouches
// for is read and judged again. This file has the vocabulary; the work is in
//   audit_leaf.h     checks one leaf on its own: in any order, in parallel
//   audit_replay.h   checks a leaf after the leaves before it: in order
//   audit_tree.h     the tree over the leaves
//   audit_store.h    the rows that a node's store keeps next to the log
// Nothing here reads a file, a clock or a socket. client/audit does, and it has the threads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/expected.h"
#include "ledger/batch/payload_decoder.h"

namespace suyuan {

// What is checked, in the order in which the faults of one leaf are reported: if one wrong byte
// causes several, the first says the most. X(name, what must hold).
#define SUYUAN_AUDIT_CHECKS(X)                                                                    \
  /* before the first leaf */                                                                     \
  X(CHECKPOINT_SYNTAX, "a checkpoint is a signed note of origin, size and root")                  \
  X(LOG_UNKNOWN, "the policy names the log of the checkpoint")                                    \
  X(CHECKPOINT_SIGNATURE, "the log's own key signed the checkpoint")                              \
  X(COSIGNATURE_INVALID, "every signature line of a known witness verifies")                      \
  X(QUORUM_MISSING, "enough witnesses cosigned to meet the policy's quorum")                      \
  /* of a leaf by itself */                                                                       \
  X(FILE_MISSING, "every file that the checkpoint covers exists, complete and valid")             \
  X(LEAF_CHANGED, "a leaf's bytes hash to the signed tree's hash at its index")                   \
  X(TILE_WRONG, "a tile's hashes are those of the leaves below it")                               \
  X(GENESIS_INVALID, "leaf 0, and no other, is the genesis that names the log's key")             \
  X(LEAF_SYNTAX, "a leaf has exactly the documented lines")                                       \
  X(EVENTS_SYNTAX, "a batch is followed by as many whole events as its note counts")              \
  X(RECORD_INVALID, "a record is in its only valid form")                                         \
  X(ROOT_MISMATCH, "the records hash to the root that was signed")                                \
  X(PAYLOAD_CHANGED, "salt and payload hash to what the record holds")                            \
  X(PAYLOAD_INVALID, "a payload decodes as its type, in its only valid encoding")                 \
  X(CODES_MISMATCH, "a record names exactly the codes that its payload names")                    \
  X(ACT_WITHHELD, "registry acts are public")                                                     \
  X(ERASED_UNPROVEN, "a payload is marked erased only where a notice erased it")                  \
  /* after the leaves before it */                                                                \
  X(TIME_FALLING, "log time never decreases")                                                     \
  X(RULES_NEWER, "this program knows the leaf's version of the rules")                            \
  X(LEDGER_MISMATCH, "every batch and every seal names this ledger")                              \
  X(BATCH_EXPIRED, "a batch was accepted no later than the time in its note")                     \
  X(BATCH_REPEATED, "a batch is in the log only once")                                            \
  X(SIGNER_INVALID, "the signer's key was in force, and a gateway had a delegation")              \
  X(SIGNATURE_INVALID, "every signature verifies under the key that its line names")              \
  X(ACT_INVALID, "a registry act follows the rules of the registry")                              \
  X(NOTICE_INVALID, "a notice is about what the log has, by an entitled signer, and only once")   \
  X(BATCH_REFUSED, "at its position the rules accept the batch: roles, custody, balances")        \
  X(SEAL_INVALID, "a seal counts what comes before it and names the previous seal")               \
  X(MAP_MISMATCH, "the rebuilt map of all chains has the root that the seal states")              \
  X(REPLAY_DIFFERS, "the ledger's rules turn the batch into exactly the leaf that the log has")   \
  /* after the last leaf */                                                                       \
  X(ROOT_DIFFERS, "the leaves hash to the root that was signed")                                  \
  X(NOT_SEALED, "the last leaf of a checkpoint is a seal, not younger than its cosignatures")     \
  /* of a node's store */                                                                         \
  X(WATERMARK, "the store holds the largest tree that was ever signed or acknowledged")           \
  X(STORE_DAMAGED, "every block of the store's files has the checksum that it was written with")  \
  X(CHAIN_ROW_WRONG, "the stored links and heads match the log")                                  \
  X(BATCH_ROW_WRONG, "the store lists each batch under its leaf")                                 \
  X(DERIVED_ROW_WRONG, "the rows that the store derived are those that the rules derive")

enum class AuditCheck : uint8_t {
#define SUYUAN_X(name, rule) name,
  SUYUAN_AUDIT_CHECKS(SUYUAN_X)
#undef SUYUAN_X
};
inline constexpr size_t kAuditCheckCount = static_cast<size_t>(AuditCheck::DERIVED_ROW_WRONG) + 1;
std::string_view word(AuditCheck check);
std::string_view rule(AuditCheck check);

// A fault: where it is, and what is wrong.
struct AuditFault {
  AuditCheck check = AuditCheck::FILE_MISSING;
  std::string message;                  // what was found, and what was expected
  std::optional<uint64_t> leaf = {};
  std::optional<uint32_t> event = {};   // index in its batch
  std::string field = {};               // "payload", "line 4", "map"
  std::string file = {};                // a path of formats.md 4, or a table of the store
  friend bool operator==(const AuditFault&, const AuditFault&) = default;
};
// Returns whether `a` is reported before `b`: the lower leaf first, then the earlier check. Faults
// before the first leaf and after the last have no leaf; their checks say which they are.
bool comes_before(const AuditFault& a, const AuditFault& b);

template <class T>
using AuditResult = Expected<T, AuditFault>;

struct AuditCounts {
  uint64_t leaves = 0;
  uint64_t batches = 0;
  uint64_t seals = 0;
  uint64_t events = 0;
  uint64_t open = 0;  // payloads
  uint64_t withheld = 0;
  uint64_t erased = 0;
  uint64_t acts = 0;
  uint64_t notices = 0;
  uint64_t signatures = 0;
  uint64_t links = 0;
  uint64_t codes = 0;
  friend bool operator==(const AuditCounts&, const AuditCounts&) = default;
};

}  // namespace suyuan
