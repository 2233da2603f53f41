// Registry acts read from files, and what the client adds to them before an authority signs.
#pragma once

#include <string>
#include <vector>

#include "client/keys.h"
#include "client/trust.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// Parses one act or an array of acts.
// Errors: those of parse_registry_json(); each names the act's index as its event.
Results<std::vector<RegistryEvent>> parse_acts(std::string_view json_text);
std::string write_acts(const std::vector<RegistryEvent>& acts);

// Adds keys to registered parties that have none. The key comes from `folder`/<party id>.key, if
// that file exists, with its proof of possession.
Result<Done> add_keys_from(const std::string& folder, const LedgerId& ledger,
                           const AskPassphrase& ask, std::vector<RegistryEvent>& acts);

// Verifies that the proofs of possession are for this ledger, as a registrar does before signing.
// Each error names the act's index.
Errors check_possessions(const LedgerId& ledger, const std::vector<RegistryEvent>& acts);

}  // namespace suyuan
