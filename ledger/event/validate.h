// The rules that one event must meet on its own, without the state of the ledger.
#pragma once

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Checks per type and kind: required fields (EPCIS 2.0); 1 to 4,096 canonical codes; bounds of
// lists and texts; vocabulary words; no negative quantities; well-formed trees; no code both parent
// and child, none twice in one list; at most one receiver of custody. Returns every fault up to
// limits::kErrorsPerBatchMax, with the field's path as docs/events.md names it.
Errors faults_of(const TraceEvent& event);

}  // namespace suyuan
