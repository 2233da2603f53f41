// Packing and unpacking: a thing is in one container at a time, never in itself, and not used up.
#include <algorithm>

#include "ledger/apply/judge.h"
#include "ledger/base/limits.h"

namespace suyuan {
namespace {

// The container that the child enters after the event's time without having left this one.
Result<std::optional<Fact>> next_entry_elsewhere(const FactReader& facts, const Hash& child,
                                                 const Hash& parent, int64_t at_ms) {
  std::optional<Fact> found;
  auto visit = [&](const Fact& fact) {
    if (fact.key.time_ms <= at_ms) return true;
    const bool entry = !fact.fact.text.empty();
    const bool here = fact.key.other == parent;
    if (entry && !here) found = fact;
    return !entry && !here;
  };
  SUYUAN_TRY_DONE(
      facts.each(child, Aspect::inside, at_ms, kTimeMax, Direction::ascending, visit));
  if (!found) return found;
  SUYUAN_TRY(emptied, facts.latest(parent, Aspect::emptied, found->key.time_ms, at_ms));
  if (emptied) found.reset();
  return found;
}

Result<Done> judge_packing(JudgeContext& context, const Subject& child) {
  const Statement& statement = context.statement;
  const int64_t at_ms = statement.at();
  SUYUAN_TRY(ended, context.facts.latest(child.key, Aspect::ended, at_ms));
  if (ended) {
    context.refuse(Code::ALREADY_CONSUMED,
                   child.text() + " has ended (" + ended->fact.text + ") at leaf " +
                       std::to_string(ended->key.place.leaf) + ": it cannot be packed",
                   statement.field_of(child));
    return Done{};
  }
  SUYUAN_TRY(stay, context.facts.inside_at(child.key, at_ms));
  if (stay && stay->parent_key != statement.parent->key) {
    context.refuse(Code::DUPLICATE_PARENT,
                   child.text() + " is inside " + stay->parent + " at " + statement.time_text() +
                       ": record that it was taken out first",
                   statement.field_of(child));
    return Done{};
  }
  SUYUAN_TRY(next, next_entry_elsewhere(context.facts, child.key, statement.parent->key, at_ms));
  if (next) {
    context.flag(Flag::MISSING_STEP,
                 "goes into " + next->fact.text + " later; no unpacking from " +
                     statement.parent->text() + " is recorded",
                 {child.text()});
  }
  return Done{};
}

Result<Done> judge_nesting(JudgeContext& context) {
  const Statement& statement = context.statement;
  if (statement.parent->is_new()) return Done{};
  SUYUAN_TRY(outwards, context.facts.containers_of(statement.parent->key, statement.at()));
  if (outwards.size() + 1 >= limits::kContainmentDepthMax) {
    context.refuse(Code::CONTAINMENT_CYCLE,
                   "nested " + std::to_string(outwards.size() + 1) + " deep; at most " +
                       std::to_string(limits::kContainmentDepthMax),
                   "parent");
    return Done{};
  }
  for (const Subject& child : statement.subjects) {
    if (!child.is(kMentionChild)) continue;
    if (std::find(outwards.begin(), outwards.end(), child.text()) == outwards.end()) continue;
    context.refuse(Code::CONTAINMENT_CYCLE,
                   statement.parent->text() + " is itself inside " + child.text() + " at " +
                       statement.time_text(),
                   statement.field_of(child));
  }
  return Done{};
}

Result<Done> judge_unpacking(JudgeContext& context) {
  const Statement& statement = context.statement;
  std::vector<std::string> outside;
  for (const Subject& child : statement.subjects) {
    if (!child.is(kMentionChild)) continue;
    SUYUAN_TRY(stay, context.facts.inside_at(child.key, statement.at()));
    if (!stay || stay->parent_key != statement.parent->key) outside.push_back(child.text());
  }
  if (outside.empty()) return Done{};
  context.flag(Flag::OUT_OF_ORDER,
               "taken out of " + statement.parent->text() + ", in which it is not known to be",
               std::move(outside));
  return Done{};
}

}  // namespace

Result<Done> judge_containment(JudgeContext& context) {
  const Statement& statement = context.statement;
  if (!statement.parent) return Done{};
  if (statement.unpacks()) return judge_unpacking(context);
  if (!statement.packs()) return Done{};
  for (const Subject& child : statement.subjects) {
    if (!child.is(kMentionChild) || child.is_new()) continue;
    SUYUAN_TRY_DONE(judge_packing(context, child));
  }
  return judge_nesting(context);
}

}  // namespace suyuan
