// Acts replayed by who holds some parties' whole chains but not the registry (docs/bundle.md, step
// 8). Each was taken once: so its own form, and the parties that it merely mentions, are not judged
// again; all that bears on who may sign is.
#pragma once

#include "ledger/registry/state.h"

namespace suyuan {

// As apply_registry_event, for acts about parties, keys and delegations; others change nothing.
Result<Done> replay_party_act(Overlay& state, const LedgerId& ledger, const RegistryEvent& event,
                              const PartyState& signer, uint64_t leaf);

}  // namespace suyuan
