// EPCIS error declarations: they withdraw an earlier event of the same party. Both stay in the log.
#pragma once

#include "ledger/apply/judge.h"
#include "ledger/store/schema.h"

namespace suyuan {

// Marks every fact of the original as withdrawn at the declaration's leaf, and writes the
// declaration's own mentions. `original` is the event that the party's eventID names, nullopt if
// none. Errors: CORRECTION_INVALID.
Result<std::vector<Finding>> withdraw(Overlay& state, Statement declaration,
                                      const Hash& id_key,
                                      const Hash& statement,
                                      const std::optional<StoredEventId>& original);

}  // namespace suyuan
