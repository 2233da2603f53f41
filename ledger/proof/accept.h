// Whether a checkpoint counts under a trust policy: a log of the policy signed it, and enough
// witnesses cosigned it.
#pragma once

#include "ledger/proof/checkpoint.h"
#include "ledger/proof/policy.h"

namespace suyuan {

// Why it does not, in the order of checking.
enum class CheckpointFault : uint8_t {
  syntax,               // no note, no checkpoint, or with extension lines
  log_unknown,          // no log of the policy has this origin
  log_signature,        // it did not sign, or its line does not verify
  cosignature_invalid,  // a line of a witness of the policy does not verify
  quorum_missing,       // too few witnesses of the policy cosigned
};
struct CheckpointRefusal {
  CheckpointFault fault = CheckpointFault::syntax;
  std::string message;
};
template <class T>
using CheckpointResult = Expected<T, CheckpointRefusal>;

// What the log said and signed; who witnessed it is not yet looked at.
struct OpenedCheckpoint {
  Checkpoint checkpoint;
  size_t log = 0;  // index in the policy
  LineNote note;
};
CheckpointResult<OpenedCheckpoint> open_checkpoint(std::string_view note, const Policy& policy);

struct Witnessed {
  std::vector<std::optional<uint64_t>> times_s;  // by witness of the policy
  std::optional<uint64_t> as_of_s;               // QuorumVerdict::as_of_s
  bool replayed = false;                         // a replayer is among those who cosigned
};
CheckpointResult<Witnessed> check_witnessed(const OpenedCheckpoint& opened, const Policy& policy);

// Both.
struct AcceptedCheckpoint {
  OpenedCheckpoint opened;
  Witnessed witnessed;
};
CheckpointResult<AcceptedCheckpoint> accept_checkpoint(std::string_view note,
                                                       const Policy& policy);

}  // namespace suyuan
