// Acts about an authority's keys require several authorities (docs/registry.md, Quorum): how many,
// who signed, and the acts judged by that.
#pragma once

#include <span>

#include "ledger/base/limits.h"
#include "ledger/registry/replay_act.h"
#include "ledger/registry/state.h"

namespace suyuan {

// A batch has room for this many signers. It also satisfies a genesis with a higher quorum.
inline constexpr uint64_t kQuorumMax = limits::kCosignersMax + 1;

// Returns how many authorities must sign an act about an authority's keys: the quorum of genesis.
Result<uint64_t> authorities_needed(const Reader& state);
// Returns the genesis of leaf 0 if the reader holds the log too.
Result<std::optional<Genesis>> genesis_in_log(const Reader& state);
// Returns the rows that start_registry writes for it, for a registry saved before quorums counted.
Changes quorum_rows(const Genesis& genesis);

// The signers of a batch of acts, each with a key in force at its leaf: its party, as of before the
// batch, and the co-signers. Both must outlive the object.
struct ActSigners {
  ActSigners(const PartyState& signed_by, std::span<const std::string> signed_with)
      : party(signed_by), with(signed_with) {}
  const PartyState& party;
  const std::span<const std::string> with;
};

// As those of state.h and replay_act.h, for batches with several signers.
// Errors: NOT_AUTHORITY at the field `with` (too few signers are authorities).
Result<Done> apply_registry_event(Overlay& state, const LedgerId& ledger,
                                  const RegistryEvent& event, const ActSigners& by, uint64_t leaf);
Result<Done> replay_party_act(Overlay& state, const LedgerId& ledger, const RegistryEvent& event,
                              const ActSigners& by, uint64_t leaf);

}  // namespace suyuan
