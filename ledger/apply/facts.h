// The facts that an event writes (docs/state.md, What a statement changes).
#pragma once

#include <vector>

#include "ledger/apply/judge.h"
#include "ledger/apply/statement.h"

namespace suyuan {

inline constexpr std::string_view kConsumed = "consumed";

// Returns the facts of a judged event, each row once.
std::vector<Fact> facts_of(const Statement& statement, const Judgement& judgement);

// Returns every fact that the event could have stated under any verdict. A correction looks for
// these.
std::vector<Fact> possible_facts(const Statement& statement);

// Writes the facts, updates accounts, and lists new codes below their classes and lots.
// Errors: MASS_BALANCE (an account exceeds its bounds).
Result<Done> write_facts(Overlay& state, const Statement& statement, const Judgement& judgement);

}  // namespace suyuan
