// What a thing is at a time, who held it until then, and a lot's account.
#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/provenance/containment.h"
#include "ledger/provenance/thing_state.h"

namespace suyuan {
namespace {

Result<std::string> said_of(const Facts& facts, const Hash& key, Aspect aspect) {
  SUYUAN_TRY(fact, facts.reader().effective(key, aspect, facts.end().time_ms));
  return fact ? fact->fact.text : std::string();
}

// Something happened to it: a mention that is in force, had effect, and says more than a whole-lot
// statement; or units came from it.
Result<bool> has_appeared(const Facts& facts, const Hash& key) {
  bool appeared = false;
  auto look = [&](const Fact& mention) {
    appeared = (mention.fact.flags & (kMentionNoEffect | kMentionWholeLot)) == 0;
    return !appeared;
  };
  SUYUAN_TRY_DONE(facts.each(key, Aspect::mention, {.to = facts.end()}, look));
  if (appeared) return true;
  SUYUAN_TRY(unit, facts.latest(key, Aspect::unit, {.to = facts.end()}));
  return unit.has_value();
}

}  // namespace

// The thing's own rows are read first, while `facts` is turned to it.
Result<ThingState> read_state(Facts& facts, std::string_view code) {
  const Hash key = code_key(code);
  const Window ever = {.to = facts.end()};
  const FactReader& reader = facts.reader();
  const int64_t at_ms = facts.end().time_ms;
  SUYUAN_TRY_DONE(facts.turn_to(key));
  SUYUAN_TRY_DONE(check_named(facts, code, key));

  ThingState state{.code = std::string(code)};
  SUYUAN_TRY(appeared, has_appeared(facts, key));
  SUYUAN_TRY(ended, facts.latest(key, Aspect::ended, ever));
  state.exists = appeared && !ended;
  SUYUAN_TRY(made, facts.latest(key, Aspect::made, ever));
  if (made) state.lot = made->fact.text;
  SUYUAN_TRY(account, reader.account(key, at_ms));
  if (account) {
    state.balance = account->left;
    state.uom = account->uom;
  }
  SUYUAN_TRY(disposition, said_of(facts, key, Aspect::disposition));
  SUYUAN_TRY(custodian, said_of(facts, key, Aspect::custody));
  SUYUAN_TRY(location, said_of(facts, key, Aspect::location));
  SUYUAN_TRY(outwards, reader.containers_of(key, at_ms));
  state.disposition = std::move(disposition);
  state.custodian = std::move(custodian);
  state.location = std::move(location);
  state.inside_all = std::move(outwards);
  if (!state.inside_all.empty()) state.inside = state.inside_all.front();
  return state;
}

Result<ThingState> state_of(const Reader& reader, std::string_view code, const AsOf& as_of) {
  Facts facts(reader, as_of, limits::kTraceStepsMax);
  return read_state(facts, code);
}

Result<std::vector<Holding>> custody_chain(const Reader& reader, std::string_view code,
                                           const AsOf& as_of) {
  Facts facts(reader, as_of, limits::kTraceStepsMax);
  const Hash key = code_key(code);
  SUYUAN_TRY_DONE(facts.turn_to(key));
  SUYUAN_TRY_DONE(check_named(facts, code, key));
  std::vector<Said> said;
  auto read = [&](const HeldThing& held) {
    auto add = [&](const Fact& custody) {
      said.push_back({custody.when(), custody.fact.text});
      return true;
    };
    return facts.each(held.key, Aspect::custody, held.window, add);
  };
  const HeldThing thing{std::string(code), key, {.to = facts.end()}};
  SUYUAN_TRY(walked, walk_containers(facts, thing, read));
  if (walked == Walked::cut) return nested_too_deep(code);

  std::stable_sort(said.begin(), said.end(),
                   [](const Said& a, const Said& b) { return a.when < b.when; });
  std::vector<Holding> chain;
  for (Said& one : said) {
    if (!chain.empty() && chain.back().custodian == one.text) continue;
    chain.push_back({std::move(one.text), one.when.time_ms, one.when.place});
  }
  return chain;
}

Result<std::vector<BalanceLine>> balance_of(const Reader& reader, std::string_view lot,
                                            const AsOf& as_of, size_t limit) {
  Facts facts(reader, as_of, limits::kTraceStepsMax);
  const Hash key = code_key(lot);
  SUYUAN_TRY_DONE(check_named(facts, lot, key));
  SUYUAN_TRY(account, facts.reader().account(key, facts.end().time_ms));
  std::vector<BalanceLine> lines;
  if (!account) return lines;
  Decimal left;
  bool in_bounds = true;
  auto add = [&](const Fact& line) {
    if (lines.size() == limit) return false;
    if (!line.fact.amount || line.fact.uom != account->uom) return true;
    const auto sum = left.plus(*line.fact.amount);
    in_bounds = sum.has_value();
    if (!in_bounds) return false;
    left = *sum;
    lines.push_back({line.key.place, line.key.time_ms, *line.fact.amount, line.fact.uom, left});
    return true;
  };
  SUYUAN_TRY_DONE(facts.each(key, Aspect::balance, {.to = facts.end()}, add));
  if (!in_bounds) {
    return fail(Code::TOO_COMPLEX, "the account of " + quoted(lot) + " is out of bounds", "code");
  }
  return lines;
}

}  // namespace suyuan
