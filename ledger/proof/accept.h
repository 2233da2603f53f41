// Decides whether a checkpoint counts under a trust policy: a log of the policy signed it, and
// enough witnesses cosigned it.
#pragma once

#include "ledger/proof/checkpoint.h"
#include "ledger/proof/policy.h"

namespace suyuan {

// Why a checkpoint does not count, in the order of checking.
enum class CheckpointFault : uint8_t {
  syntax,               // not a note, not a checkpoint, or with extension lines
  log_unknown,          // no log of the policy has this origin
  log_signature,        // the log did not sign, or its signature does not verify
  cosignature_invalid,  // the line of a known witness does not verify
  quorum_missing,       // too few witnesses of the policy cosigned
};
struct CheckpointRefusal {
  CheckpointFault fault = CheckpointFault::syntax;
  std::string message;
};
template <class T>
using CheckpointResult = Expected<T, CheckpointRefusal>;

// What the log stated and signed. Cosignatures are not checked yet.
struct OpenedCheckpoint {
  Checkpoint checkpoint;
  size_t log = 0;  // index in the policy
  LineNote note;
};
CheckpointResult<OpenedCheckpoint> open_checkpoint(std::string_view note, const Policy& policy);

struct Witnessed {
  std::vector<std::optional<uint64_t>> times_s;  // by index of the policy's witness
  std::optional<uint64_t> as_of_s;               // QuorumVerdict::as_of_s
  bool replayed = false;                         // a replayer is among the cosigners
};
CheckpointResult<Witnessed> check_witnessed(const OpenedCheckpoint& opened, const Policy& policy);

// The result of both checks.
struct AcceptedCheckpoint {
  OpenedCheckpoint opened;
  Witnessed witnessed;
};
CheckpointResult<AcceptedCheckpoint> accept_checkpoint(std::string_view note,
                                                       const Policy& policy);

}  // namespace suyuan
