// The rules for one event, in the order in which they are checked.
#include "ledger/apply/judge.h"

#include <algorithm>

#include "ledger/apply/facts.h"
#include "ledger/base/limits.h"

namespace suyuan {
namespace {

constexpr int64_t kBackdatedMs = int64_t{30} * 24 * 3600 * 1000;

void judge_time(JudgeContext& context) {
  const Statement& statement = context.statement;
  if (statement.at() > statement.log_time_ms + limits::kEventTimeAheadMsMax) {
    context.refuse(Code::EVENT_TIME_AHEAD,
                   "the event is dated " + statement.time_text() + ", the ledger's time is " +
                       to_rfc3339({statement.log_time_ms, 0}) + ": check the clock and the offset",
                   "eventTime");
  } else if (statement.log_time_ms - statement.at() > kBackdatedMs) {
    context.flag(Flag::BACKDATED,
                 "happened at " + statement.time_text() + ", recorded at " +
                     to_rfc3339({statement.log_time_ms, 0}),
                 {});
  }
}

void judge_accreditation(JudgeContext& context) {
  const TraceEvent& event = context.statement.event;
  const PartyData& party = context.party.data;
  if (event.kind != Kind::inspection || event.result.empty() || !context.party.is(Role::lab)) {
    return;
  }
  const auto ended = [&](const Accreditation& one) {
    return one.valid_to && one.valid_to->ms < event.event_time.ms;
  };
  const auto& all = party.accreditations;
  if (all.empty() || !std::all_of(all.begin(), all.end(), ended)) return;
  context.flag(Flag::CERT_EXPIRED,
               "accreditation " + all.back().number + " of " + party.id + " ended at " +
                   to_rfc3339(*all.back().valid_to),
               {});
}

// Used up by this time, or used up whole at any time, since that happens only once.
Result<Done> judge_inputs(JudgeContext& context) {
  const Statement& statement = context.statement;
  for (const Subject& input : statement.subjects) {
    if (!input.is(kMentionInput) || input.is_new() || !input.is_thing()) continue;
    std::optional<Fact> end;
    auto visit = [&](const Fact& fact) {
      const bool whole = !input.is_counted() && fact.fact.text == kConsumed;
      if (fact.key.time_ms <= statement.at() || whole) end = fact;
      return !end;
    };
    SUYUAN_TRY_DONE(context.facts.each(input.key, Aspect::ended, kTimeMin, kTimeMax,
                                       Direction::ascending, visit));
    if (!end) continue;
    context.refuse(Code::ALREADY_CONSUMED,
                   input.text() + " has ended (" + end->fact.text + ") at leaf " +
                       std::to_string(end->key.place.leaf) + ": it cannot be used again",
                   statement.field_of(input));
  }
  return Done{};
}

Result<Done> judge_balance(JudgeContext& context) {
  const Statement& statement = context.statement;
  if (statement.event.type == EventType::transformation) {
    auto judged = judge_transformation(statement.event);
    if (!judged) {
      context.refuse(judged.error().code, judged.error().message, judged.error().field);
    } else if (*judged) {
      std::vector<std::string> inputs;
      for (const Item& item : statement.event.inputs) inputs.push_back(item.code);
      context.flag(Flag::MASS_BALANCE, **judged, std::move(inputs));
    }
  }
  for (AccountLine& line : account_lines(statement)) {
    auto verdict = judge_account(context.facts, line, statement.at());
    if (!verdict) {
      if (verdict.error().code != Code::MASS_BALANCE) return Unexpected(verdict.error());
      context.refuse(Code::MASS_BALANCE, verdict.error().message,
                     line.subject ? statement.field_of(*line.subject, "quantity") : "lot");
      continue;
    }
    if (*verdict == LineVerdict::other_unit) continue;
    if (*verdict == LineVerdict::unbalanced) {
      context.flag(Flag::MISSING_STEP, "how the lot came into being is not recorded",
                   {std::string(line.code)});
    } else if (*verdict == LineVerdict::late_short) {
      context.flag(Flag::MASS_BALANCE, "more was used than is now stated to have come",
                   {std::string(line.code)});
    }
    context.judgement.lines.push_back(std::move(line));
  }
  return Done{};
}

}  // namespace

void JudgeContext::refuse(Code code, std::string message, std::string field) {
  judgement.errors.push_back(
      {.code = code, .message = std::move(message), .field = std::move(field)});
}

// One finding for many codes. If there are more reasons than the bound, the first is given for all.
void JudgeContext::flag(Flag flag, std::string reason, std::vector<std::string> codes) {
  auto& findings = judgement.findings;
  const bool full = findings.size() >= kFindingsPerEventMax;
  for (Finding& finding : findings) {
    if (finding.flag != flag || (!full && finding.reason != reason)) continue;
    std::move(codes.begin(), codes.end(), std::back_inserter(finding.codes));
    return;
  }
  judgement.findings.push_back({.flag = flag,
                                .event = statement.place,
                                .reason = std::move(reason),
                                .codes = std::move(codes),
                                .related = {}});
}

Result<Judgement> judge(const Statement& statement, const Reader& state, RegistryCache& registry,
                        const PartyState& party) {
  Judgement judgement;
  StepBudget budget(limits::kTraceStepsMax);
  const FactReader facts(state, std::nullopt, budget);
  JudgeContext context{statement, facts, registry, party, judgement};

  const TraceEvent& event = statement.event;
  const RoleRule* rule = rule_for(party.data.roles, event.kind, event.step);
  if (!rule) {
    context.refuse(Code::UNAUTHORISED_ROLE,
                   party.data.id + " has no role that posts " + std::string(word(event.kind)) +
                       (event.step.empty() ? " without a step" : " with step " + quote(event.step)),
                   "step");
    return judgement;
  }
  judge_time(context);
  SUYUAN_TRY_DONE(judge_making(context));
  if (!judgement.errors.empty()) return judgement;
  SUYUAN_TRY_DONE(judge_custody(context, *rule));
  judge_accreditation(context);
  // An event that changes nothing contradicts nothing.
  if (judgement.effect != Effect::full) return judgement;
  SUYUAN_TRY_DONE(judge_containment(context));
  SUYUAN_TRY_DONE(judge_inputs(context));
  SUYUAN_TRY_DONE(judge_balance(context));
  return judgement;
}

}  // namespace suyuan
