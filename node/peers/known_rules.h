// Which nodes a node of the ledger takes for its nodes before it follows the log: what its store
// holds of the rules, or a newer notice that lies in its folder, as it does where the node joins
// (docs/cluster.md, Members).
#pragma once

#include "ledger/registry/rules_notice.h"
#include "node/data_folder.h"

namespace suyuan {

// `state`: the store's. A notice in the folder counts where enough authorities signed it, with keys
// that the store knows. Errors: what such a notice is refused for; IO, CORRUPT.
Result<RulesState> known_rules(const DataFolder& folder, const Reader& state,
                               const Genesis& genesis, const LedgerId& ledger);
// The same for a folder whose store holds nothing but genesis.
Result<RulesState> known_rules(const DataFolder& folder, const Genesis& genesis,
                               const LedgerId& ledger);
// By the authorities' keys of genesis.
Result<Done> check_signed_by_genesis(const RulesNotice& notice, const Genesis& genesis,
                                     const LedgerId& ledger);
// What the store says alone, where the notice in the folder does not hold: it is a hint, and an
// authority may have had another key when it was signed than when it is read.
Result<RulesState> rules_to_serve(const DataFolder& folder, const Reader& state,
                                  const Genesis& genesis, const LedgerId& ledger);
// For who joins, and for readers: the newest notice that the store holds, where the folder has none
// or an older one. A newer one stays: by it this node may be one of the nodes, and start again.
Result<Done> keep_rules_file(const DataFolder& folder, const Reader& state,
                             const RulesState& newest);
// As the notice would be read out of the folder, but from a file elsewhere. Nullopt: none is there.
Result<std::optional<RulesNotice>> read_rules_file(const std::string& path);

// Every key of a node that the store or `known` names, those that were taken out too.
Result<std::vector<NamedKey>> all_nodes(const Reader& state, const Genesis& genesis,
                                        const RulesState& known);
// For who asks genesis who the nodes are.
Genesis with_nodes(Genesis genesis, std::vector<NamedKey> nodes);

}  // namespace suyuan
