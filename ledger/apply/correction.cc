// Checks a declaration against its original, then marks what the original stated.
#include "ledger/apply/correction.h"

#include "ledger/apply/facts.h"
#include "ledger/base/limits.h"

namespace suyuan {
namespace {

constexpr unsigned kRoleBits = kMentionObject | kMentionParent | kMentionChild | kMentionInput |
                               kMentionOutput | kMentionWholeLot;

Unexpected<Error> invalid(std::string message, std::string field = "errorDeclaration") {
  return fail(Code::CORRECTION_INVALID, std::move(message), std::move(field));
}

Result<std::optional<StoredFact>> fact_at(const Reader& state, const FactKey& key) {
  return get<StoredFact>(state, Table::fact, fact_key(key));
}

// Says where the two differ in what matters most: codes with their roles, time, kind, step, lot.
// REQUIRES: declaration.place is the original's.
Result<Done> check_equal(const Reader& state, const Statement& declaration) {
  SUYUAN_TRY(bytes, state.get(Table::record, place_key(declaration.place)));
  if (!bytes) return fail(Code::CORRUPT, "an eventID names a place without a record");
  SUYUAN_TRY(record, decode_record(*bytes));
  if (record.code_keys.size() != declaration.subjects.size()) {
    return invalid("it names " + std::to_string(declaration.subjects.size()) +
                   " codes, the event that it withdraws " +
                   std::to_string(record.code_keys.size()));
  }
  const auto lot = declaration.lot ? declaration.lot->text() : std::string();
  for (const Subject& subject : declaration.subjects) {
    FactKey key{subject.key, Aspect::mention, declaration.at(), declaration.place};
    SUYUAN_TRY(mention, fact_at(state, key));
    const unsigned roles =
        subject.roles | (declaration.event.whole_lot ? unsigned{kMentionWholeLot} : 0U);
    if (!mention || (mention->flags & kRoleBits) != roles ||
        mention->kind != declaration.event.kind || mention->text != declaration.event.step) {
      return invalid("the event that it withdraws does not name this code in the same way, at the "
                     "same time, with the same kind and step: repeat it unchanged",
                     declaration.field_of(subject));
    }
    key.aspect = Aspect::made;
    SUYUAN_TRY(made, fact_at(state, key));
    if (made && subject.is_thing() && made->text != lot) {
      return invalid("the event that it withdraws states another lot", "lot");
    }
  }
  return Done{};
}

// Returns to an account what had left it.
Result<Done> restore_account(Overlay& state, const FactKey& key, const StoredFact& row) {
  if (!row.amount || !row.amount->is_negative()) return recount(state, key.code);
  SUYUAN_TRY(account, stored_account(state, key.code));
  if (!account) return Done{};
  const auto back = Decimal::make(-row.amount->units(), row.amount->scale());
  return add_to_account(state, {.lot = key.code, .code = {}, .amount = *back, .uom = row.uom},
                        key.time_ms);
}

Result<Done> mark_withdrawn(Overlay& state, const Statement& original, uint64_t leaf) {
  for (const Fact& fact : possible_facts(original)) {
    SUYUAN_TRY(row, fact_at(state, fact.key));
    if (!row || row->withdrawn_by != 0) continue;
    row->withdrawn_by = leaf;
    state.put(Table::fact, fact_key(fact.key), encode(*row));
    if (fact.key.aspect == Aspect::balance) {
      SUYUAN_TRY_DONE(restore_account(state, fact.key, *row));
    }
  }
  return Done{};
}

// Lots whose making is withdrawn while their use remains.
Result<std::vector<Finding>> find_orphans(const Reader& state, const Statement& declaration,
                                          Place original) {
  std::vector<Finding> findings;
  StepBudget budget(limits::kTraceStepsMax);
  const FactReader facts(state, std::nullopt, budget);
  for (const AccountLine& line : account_lines(declaration)) {
    if (line.amount.is_negative()) continue;
    SUYUAN_TRY(used, facts.latest(line.lot, Aspect::balance, kTimeMax));
    if (!used) continue;
    if (!findings.empty()) {
      findings.front().codes.emplace_back(line.code);
      continue;
    }
    // Stored: the text may change only with the rules (Finding::reason).
    findings.push_back({.flag = Flag::MISSING_STEP,
                        .event = declaration.place,
                        .reason = "the making is withdrawn, what was used of it is not",
                        .codes = {std::string(line.code)},
                        .related = {original}});
  }
  return findings;
}

}  // namespace

Result<std::vector<Finding>> withdraw(Overlay& state, Statement declaration,
                                      const Hash& id_key, const Hash& statement,
                                      const std::optional<StoredEventId>& original) {
  if (!original) return invalid("the party has posted no event with this eventID", "eventID");
  if (original->withdrawn_by != 0) {
    return invalid("the event was withdrawn before, at leaf " +
                       std::to_string(original->withdrawn_by),
                   "eventID");
  }
  const Place place = declaration.place;
  declaration.place = original->place;
  SUYUAN_TRY_DONE(check_equal(state, declaration));
  // Rows of an earlier store format lack this.
  if (original->statement != Hash{} && original->statement != statement) {
    return invalid("it differs from the event that it withdraws in more than the declaration: "
                   "repeat that one unchanged, and add errorDeclaration");
  }
  SUYUAN_TRY_DONE(mark_withdrawn(state, declaration, place.leaf));
  StoredEventId id = *original;
  id.withdrawn_by = place.leaf;
  state.put(Table::event_id, id_key.bytes(), encode(id));

  declaration.place = place;
  Judgement judgement;
  judgement.effect = Effect::none;
  SUYUAN_TRY_DONE(write_facts(state, declaration, judgement));
  return find_orphans(state, declaration, original->place);
}

}  // namespace suyuan
