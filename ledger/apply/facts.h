// What an event changes: its facts (docs/state.md, What a statement changes).
#pragma once

#include <vector>

#include "ledger/apply/judge.h"
#include "ledger/apply/statement.h"

namespace suyuan {

inline constexpr std::string_view kConsumed = "consumed";

// The facts of a judged event, each row once.
std::vector<Fact> facts_of(const Statement& statement, const Judgement& judgement);

// Every fact that the event could have stated, whatever was judged: for a correction to look for.
std::vector<Fact> possible_facts(const Statement& statement);

// Writes them, brings accounts up to date, and lists new codes below their classes and lots.
// MASS_BALANCE: an account runs out of bounds.
Result<Done> write_facts(Overlay& state, const Statement& statement, const Judgement& judgement);

}  // namespace suyuan
