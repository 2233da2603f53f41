#include "ledger/proof/verify_bundle.h"

#include <algorithm>
#include <limits>
#include <set>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/proof/verify_steps.h"

namespace suyuan {
namespace {

using bundle::Checked;
using bundle::Step;

constexpr int64_t kMsPerS = 1000;
constexpr int64_t kSPerHour = 3600;

Step check_all(Checked& checked) {
  SUYUAN_TRY_DONE(bundle::check_order(checked.bundle));
  SUYUAN_TRY_DONE(bundle::check_checkpoint(checked));
  SUYUAN_TRY_DONE(bundle::check_genesis(checked));
  SUYUAN_TRY_DONE(bundle::check_seal(checked));
  SUYUAN_TRY_DONE(bundle::check_cosignatures(checked));
  SUYUAN_TRY_DONE(bundle::check_leaves(checked));
  SUYUAN_TRY_DONE(bundle::check_events(checked));
  SUYUAN_TRY_DONE(bundle::check_notices(checked));
  SUYUAN_TRY_DONE(bundle::check_registry(checked));
  SUYUAN_TRY_DONE(bundle::check_chains(checked));
  return bundle::check_reach(checked);
}

// A log that shows its witnesses an old tree grows old with that tree.
int64_t as_of_ms(const Checked& checked) {
  return std::min(checked.sealed_ms, checked.quorum_ms.value_or(checked.sealed_ms));
}

std::string listed(const std::set<std::string>& names) {
  constexpr size_t kShown = 12;
  std::string text;
  size_t shown = 0;
  for (const std::string& name : names) {
    if (shown == kShown) return text + ", ... (" + std::to_string(names.size()) + ")";
    text.append(text.empty() ? "" : ", ").append(name);
    ++shown;
  }
  return text;
}

std::set<std::string> names_of(const Checked& checked, bool replayers_only) {
  std::set<std::string> names;
  for (const VerifiedLine& line : checked.cosignatures) {
    const PolicyWitness& witness = checked.policy.witnesses[line.key];
    if (witness.replayer || !replayers_only) names.insert(witness.name);
  }
  return names;
}

// All whose signatures count.
std::set<std::string> signers_of(const Checked& checked) {
  std::set<std::string> names;
  for (const auto& leaf : checked.leaves) {
    for (const auto& line : leaf.note.note.signatures) names.insert(line.name);
  }
  for (const auto& notice : checked.notices) names.insert(notice.erase().party);
  return names;
}

bool is_absent(const Checked& checked) {
  const auto chain = checked.chain_of(code_key(checked.bundle.code));
  const auto names_it = [&](const bundle::CheckedEvent& event) {
    const auto& keys = event.record.code_keys;
    return std::ranges::binary_search(keys, code_key(checked.bundle.code));
  };
  return chain && std::ranges::none_of(checked.events, names_it);
}

void say_proven(const Checked& checked, BundleVerdict& verdict) {
  auto& lines = verdict.proven;
  const auto& counts = verdict.counts;
  lines.push_back({Claim::log_signed, {std::to_string(verdict.size), verdict.origin}});
  if (checked.quorum_ms) {
    lines.push_back({Claim::cosigned,
                     {listed(names_of(checked, false)), std::to_string(counts.cosignatures),
                      to_rfc3339({.ms = *checked.quorum_ms})}});
  }
  if (counts.events > 0) {
    lines.push_back(
        {Claim::unchanged, {std::to_string(counts.events), std::to_string(counts.leaves)}});
    lines.push_back(
        {Claim::signed_by, {std::to_string(counts.leaves), listed(signers_of(checked))}});
  }
  if (is_absent(checked)) {
    lines.push_back({Claim::absent, {verdict.code}});
  } else {
    lines.push_back({Claim::whole, {verdict.code, std::to_string(counts.chains)}});
  }
  if (counts.erased > 0) lines.push_back({Claim::erased, {std::to_string(counts.erased)}});
  if (const auto names = names_of(checked, true); !names.empty()) {
    lines.push_back({Claim::replayed, {listed(names)}});
  }
}

// A transformation that does not state where its outputs come from.
bool states_outputs_alone(const bundle::CheckedEvent& event) {
  const auto* stated = event.value ? std::get_if<TraceEvent>(&*event.value) : nullptr;
  return stated != nullptr && stated->type == EventType::transformation &&
         !stated->outputs.empty() && stated->inputs.empty();
}

void say_gaps(const Checked& checked, BundleVerdict& verdict) {
  auto& lines = verdict.not_proven;
  if (verdict.counts.withheld > 0) {
    lines.push_back({Claim::withheld, {std::to_string(verdict.counts.withheld)}});
  }
  if (verdict.counts.erased > 0) {
    lines.push_back({Claim::erased_content, {std::to_string(verdict.counts.erased)}});
  }
  for (const BundleCut& cut : checked.bundle.cuts) lines.push_back({Claim::cut, {cut.code}});
  for (const auto& one : checked.suspects) {
    lines.push_back({Claim::suspect, {one.party, std::to_string(one.leaf)}});
  }
  for (const auto& event : checked.events) {
    if (!states_outputs_alone(event)) continue;
    lines.push_back({Claim::outputs_alone,
                     {std::to_string(event.place.leaf), std::to_string(event.place.event)}});
  }
}

void say_not_proven(const Checked& checked, int64_t now_ms, BundleVerdict& verdict) {
  auto& lines = verdict.not_proven;
  const std::string as_of = to_rfc3339({.ms = *verdict.as_of_ms});
  if (verdict.judged == Judged::stale && *verdict.as_of_ms > now_ms) {
    lines.push_back({Claim::ahead, {as_of}});
  } else if (verdict.judged == Judged::stale) {
    lines.push_back({Claim::stale, {as_of, std::to_string(checked.policy.max_age_s / kSPerHour)}});
  }
  lines.push_back({Claim::truth});
  lines.push_back({Claim::newer, {as_of}});
  lines.push_back({Claim::not_submitted});
  lines.push_back({Claim::effect});
  lines.push_back({Claim::label});
  say_gaps(checked, verdict);
  if (names_of(checked, true).empty()) lines.push_back({Claim::operators_word});
  if (checked.policy.genesis.empty()) lines.push_back({Claim::genesis_unnamed});
  if (!checked.quorum_ms) lines.push_back({Claim::unwitnessed});
}

// Both times are not negative, so the difference is a number.
bool is_stale(const Checked& checked, int64_t as_of, int64_t now_ms) {
  const int64_t now = std::max<int64_t>(now_ms, 0);
  if (as_of > now) return as_of - now > limits::kEventTimeAheadMsMax;
  return now - as_of > checked.policy.max_age_s * kMsPerS;
}

Judged judged(const Checked& checked, const BundleVerdict& verdict, int64_t now_ms) {
  if (is_stale(checked, *verdict.as_of_ms, now_ms)) return Judged::stale;
  if (is_absent(checked)) return Judged::not_recorded;
  const bool gaps = verdict.counts.withheld + verdict.counts.cuts + checked.suspects.size() > 0;
  return gaps ? Judged::partial : Judged::proven;
}

BundleVerdict judge(const Checked& checked, int64_t now_ms) {
  BundleVerdict verdict;
  verdict.code = checked.bundle.code;
  verdict.origin = checked.origin;
  verdict.size = checked.head.size;
  verdict.root = checked.head.root;
  verdict.as_of_ms = as_of_ms(checked);
  const auto withheld = std::ranges::count_if(
      checked.events, [](const bundle::CheckedEvent& event) { return !event.value; });
  verdict.counts = {.leaves = checked.leaves.size(),
                    .events = checked.events.size(),
                    .withheld = static_cast<size_t>(withheld),
                    .chains = checked.chains.size(),
                    .cuts = checked.bundle.cuts.size(),
                    .cosignatures = checked.cosignatures.size(),
                    .erased = checked.notices.size()};
  verdict.judged = judged(checked, verdict, now_ms);
  say_proven(checked, verdict);
  say_not_proven(checked, now_ms, verdict);
  return verdict;
}

}  // namespace

BundleVerdict verify_bundle(const Bundle& bundle, const Policy& policy, int64_t now_ms,
                      const PayloadDecoder& decode) {
  Checked checked{.bundle = bundle, .policy = policy, .decode = decode};
  const Step step = check_all(checked);
  if (step) return judge(checked, now_ms);
  return refused(step.error().fault, step.error().place, step.error().message);
}

}  // namespace suyuan
