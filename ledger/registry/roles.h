// Which role may post which kinds and steps: one table, in roles.cc; docs/registry.md shows it.
#pragma once

#include <span>

#include "ledger/event/event.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// Parties with `role` may post `step` as `kind`. `custody` says whether the act needs the thing in
// the party's hands (or handed over by the event itself): supervisors and document acts do not.
//
// The step "*" covers every step of the kind, also the unstated one and words of a trade's own, but
// for acts of third parties (holding, releasing, ...): those need a rule that names them.
struct RoleRule {
  Role role;
  Kind kind;
  std::string_view step;  // CBV bizStep or a word of docs/registry.md
  bool custody;
};
std::span<const RoleRule> role_rules();

// The first rule that allows one of `roles` to post this; null: UNAUTHORISED_ROLE.
const RoleRule* rule_for(std::span<const Role> roles, Kind kind, std::string_view step);

}  // namespace suyuan
