// Which role may post which kinds and steps: one table, in roles.cc, shown in docs/registry.md.
#pragma once

#include <span>

#include "ledger/event/event.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// Parties with `role` may post `step` as `kind`. `custody`: the party must hold the thing (or
// receive it by the event itself). Supervisors and document acts need no custody.
//
// The step "*" covers every step of the kind, also an unstated one and trade-specific words, except
// acts of third parties (holding, releasing, ...): those need a rule that names them.
struct RoleRule {
  Role role;
  Kind kind;
  std::string_view step;  // CBV bizStep or a word of docs/registry.md
  bool custody;
};
std::span<const RoleRule> role_rules();

// Returns the first rule that allows one of `roles` to post this; null: UNAUTHORISED_ROLE.
const RoleRule* rule_for(std::span<const Role> roles, Kind kind, std::string_view step);

}  // namespace suyuan
