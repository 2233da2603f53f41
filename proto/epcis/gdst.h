// GDST's key data of the seafood trade: rules beyond those of EPCIS, for a capture that asks for
// them (docs/epcis.md, GDST). No ledger and no verifier judges by them.
#pragma once

#include <string_view>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

inline constexpr std::string_view kGdstSpace = "https://traceability-dialogue.org/epcis";
// Returns whether this is GDST's name space, as a @context or GS1-Extensions declares it.
bool is_gdst_space(std::string_view space);

// As check_epcis; then also what GDST requires of an event of its business step. An error
// declaration is not judged by that: it repeats the event that it withdraws.
// Errors: those of check_epcis; MISSING_FIELD, INVALID_FIELD, with a JSON pointer. A member that is
// missing is named with the prefixes "gdst" and "cbvmda".
Results<TraceEvent> check_gdst(BytesView payload);

}  // namespace suyuan
