// An audit from a source to its report: reads and checks leaves on several threads, replays them in
// order on the caller's. The rules are in ledger/proof/audit*.h.
//
// Memory: AuditReplay, which keeps in files of the machine's temporary folder, or makes again, what
// would take more than `memory_bytes_max`; and at most 2 * jobs + 2 ranges of 32 leaves, of which
// the hashes of records and codes are kept: about 1 MB each of batches of 256 events, never above
// 32 MB. With a replay their payloads too, as bytes and as values: ranges are of 4 leaves then.
#pragma once

#include <functional>

#include "client/audit/log_reader.h"
#include "client/audit/replay.h"
#include "client/audit/row_shelf.h"
#include "ledger/proof/audit_checkpoint.h"
#include "ledger/proof/audit_store.h"

namespace suyuan {

// What an audit holds of a log that is audited again as it grows.
struct AuditHeld {
  FileShelf shelf;
  AuditReplay replay;
};

struct AuditPlan {
  OpenLog open;
  PayloadDecoder decode;
  std::optional<Policy> policy = {};  // none: of the ledger that the source holds, whichever it is
  unsigned jobs = 1;
  size_t memory_bytes_max = SIZE_MAX;
  std::string checkpoint = {};        // to audit up to; empty: what the source shows as its newest
  // Where it begins and ends up; after a fault it is of no more use. Its owner saves it, and looks
  // at parties and keys.
  AuditHeld* held = nullptr;
  std::string state_file = {};        // empty: nothing is saved, and nothing gone on from
  uint64_t save_every = 1'000'000;    // leaves, at the next seal
  const Reader* store = nullptr;      // of a node's data directory: its rows are compared too
  // Of a data directory. The second one is held against `store`.
  std::optional<TreeHead> watermark = {};
  std::optional<TreeHead> acknowledged = {};
  std::function<Result<Done>()> scrub = {};  // reads all its files; CORRUPT where one is damaged
  Replay* replay = nullptr;  // judges each batch again
  uint64_t store_leaves = 0;  // in `store`: those behind the checkpoint with them
  std::function<void(uint64_t leaves, uint64_t of)> progress = {};
};

struct AuditReport {
  std::optional<AuditFault> fault;  // nullopt: all that was checked is right
  LedgerId ledger;
  TreeHead head;                    // that was signed
  std::string checkpoint;
  bool policy_given = false;
  size_t witnesses = 0;             // that the policy knows and that cosigned
  bool replayer = false;            // one of them replays
  std::optional<uint64_t> as_of_s;  // by them
  int64_t sealed_ms = 0;            // log time of the last leaf
  AuditCounts counts;               // of the whole log, what was resumed from included
  uint64_t resumed_from = 0;        // leaves that an audit before had verified
  uint64_t parties = 0;
  std::vector<SuspectKey> suspects;
  uint64_t bytes_read = 0;
  uint64_t rows_in_memory = 0;      // of codes and batches; the others are on the shelf
  uint64_t memory_bytes = 0;        // at the end, of what grows with the log
  bool registry_on_shelf = false;
  std::optional<StoreRowsSeen> store = {};
  std::optional<ReplaySeen> replay = {};
};

// An Error is no finding: the source, or a file of this machine, could not be read to the end.
Result<AuditReport> audit_log(const AuditPlan& plan);

}  // namespace suyuan
