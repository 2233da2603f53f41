// A replay as bytes, so that a later audit continues where this one ended. The file is evidence for
// its owner only.
//
//   "suyuan/audit-state/v2\n" ‖ ledger, times, counts, genesis ‖ tree ‖ rows of the registry, of
//   chains (72 bytes), of batches and notices, and of erasures (40 bytes), each with their number
//   before them
#pragma once

#include "ledger/proof/audit_replay.h"

namespace suyuan {

class AuditState {
 public:
  // Receives the next bytes.
  using Write = std::function<Result<Done>(BytesView bytes)>;
  // Returns exactly the next `count` bytes, at most kAuditStateReadMax, or an error.
  using Read = std::function<Result<Bytes>(size_t count)>;

  // Requires: genesis was taken, and no fault was found.
  static Result<Done> save(const AuditReplay& replay, const Write& write);
  // Errors: CORRUPT. Whether the bytes are those that were saved, only their hash can tell.
  static Result<AuditReplay> load(const Read& read, const AuditMemory& memory = {});
};

inline constexpr size_t kAuditStateReadMax = size_t{1} << 20;

}  // namespace suyuan
