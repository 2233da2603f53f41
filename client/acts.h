// Registry acts from files, and what the client adds to them before an authority signs.
#pragma once

#include <string>
#include <vector>

#include "client/keys.h"
#include "client/trust.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// One act, or an array of them. Errors name the act's index as their event: those of
// parse_registry_json().
Results<std::vector<RegistryEvent>> parse_acts(std::string_view json_text);
std::string write_acts(const std::vector<RegistryEvent>& acts);

// Gives each registered party that has no key the one of `folder`/<party id>.key, if there is such
// a file, with its proof of possession.
Result<Done> add_keys_from(const std::string& folder, const LedgerId& ledger,
                           const AskPassphrase& ask, std::vector<RegistryEvent>& acts);

// Proofs of possession hold for this ledger: what a registrar checks before signing. Errors name
// the act's index.
Errors check_possessions(const LedgerId& ledger, const std::vector<RegistryEvent>& acts);

}  // namespace suyuan
