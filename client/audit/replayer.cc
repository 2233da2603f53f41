#include "client/audit/replayer.h"

#include "client/audit/state_file.h"
#include "ledger/base/text.h"

namespace suyuan {
namespace {

Unexpected<Error> found_wrong(const AuditFault& fault) {
  std::string place = fault.leaf ? "leaf " + std::to_string(*fault.leaf) + ", " : std::string();
  return fail(Code::CORRUPT, std::string(word(fault.check)) + " at " + place + fault.file + ": " +
                                 fault.message);
}

}  // namespace

Result<Done> Replayer::judge(const std::string& checkpoint) {
  if (fault_) return found_wrong(*fault_);
  if (const auto note = split_note(checkpoint)) {
    const auto asked = parse_checkpoint(note->text, CheckpointForm::with_extensions);
    if (asked && asked->head.size < leaves()) {
      return fail(Code::UNAVAILABLE, "this replayer has replayed " + std::to_string(leaves()) +
                                      " leaves, the checkpoint is of " +
                                      std::to_string(asked->head.size));
    }
  }
  return replay(checkpoint, {});
}

Result<Done> Replayer::replay(const std::string& checkpoint, const Progress& progress) {
  const AuditPlan plan{.open = plan_.open,
                       .decode = plan_.decode,
                       .policy = plan_.policy,
                       .jobs = plan_.jobs,
                       .memory_bytes_max = plan_.memory_bytes_max,
                       .checkpoint = checkpoint,
                       .held = &held_,
                       .state_file = plan_.state_file,
                       .save_every = plan_.save_every,
                       .progress = progress};
  SUYUAN_TRY(report, audit_log(plan));
  if (report.fault) {
    fault_ = std::move(report.fault);
    return found_wrong(*fault_);
  }
  if (leaves() - saved_ >= plan_.save_every) return save();
  return Done{};
}

Result<Done> Replayer::save() {
  if (fault_ || leaves() == 0 || plan_.state_file.empty()) return Done{};
  SUYUAN_TRY_DONE(save_audit(plan_.state_file, {}, held_.replay));
  saved_ = leaves();
  return Done{};
}

}  // namespace suyuan
