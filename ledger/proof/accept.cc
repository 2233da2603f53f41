#include "ledger/proof/accept.h"

#include <algorithm>
#include <span>

#include "ledger/base/text.h"
#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

Unexpected<CheckpointRefusal> refuse(CheckpointFault fault, std::string message) {
  return Unexpected(CheckpointRefusal{.fault = fault, .message = std::move(message)});
}

// A policy names keys; it does not learn that nodes or witnesses have new ones.
std::string by_strangers(const OpenedCheckpoint& opened, std::span<const NoteKey> known) {
  const auto others = std::ranges::count_if(opened.note.lines, [&](const NoteLine& line) {
    return line.name != opened.checkpoint.origin &&
           std::ranges::none_of(known, [&](const NoteKey& key) {
             return key.name == line.name && key.id() == line.key_id;
           });
  });
  if (others == 0) return {};
  return "; " + std::to_string(others) +
         " more are by keys that it does not name: if nodes or witnesses have changed since it "
         "was written, get the newest one from its keepers (for nodes: suyuan trust --rules)";
}

}  // namespace

CheckpointResult<OpenedCheckpoint> open_checkpoint(std::string_view note, const Policy& policy) {
  auto split = split_note(note);
  if (!split) return refuse(CheckpointFault::syntax, to_text(split.error()));
  auto checkpoint = parse_checkpoint(split->text);
  if (!checkpoint) return refuse(CheckpointFault::syntax, to_text(checkpoint.error()));
  if (checkpoint->head.size == 0 && checkpoint->head.root != empty_root()) {
    return refuse(CheckpointFault::syntax, "a tree without leaves has another root");
  }
  // Only keys under the origin's own name: in a policy of several logs, none must speak for
  // another.
  std::vector<NoteKey> keys;
  std::vector<size_t> logs;
  for (size_t i = 0; i < policy.logs.size(); ++i) {
    if (policy.logs[i].key.name != checkpoint->origin) continue;
    keys.push_back(policy.logs[i].key);
    logs.push_back(i);
  }
  if (keys.empty()) {
    return refuse(CheckpointFault::log_unknown,
                  quote(checkpoint->origin) + " is not a log of the policy");
  }
  const auto verified = verify_lines(*split, keys);
  if (!verified) return refuse(CheckpointFault::log_signature, verified.error().message);
  if (verified->empty()) {
    return refuse(CheckpointFault::log_signature,
                  "no signature line is by the log " + quote(checkpoint->origin));
  }
  return OpenedCheckpoint{.checkpoint = std::move(*checkpoint),
                          .log = logs[verified->front().key],
                          .note = std::move(*split)};
}

CheckpointResult<Witnessed> check_witnessed(const OpenedCheckpoint& opened, const Policy& policy) {
  const auto known = witness_keys(policy);
  const auto verified = verify_lines(opened.note, known);
  if (!verified) return refuse(CheckpointFault::cosignature_invalid, verified.error().message);
  Witnessed witnessed;
  witnessed.times_s.resize(policy.witnesses.size());
  for (const auto& one : *verified) {
    witnessed.times_s[one.key] = one.time_s;
    witnessed.replayed = witnessed.replayed || policy.witnesses[one.key].replayer;
  }
  const auto verdict = judge_quorum(policy, witnessed.times_s);
  if (!verdict.met) {
    return refuse(CheckpointFault::quorum_missing,
                  std::to_string(verified->size()) + " of the policy's " +
                      std::to_string(policy.witnesses.size()) +
                      " witnesses cosigned it, fewer than its quorum" +
                      by_strangers(opened, known));
  }
  witnessed.as_of_s = verdict.as_of_s;
  return witnessed;
}

CheckpointResult<AcceptedCheckpoint> accept_checkpoint(std::string_view note,
                                                       const Policy& policy) {
  SUYUAN_TRY(opened, open_checkpoint(note, policy));
  SUYUAN_TRY(witnessed, check_witnessed(opened, policy));
  return AcceptedCheckpoint{.opened = std::move(opened), .witnessed = std::move(witnessed)};
}

}  // namespace suyuan
