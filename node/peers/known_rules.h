// Which nodes a node considers the ledger's nodes before it follows the log: those of the rules in
// its store, or of a newer notice in its folder, as for a node that joins (docs/cluster.md,
// Members).
#pragma once

#include "ledger/registry/rules_notice.h"
#include "node/data_folder.h"

namespace suyuan {

// `state`: the store's. A notice in the folder counts if enough authorities signed it, with keys
// that the store knows. Errors: those of an invalid notice, IO, CORRUPT.
Result<RulesState> known_rules(const DataFolder& folder, const Reader& state,
                               const Genesis& genesis, const LedgerId& ledger);
// The same for a folder whose store has only genesis.
Result<RulesState> known_rules(const DataFolder& folder, const Genesis& genesis,
                               const LedgerId& ledger);
// Judged by the authorities' keys in genesis.
Result<Done> check_signed_by_genesis(const RulesNotice& notice, const Genesis& genesis,
                                     const LedgerId& ledger);
// Uses only the store if the notice in the folder is not valid: the notice is a hint, and an
// authority may have changed its key between signing and reading.
Result<RulesState> rules_to_serve(const DataFolder& folder, const Reader& state,
                                  const Genesis& genesis, const LedgerId& ledger);
// For a joining node, and for readers: writes the newest notice in the store, if the folder has
// none or an older one. A newer one stays: by it this node may be one of the nodes, and start
// again.
Result<Done> keep_rules_file(const DataFolder& folder, const Reader& state,
                             const RulesState& newest);
// Reads a notice from a file elsewhere, as it would be read from the folder. Nullopt: none is
// there.
Result<std::optional<RulesNotice>> read_rules_file(const std::string& path);

// All keys of nodes that the store or `known` names, including removed nodes.
Result<std::vector<NamedKey>> all_nodes(const Reader& state, const Genesis& genesis,
                                        const RulesState& known);
// For callers that take the nodes from genesis.
Genesis with_nodes(Genesis genesis, std::vector<NamedKey> nodes);

}  // namespace suyuan
