// Judges one event at its position: refused or flagged, and its effect (docs/state.md).
#pragma once

#include <vector>

#include "ledger/apply/balance.h"
#include "ledger/apply/fact_reader.h"
#include "ledger/apply/registry_cache.h"
#include "ledger/apply/statement.h"
#include "ledger/event/finding.h"
#include "ledger/registry/roles.h"

namespace suyuan {

// More than the number of flags, so one finding of each always fits.
inline constexpr size_t kFindingsPerEventMax = 32;

enum class Effect : uint8_t {
  none,   // CUSTODY_BREAK: the event is only mentioned
  paper,  // documents only: they are made and linked to things, which do not change
  full,
};

struct Judgement {
  Errors errors;  // empty: accepted
  std::vector<Finding> findings;
  Effect effect = Effect::full;
  bool tells_place = false;            // whoever holds a thing states where it is
  std::string receiver = {};           // the party or "consumer" it is handed to; empty if none
  // In the subjects' order. Taken: custody was unknown before, and the party now has it.
  std::vector<const Subject*> made, taken;
  std::vector<AccountLine> lines;
};

// Judges the event. `state` is the state before it.
// Errors: IO, CORRUPT, or a refusal (TOO_COMPLEX).
Result<Judgement> judge(const Statement& statement, const Reader& state, RegistryCache& registry,
                        const PartyState& party);

// The parts of judge(), one for each rule of docs/state.md.
struct JudgeContext {
  const Statement& statement;
  const FactReader& facts;
  RegistryCache& registry;
  const PartyState& party;
  Judgement& judgement;

  void refuse(Code code, std::string message, std::string field);
  // `reason` is stored: its text may change only with the rules (Finding::reason).
  void flag(Flag flag, std::string reason, std::vector<std::string> codes);
};
Result<Done> judge_making(JudgeContext& context);       // making.cc
Result<Done> judge_custody(JudgeContext& context, const RoleRule& rule);  // custody.cc
Result<Done> judge_containment(JudgeContext& context);  // containment.cc

}  // namespace suyuan
