// Which role may post which kinds and steps: one table, in roles.cc.
#pragma once

#include <span>

#include "ledger/event/event.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// One line of the table: parties with `role` may post `step` as `kind`. `custody` says whether the act needs the thing in
// the party's hands (or handed over by the event itself): supervisors and document acts do not.
struct RoleRule {
  Role role;
  Kind kind;
  std::string_view step;  // CBV bizStep or a word of docs/registry.md; "*": every step of the kind
  bool custody;
};
std::span<const RoleRule> role_rules();

// The first line that allows one of `roles` to post this; null: UNAUTHORISED_ROLE.
const RoleRule* rule_for(std::span<const Role> roles, Kind kind, std::string_view step);

}  // namespace suyuan
