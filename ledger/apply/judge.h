// Judging one event at its own place: refused, flagged, how far it takes effect (docs/state.md).
#pragma once

#include <vector>

#include "ledger/apply/balance.h"
#include "ledger/apply/fact_reader.h"
#include "ledger/apply/registry_cache.h"
#include "ledger/apply/statement.h"
#include "ledger/event/finding.h"
#include "ledger/registry/roles.h"

namespace suyuan {

// More than there are flags, so that one of each always has room.
inline constexpr size_t kFindingsPerEventMax = 32;

enum class Effect : uint8_t {
  none,   // CUSTODY_BREAK: a mention, nothing more
  paper,  // papers come into being and are tied to things; the things themselves stay as they are
  full,
};

struct Judgement {
  Errors errors;  // empty: accepted
  std::vector<Finding> findings;
  Effect effect = Effect::full;
  bool tells_place = false;            // who holds a thing says where it is
  std::string receiver = {};           // the party or "consumer" that it is handed to; empty: none
  // Both in the subjects' order. Taken: nothing was known of their custody, the party has them now.
  std::vector<const Subject*> made, taken;
  std::vector<AccountLine> lines;
};

// `state` is that before the event. Errors: IO, CORRUPT, or a refusal (TOO_COMPLEX).
Result<Judgement> judge(const Statement& statement, const Reader& state, RegistryCache& registry,
                        const PartyState& party);

// Pieces of it, each for one rule of docs/state.md.
struct JudgeContext {
  const Statement& statement;
  const FactReader& facts;
  RegistryCache& registry;
  const PartyState& party;
  Judgement& judgement;

  void refuse(Code code, std::string message, std::string field);
  void flag(Flag flag, std::string reason, std::vector<std::string> codes);
};
Result<Done> judge_making(JudgeContext& context);       // making.cc
Result<Done> judge_custody(JudgeContext& context, const RoleRule& rule);  // custody.cc
Result<Done> judge_containment(JudgeContext& context);  // containment.cc

}  // namespace suyuan
