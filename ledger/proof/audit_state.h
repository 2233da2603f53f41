// A replay as bytes, so that a later audit goes on where this one ended. The file is its owner's
// own word: it is no evidence for anybody else.
//
//   "suyuan/audit-state/v2\n" ‖ ledger, times, counts, genesis ‖ tree ‖ rows of the registry, of
//   chains (72 bytes), of batches and notices, and of erasures (40 bytes), each with their number
//   before them
#pragma once

#include "ledger/proof/audit_replay.h"

namespace suyuan {

class AuditState {
 public:
  // Takes the next bytes.
  using Write = std::function<Result<Done>(BytesView bytes)>;
  // Gives exactly the next `count` bytes, at most kAuditStateReadMax, or an error.
  using Read = std::function<Result<Bytes>(size_t count)>;

  // REQUIRES: at least genesis was taken, and no fault was found.
  static Result<Done> save(const AuditReplay& replay, const Write& write);
  // CORRUPT; whether the bytes are those that were saved is for their hash to say.
  static Result<AuditReplay> load(const Read& read, const AuditMemory& memory = {});
};

inline constexpr size_t kAuditStateReadMax = size_t{1} << 20;

}  // namespace suyuan
