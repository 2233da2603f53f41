#include "client/memory.h"

#include "client/file_lock.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

Unexpected<MemoryRefusal> refuse(Code code, std::string message,
                                 std::optional<Evidence> evidence = {}) {
  return Unexpected(MemoryRefusal{.error = {.code = code, .message = std::move(message)},
                                  .evidence = std::move(evidence)});
}
Unexpected<MemoryRefusal> refuse_local(Error error) {
  return Unexpected(MemoryRefusal{
      .error = std::move(error), .evidence = std::nullopt, .cause = MemoryCause::local});
}
Unexpected<MemoryRefusal> refuse_answer(Error error) {
  // A caller that asked for no size is told that there is none yet.
  if (error.code == Code::SIZE_NOT_REACHED) error.code = Code::BUSY;
  return Unexpected(MemoryRefusal{
      .error = std::move(error), .evidence = std::nullopt, .cause = MemoryCause::answer});
}

Code code_of(CheckpointFault fault) {
  switch (fault) {
    case CheckpointFault::syntax:
      return Code::NOTE_SYNTAX;
    case CheckpointFault::log_unknown:
      return Code::KEY_UNKNOWN;
    case CheckpointFault::log_signature:
    case CheckpointFault::cosignature_invalid:
    case CheckpointFault::quorum_missing:
      break;
  }
  return Code::SIGNATURE_INVALID;
}

uint64_t size_of(const std::string& note) {
  const auto split = split_note(note);
  if (!split) return 0;
  const auto checkpoint = parse_checkpoint(split->text);
  return checkpoint ? checkpoint->head.size : 0;
}

}  // namespace

MemoryResult<Checkpoint> check_shown(const std::string& before, const CheckpointProof& shown,
                                     const Policy& policy) {
  const auto accepted = accept_checkpoint(shown.note, policy);
  if (!accepted) {
    return refuse(code_of(accepted.error().fault),
                  "the node's checkpoint does not meet the policy: " + accepted.error().message);
  }
  const Checkpoint& now = accepted->opened.checkpoint;
  if (before.empty()) return now;
  const auto known = open_checkpoint(before, policy);
  if (!known) {
    return refuse_local({.code = Code::CORRUPT,
                         .message = "the remembered checkpoint is not one of this ledger (" +
                                    known.error().message +
                                    "); keep the file as evidence, then remove it"});
  }
  const TreeHead& then = known->checkpoint.head;
  if (now.head.size < then.size) {
    return refuse(Code::ROOT_MISMATCH,
                  "the node went back: it shows " + std::to_string(now.head.size) +
                      " leaves, and this client has seen " + std::to_string(then.size) +
                      ". If the ledger's nodes have changed, pin the newest list first (suyuan "
                      "trust --rules): another node may only be behind",
                  Evidence{.kind = EvidenceKind::rollback, .older = before, .newer = shown.note});
  }
  if (!consistent(then, now.head, shown.path)) {
    return refuse(Code::ROOT_MISMATCH,
                  "the node shows another tree: its " + std::to_string(now.head.size) +
                      " leaves do not begin with the " + std::to_string(then.size) +
                      " that this client has seen",
                  Evidence{.kind = EvidenceKind::split,
                           .older = before,
                           .newer = shown.note,
                           .path = shown.path});
  }
  return now;
}

Result<std::string> Memory::read() const {
  auto note = read_file(path_, limits::kCheckpointBytesMax);
  if (!note && note.error().code == Code::NOT_FOUND) return std::string();
  return note;
}

uint64_t Memory::newest_size() const {
  const auto note = read();
  return note ? size_of(*note) : 0;
}

MemoryResult<Checkpoint> Memory::meet(const Policy& policy, const Ask& ask) const {
  for (;;) {
    const auto before = read();
    if (!before) return refuse_local(before.error());
    const auto answer = ask(size_of(*before));
    if (!answer.value) return refuse_answer(answer.value.error());
    auto now = check_shown(*before, *answer.value, policy);
    if (!now || (!before->empty() && size_of(*before) == now->head.size)) return now;
    const FileLock lock(path_);
    const auto latest = read();
    if (!latest) return refuse_local(latest.error());
    // Another command remembered more in between, and ours must extend that. The memory only grows,
    // so this terminates.
    if (*latest != *before) continue;
    if (const auto kept = write_file(path_, answer.value->note, FileMode::shared); !kept) {
      return refuse_local(kept.error());
    }
    return now;
  }
}

}  // namespace suyuan
