// Replays acts for a reader that holds some parties' whole chains but not the registry
// (docs/bundle.md, step 8). Each act was accepted once, so its form and the parties it merely
// mentions are not judged again; everything that affects who may sign is.
#pragma once

#include "ledger/registry/state.h"

namespace suyuan {

// As apply_registry_event, for acts about parties, keys and delegations. Ignores other acts.
Result<Done> replay_party_act(Overlay& state, const LedgerId& ledger, const RegistryEvent& event,
                              const PartyState& signer, uint64_t leaf);

}  // namespace suyuan
