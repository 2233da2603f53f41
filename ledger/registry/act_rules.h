// The rules that one registry act must meet on its own, without the state of the registry.
#pragma once

#include "ledger/base/error.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// Checks required fields, syntax of ids and numbers with their check digits, bounds of texts and
// lists. Returns every fault up to limits::kErrorsPerBatchMax, with the field's path. Proofs of
// possession and relations to other acts are checked by apply_registry_event.
Errors faults_of(const RegistryEvent& event);

}  // namespace suyuan
