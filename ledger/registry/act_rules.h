// The rules that one registry act must meet alone, whatever the state of the registry.
#pragma once

#include "ledger/base/error.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// Required fields, syntax of ids and numbers with their check digits, bounds of texts and lists.
// Reports every fault up to limits::kErrorsPerBatchMax, with the field's path. Proofs of possession
// and all that concerns other acts is apply_registry_event's to judge.
Errors faults_of(const RegistryEvent& event);

}  // namespace suyuan
