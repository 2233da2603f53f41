// A replayer: what a witness asks before it cosigns, so that its cosignature says more than that
// the log grew: that it read and checked every leaf from the first, and made the map of each seal
// itself (formats.md 6; docs/witnessing.md).
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
    Policy policy;  // the log's key and, where it is known, its genesis; no witnesses
    unsigned jobs = 1;
    size_t memory_bytes_max = SIZE_MAX;
    std::string state_file;  // goes on from there, and saves there
    uint64_t save_every = 1'000'000;  // leaves
  };
  using Progress = std::function<void(uint64_t leaves, uint64_t of)>;
  explicit Replayer(Plan plan) : plan_(std::move(plan)) {}

  // What the source shows as its newest: before the first question, so that none takes long.
  // As judge().
  Result<Done> catch_up(const Progress& progress = {}) { return replay({}, progress); }
  // Whether the log is what this checkpoint's seal says, up to its last leaf. CORRUPT: it is not,
  // and this replayer says so to every later question too; another error: it cannot say now, or
  // not of a tree that is older than what it has replayed.
  Result<Done> judge(const std::string& checkpoint);
  Result<Done> save();

  // What is wrong with the log, once something is.
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
