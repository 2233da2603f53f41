#include "client/command/verify_bundle.h"

#include <algorithm>
#include <map>
#include <set>

#include "client/render/verdict.h"
#include "ledger/batch/notice.h"
#include "ledger/code/code.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/record.h"
#include "ledger/os/files.h"
#include "ledger/registry/genesis.h"
#include "proto/json/bundle_json.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

ExitCode exit_of(Judged judged) {
  switch (judged) {
    case Judged::proven: return ExitCode::ok;
    case Judged::refused: return ExitCode::unverified;
    case Judged::partial:
    case Judged::not_recorded:
    case Judged::stale: break;
  }
  return ExitCode::less_proven;
}

OrExit<Policy> policy_for_bundle(const Shell& shell) {
  // A named policy suffices: to verify another's file, its ledger need not be pinned.
  if (!shell.options.policy.empty()) {
    const auto text = read_file(shell.options.policy, limits::kPolicyBytesMax);
    if (!text) return Unexpected(shell.fail_local(text.error()));
    auto policy = parse_policy(*text);
    if (policy) return *std::move(policy);
    Error error = std::move(policy).error();
    error.message = shell.options.policy + ": " + error.message;
    return Unexpected(shell.fail_local(error));
  }
  auto ledger = shell.pinned();
  if (!ledger) return Unexpected(ledger.error());
  auto policy = shell.policy(*ledger);
  if (!policy) return Unexpected(policy.error());
  if (policy->genesis.empty()) policy->genesis = {ledger->id.genesis};
  return *std::move(policy);
}

}  // namespace

OrExit<BundleVerdict> judge_bundle(const Shell& shell, std::string_view text,
                                   std::optional<int64_t> now_ms) {
  const auto policy = policy_for_bundle(shell);
  if (!policy) return Unexpected(policy.error());
  return verify_bundle_text(text, *policy, now_ms.value_or(Shell::now_ms()));
}

ExitCode print_verdict(Shell& shell, const BundleVerdict& verdict) {
  if (shell.options.json) {
    shell.print_line(write_verdict_json(verdict));
  } else {
    shell.print(show_verdict(verdict, shell.style()));
  }
  return exit_of(verdict.judged);
}

ExitCode note_verdict(const Shell& shell, const BundleVerdict& verdict) {
  shell.note(std::string(word(verdict.judged)) + ", " + verdict.code + ", " +
             std::to_string(verdict.counts.events) + "/" + std::to_string(verdict.size));
  return exit_of(verdict.judged);
}

namespace {

struct ProvenEvents {
  std::map<Place, const BundleEvent*> events;
  std::map<uint64_t, Leaf> leaves;
};

bool is_same(const EventView& view, const BundleEvent& event, const Leaf& leaf) {
  if (view.record != event.record || view.note != leaf.text || view.time_ms != leaf.time_ms)
    return false;
  if (view.state != PayloadState::open) return true;
  const auto record = decode_record(event.record);
  return record && payload_hash(view.salt, view.payload) == record->payload;
}

// Returns true if an answer must contain this event for the code: the event names it, and is no
// error declaration, which is shown at the event that it withdraws.
bool is_due(const BundleEvent& event, PayloadType type, const Hash& code) {
  const auto record = decode_record(event.record);
  if (!record || type == PayloadType::registry_capnp ||
      !std::ranges::binary_search(record->code_keys, code)) {
    return false;
  }
  if (!event.payload) return false;
  const auto value = decode_any_payload(type, event.payload->bytes);
  const auto* trace = value ? std::get_if<TraceEvent>(&*value) : nullptr;
  return trace != nullptr && !trace->error;
}

// Returns true if the proof holds the notice that an answer names for an erased section.
bool is_erased(const ErasedSection& erased, Place place,
               const std::map<uint64_t, Leaf>& leaves) {
  const auto leaf = leaves.find(erased.notice);
  if (leaf == leaves.end() || leaf->second.kind != LeafKind::notice) return false;
  const auto notice = parse_notice(leaf->second.text);
  if (!notice) return false;
  const EraseNotice* erase = erasure_of(*notice);
  return erase != nullptr && erase->place() == place && erase->section == erased.digest;
}

Unexpected<Error> shown_otherwise(Place place, std::string_view what) {
  return fail(Code::ROOT_MISMATCH, "event " + std::to_string(place.event) + " of entry " +
                                       std::to_string(place.leaf) + " " + std::string(what));
}

}  // namespace

