// The file from which an audit resumes: what was verified, and the state of the replay there
// (ledger/proof/audit_state.h). It is as trustworthy as the machine that stores it.
//
//   u64 length ‖ checkpoint ‖ AuditState ‖ SHA-256 of all before
#pragma once

#include <string>

#include "ledger/proof/audit_replay.h"

namespace suyuan {

struct SavedAudit {
  std::string checkpoint;  // the last one verified to its end; empty: none
  AuditReplay replay;
};

// Replaces the whole file.
// Errors: IO.
Result<Done> save_audit(const std::string& path, const std::string& checkpoint,
                        const AuditReplay& replay);
// Errors: NOT_FOUND (no such file), CORRUPT, IO.
Result<SavedAudit> load_audit(const std::string& path, const AuditMemory& memory = {});

}  // namespace suyuan
