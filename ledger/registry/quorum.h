// Acts about an authority's keys need several authorities (docs/registry.md, Quorum). How many, who
// signed, and acts judged by that.
#pragma once

#include <span>

#include "ledger/base/limits.h"
#include "ledger/registry/replay_act.h"
#include "ledger/registry/state.h"

namespace suyuan {

// A batch has room for so many signers. A genesis that says more is met by these.
inline constexpr uint64_t kQuorumMax = limits::kCosignersMax + 1;

// How many authorities sign an act about an authority's keys: the quorum of genesis.
Result<uint64_t> authorities_needed(const Reader& state);
// Of leaf 0, where the reader holds the log too.
Result<std::optional<Genesis>> genesis_in_log(const Reader& state);
// What start_registry writes of it: for a registry that was saved before the quorum counted.
Changes quorum_rows(const Genesis& genesis);

// Who signed a batch of acts, each with a key in force at its leaf: its party, as of before the
// batch, and who signed with it. Both outlive it.
struct ActSigners {
  ActSigners(const PartyState& signed_by, std::span<const std::string> signed_with)
      : party(signed_by), with(signed_with) {}
  const PartyState& party;
  const std::span<const std::string> with;
};

// As those of state.h and replay_act.h, for batches that several sign. NOT_AUTHORITY at the field
// `with`: too few of them are authorities.
Result<Done> apply_registry_event(Overlay& state, const LedgerId& ledger,
                                  const RegistryEvent& event, const ActSigners& by, uint64_t leaf);
Result<Done> replay_party_act(Overlay& state, const LedgerId& ledger, const RegistryEvent& event,
                              const ActSigners& by, uint64_t leaf);

}  // namespace suyuan
