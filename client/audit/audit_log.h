// Audits a log from a source and reports on it. Several threads read and check leaves; the caller's
// thread replays them in order. The rules are in ledger/proof/audit*.h.
//
// Memory: AuditReplay, which keeps rows beyond `memory_bytes_max` in temporary files or computes
// them again; and at most 2 * jobs + 2 ranges of 32 leaves, of which the hashes of records and
// codes are kept. A range takes about 1 MB with batches of 256 events, and never more than 32 MB.
// With a replay, payloads are kept too, as bytes and as values; ranges then have 4 leaves.
#pragma once

#include <functional>

#include "client/audit/log_reader.h"
#include "client/audit/replay.h"
#include "client/audit/row_shelf.h"
#include "ledger/proof/audit_checkpoint.h"
#include "ledger/proof/audit_store.h"

namespace suyuan {

// The state of an audit that is repeated as its log grows.
struct AuditHeld {
  FileShelf shelf;
  AuditReplay replay;
};

struct AuditPlan {
  OpenLog open;
  PayloadDecoder decode;
  std::optional<Policy> policy = {};  // nullopt: trust whichever ledger the source holds
  unsigned jobs = 1;
  size_t memory_bytes_max = SIZE_MAX;
  // audit up to this one; empty: up to the newest that the source shows
  std::string checkpoint = {};
  // Where the audit begins and ends. Unusable after a fault. The owner saves it and may read its
  // parties and keys.
  AuditHeld* held = nullptr;
  std::string state_file = {};      // empty: neither saves nor resumes
  uint64_t save_every = 1'000'000;  // leaves; saved at the next seal
  const Reader* store = nullptr;    // of a node's data directory; its rows are compared too
  // Of a data directory; compared with `store`, which may be further than the newest checkpoint.
  std::optional<TreeHead> watermark = {};
  std::optional<TreeHead> acknowledged = {};
  // reads all files of the store; CORRUPT if one is damaged
  std::function<Result<Done>()> scrub = {};
  Replay* replay = nullptr;   // judges each batch again; may be null
  uint64_t store_leaves = 0;  // leaves in `store`, including those after the checkpoint
  std::function<void(uint64_t leaves, uint64_t of)> progress = {};
};

struct AuditReport {
  std::optional<AuditFault> fault;  // nullopt: everything checked is correct
  LedgerId ledger;
  TreeHead head;  // the signed tree head that was audited
  std::string checkpoint;
  bool policy_given = false;
  size_t witnesses = 0;             // witnesses of the policy that cosigned
  bool replayer = false;            // at least one of them replays
  std::optional<uint64_t> as_of_s;  // time of their cosignatures
  int64_t sealed_ms = 0;            // log time of the last leaf
  AuditCounts counts;               // of the whole log, including the part that was resumed from
  uint64_t resumed_from = 0;        // leaves that an earlier audit verified
  uint64_t parties = 0;
  std::vector<SuspectKey> suspects;
  uint64_t bytes_read = 0;
  uint64_t rows_in_memory = 0;  // rows of codes and batches; the others are on the shelf
  uint64_t memory_bytes = 0;    // at the end, for what grows with the log
  bool registry_on_shelf = false;
  std::optional<StoreRowsSeen> store = {};
  std::optional<ReplaySeen> replay = {};
};

// Runs the audit. What is wrong with the log is a finding in the report.
// Errors: the source, or a file of this machine, could not be read to the end.
Result<AuditReport> audit_log(const AuditPlan& plan);

}  // namespace suyuan
