// Custody: who holds the things of an event at its time, and so how much of the event takes effect.
#include <algorithm>
#include <set>

#include "ledger/apply/judge.h"

namespace suyuan {
namespace {

// Authorities may take, hold and destroy what others have. Anyone else must name the holder.
bool is_supervisor(Role role) {
  return role == Role::customs || role == Role::market_supervision ||
         role == Role::competent_authority;
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// The event's things, but for a product's that it makes: who may make them is judged already
// (UNAUTHORISED_PRODUCT), and a statement that came before the making must not hold it up.
bool needs_holder(const JudgeContext& context, const Subject& subject) {
  const auto& made = context.judgement.made;
  const bool makes = std::ranges::find(made, &subject) != made.end();
  return subject.is_thing() && !(makes && !subject.code.gtin().empty()) &&
         subject.is(kMentionObject | kMentionParent | kMentionChild | kMentionInput |
                    kMentionOutput);
}

struct Holders {
  std::vector<const Subject*> unknown;
  std::vector<std::string> foreign;  // codes that another party holds
  std::string other;                 // the first of these parties
};

// The parties that hand over or receive, under any name; the consumer stands for itself.
Result<std::vector<std::string>> possessing(const JudgeContext& context,
                                            const std::vector<Reference>& references) {
  std::vector<std::string> parties;
  for (const Reference& reference : references) {
    if (reference.type != kPossessingParty) continue;
    if (reference.id == kConsumer) {
      parties.emplace_back(kConsumer);
      continue;
    }
    SUYUAN_TRY(party, context.registry.named(reference.id));
    if (!party.empty()) parties.emplace_back(party);
  }
  return parties;
}

// Deliveries of one thing to a consumer, one after the other, before which its holder is sought.
constexpr int kDeliveriesMax = 8;

// Whether the event's party is the holder, or receives from the holder by the event.
bool acts_for(const JudgeContext& context, const std::vector<std::string>& givers,
              std::string_view holder) {
  const std::string_view party = context.statement.party;
  return holder == party || (contains(givers, holder) && context.judgement.receiver == party);
}

// A consumer cannot sign. Whether the event's party may say what happens to the consumer's thing
// (docs/state.md, Custody; decision 29). REQUIRES: `held` names the consumer.
Result<bool> acts_for_consumer(const JudgeContext& context, const RoleRule& rule,
                               const std::vector<std::string>& givers, const Subject& subject,
                               const Fact& held) {
  // It opens: it neither takes nor ends.
  if (rule.role == Role::system_operator && context.judgement.receiver.empty() &&
      !subject.is(kMentionInput) && !context.statement.ends(subject)) {
    return true;
  }
  if (!subject.code.gtin().empty()) {
    const std::string_view party = context.statement.party;
    SUYUAN_TRY(product, context.registry.product(subject.code.gtin()));
    if (product && (product->owner == party || product->recall_agent == party)) return true;
  }
  std::optional<Fact> before = held;
  for (int i = 0; i < kDeliveriesMax && before && before->fact.text == kConsumer; ++i) {
    SUYUAN_TRY(earlier,
               context.facts.effective_before(subject.key, Aspect::custody, before->when()));
    before = std::move(earlier);
  }
  if (!before) return true;
  return before->fact.text != kConsumer && acts_for(context, givers, before->fact.text);
}

// The custody at the event's time. Before a thing was made it is that of its making: by an earlier
// date nobody may end, pack or take what another made.
Result<std::optional<Fact>> holder_at(const JudgeContext& context, const Subject& subject) {
  if (subject.is_new()) return std::optional<Fact>();
  const int64_t at_ms = context.statement.at();
  SUYUAN_TRY(held, context.facts.effective(subject.key, Aspect::custody, at_ms));
  if (held) return std::move(held);
  SUYUAN_TRY(made, context.facts.latest(subject.key, Aspect::made, kTimeMax));
  if (!made || made->key.time_ms <= at_ms) return std::optional<Fact>();
  return context.facts.effective(subject.key, Aspect::custody, made->key.time_ms);
}

// Whether it is in nothing, and nothing is in it, at the event's time.
Result<bool> is_alone(const JudgeContext& context, const Subject& subject) {
  const int64_t at_ms = context.statement.at();
  SUYUAN_TRY(outside, context.facts.container_of(subject.key, at_ms));
  if (outside) return false;
  std::set<Hash> children;
  auto note = [&](const Fact& fact) {
    if (fact.key.other) children.insert(*fact.key.other);
    return true;
  };
  SUYUAN_TRY_DONE(context.facts.each(subject.key, Aspect::holds, kTimeMin, at_ms,
                                     Direction::ascending, note));
  for (const Hash& child : children) {
    SUYUAN_TRY(stay, context.facts.inside_at(child, at_ms));
    if (stay && stay->parent_key == subject.key) return false;
  }
  return true;
}

// Numbers that come back are given out again, an SSCC not within a year (GS1 General
// Specifications, SSCC): by then what was delivered under it is another unit. As long as the record
// has its contents in it, they would go with it.
Result<bool> begins_again(const JudgeContext& context, const Subject& subject, const Fact& held) {
  constexpr int64_t kYearMs = 365LL * 24 * 60 * 60 * 1000;
  const Statement& statement = context.statement;
  if (subject.is_made_once() || held.fact.text != kConsumer ||
      statement.event.action != Action::add || statement.at() - held.key.time_ms < kYearMs) {
    return false;
  }
  return is_alone(context, subject);
}

// A party may be an authority and have its own laboratory: then it samples as what it is first.
bool acts_as_supervisor(const JudgeContext& context, const RoleRule& rule) {
  return is_supervisor(rule.role) ||
         (rule.role == Role::lab &&
          std::ranges::any_of(context.party.data.roles, is_supervisor));
}

Result<Holders> find_holders(const JudgeContext& context, const RoleRule& rule) {
  const Statement& statement = context.statement;
  SUYUAN_TRY(givers, possessing(context, statement.event.sources));
  Holders holders;
  for (const Subject& subject : statement.subjects) {
    if (!needs_holder(context, subject)) continue;
    SUYUAN_TRY(held, holder_at(context, subject));
    bool is_free = !held;
    if (held) {
      SUYUAN_TRY(again, begins_again(context, subject, *held));
      is_free = again;
    }
    if (is_free) {
      holders.unknown.push_back(&subject);
      continue;
    }
    const std::string& holder = held->fact.text;
    bool may = acts_for(context, givers, holder);
    if (holder == kConsumer) {
      SUYUAN_TRY(for_consumer, acts_for_consumer(context, rule, givers, subject, *held));
      may = for_consumer;
    }
    if (may) continue;
    if (holders.foreign.empty()) holders.other = holder;
    holders.foreign.push_back(subject.text());
  }
  return holders;
}

}  // namespace

Result<Done> judge_custody(JudgeContext& context, const RoleRule& rule) {
  const Statement& statement = context.statement;
  Judgement& judgement = context.judgement;
  if (statement.event.whole_lot || statement.event.type == EventType::transaction) {
    judgement.effect = Effect::paper;
    return Done{};
  }
  SUYUAN_TRY(receivers, possessing(context, statement.event.destinations));
  if (!receivers.empty()) judgement.receiver = std::move(receivers.front());
  judgement.tells_place = rule.custody || !judgement.receiver.empty();
  if (!rule.custody && acts_as_supervisor(context, rule)) return Done{};
  SUYUAN_TRY(holders, find_holders(context, rule));
  if (!rule.custody) {
    // A document act by the holder has its full effect.
    if (holders.foreign.empty() && holders.unknown.empty()) return Done{};
    judgement.effect = Effect::paper;
    return Done{};
  }
  if (holders.foreign.empty()) {
    judgement.taken = std::move(holders.unknown);
    return Done{};
  }
  judgement.effect = Effect::none;
  context.flag(Flag::CUSTODY_BREAK,
               "held by " + holders.other + ", no hand-over to " + std::string(statement.party) +
                   " is recorded",
               std::move(holders.foreign));
  return Done{};
}

}  // namespace suyuan
