// The rules that one event must meet alone, whatever the state of the ledger.
#pragma once

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Per type and kind: required fields (EPCIS 2.0), canonical codes, 1 to 4,096 of them, list and
// text bounds, words of the vocabularies, quantities not negative, trees well formed, no code both
// parent and child, no code twice in one list, at most one receiver of custody. Reports every fault
// up to limits::kErrorsPerBatchMax, with the field's path as docs/events.md names it.
Errors faults_of(const TraceEvent& event);

}  // namespace suyuan
