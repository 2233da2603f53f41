// A replayer judges a log before a witness cosigns it. The cosignature then says more than that the
// log grew: the witness read and checked every leaf from the first, and computed the map of each
// seal itself (formats.md 6; docs/witnessing.md).
#pragma once

#include <optional>
#include <string>

#include "client/audit/audit_log.h"

namespace suyuan {

class Replayer {
 public:
  struct Plan {
    OpenLog open;
    PayloadDecoder decode;
    Policy policy;  // the log's key and, if known, its genesis; no witnesses
    unsigned jobs = 1;
    size_t memory_bytes_max = SIZE_MAX;
    std::string state_file;           // resumes from this file and saves to it
    uint64_t save_every = 1'000'000;  // leaves
  };
  using Progress = std::function<void(uint64_t leaves, uint64_t of)>;
  explicit Replayer(Plan plan) : plan_(std::move(plan)) {}

  // Replays to the newest checkpoint that the source shows. Called before the first request, so
  // that no request takes long.
  // Errors: as judge().
  Result<Done> catch_up(const Progress& progress = {}) { return replay({}, progress); }
  // Verifies that the log is what this checkpoint's seal says, up to its last leaf.
  // Errors: CORRUPT (it is not; every later call returns this too). Any other error: the replayer
  // cannot judge now, or the tree is older than what it has replayed.
  Result<Done> judge(const std::string& checkpoint);
  Result<Done> save();

  // The fault of the log, once one was found.
  const std::optional<AuditFault>& fault() const { return fault_; }
  uint64_t leaves() const { return held_.replay.size(); }

 private:
  Result<Done> replay(const std::string& checkpoint, const Progress& progress);

  const Plan plan_;
  AuditHeld held_;
  std::optional<AuditFault> fault_;
  uint64_t saved_ = 0;  // leaves
};

}  // namespace suyuan