Result<Done> check_shown(std::string_view text, const TracePage& page, const ShownTrace& shown) {
  SUYUAN_TRY(bundle, parse_bundle_json(text));
  ProvenEvents proven;
  for (const auto& leaf : bundle.leaves) {
    SUYUAN_TRY(parsed, parse_leaf(leaf.leaf.data));
    proven.leaves.emplace(leaf.index, std::move(parsed));
  }
  for (const auto& event : bundle.events) {
    const Place place{.leaf = event.leaf, .event = static_cast<uint32_t>(event.event)};
    proven.events.emplace(place, &event);
  }
  std::set<Place> steps;
  for (size_t i = 0; i < page.trace.steps.size(); ++i) {
    const Place place = page.trace.steps[i].place;
    steps.insert(place);
    const auto event = proven.events.find(place);
    if (event == proven.events.end()) return shown_otherwise(place, "is not in the proof");
    if (i >= page.events.size() || page.events[i].place != place ||
        !is_same(page.events[i], *event->second, proven.leaves.at(place.leaf))) {
      return shown_otherwise(place, "is not shown as the proof has it");
    }
    for (const ErasedSection& erased : page.events[i].erased) {
      if (is_erased(erased, place, proven.leaves)) continue;
      return shown_otherwise(place, "is said to have an erased section, but no notice proves it");
    }
  }
  if (!shown.whole) return Done{};
  const Hash code = code_key(shown.code);
  for (const auto& [place, event] : proven.events) {
    if (place.leaf >= shown.known_at || steps.contains(place)) continue;
    SUYUAN_TRY(note, parse_batch_note(proven.leaves.at(place.leaf).text));
    if (is_due(*event, note.batch.type, code)) {
      return shown_otherwise(place, "names the code, but the answer leaves it out");
    }
  }
  return Done{};
}

namespace {

struct Gateways {
  size_t statements = 0;
  std::set<std::string> names = {};
};

// Who signed statements for others. Requires: the bundle was verified.
Result<Gateways> gateways_of(std::string_view text) {
  SUYUAN_TRY(bundle, parse_bundle_json(text));
  std::map<uint64_t, std::string> signers;
  for (const auto& leaf : bundle.leaves) {
    SUYUAN_TRY(parsed, parse_leaf(leaf.leaf.data));
    if (parsed.kind != LeafKind::batch) continue;
    SUYUAN_TRY(note, parse_batch_note(parsed.text));
    if (!note.batch.signer.empty()) signers.emplace(leaf.index, note.batch.signer);
  }
  Gateways gateways;
  for (const auto& event : bundle.events) {
    const auto signer = signers.find(event.leaf);
    if (signer == signers.end()) continue;
    ++gateways.statements;
    gateways.names.insert(signer->second);
  }
  return gateways;
}

void print_gateways(Shell& shell, std::string_view text) {
  const auto gateways = gateways_of(text);
  if (!gateways || gateways->statements == 0) return;
  std::string names;
  for (const std::string& name : gateways->names) names += (names.empty() ? "" : ", ") + name;
  shell.print_line(
      shell.say(Say::through_gateways, {std::to_string(gateways->statements), shown(names)}));
}

}  // namespace

ExitCode check_bundle(Shell& shell, std::string_view text, std::optional<int64_t> now_ms) {
  const auto verdict = judge_bundle(shell, text, now_ms);
  if (!verdict) return verdict.error();
  const ExitCode exit = print_verdict(shell, *verdict);
  if (!shell.options.json && verdict->judged != Judged::refused) print_gateways(shell, text);
  return exit;
}

}  // namespace suyuan
