// Errors of the ledger as EPCIS tells them.
#pragma once

#include <string>

#include "node/epcis/state.h"

namespace suyuan::epcis {

// The exception of EPCIS that tells of an error, its status and title.
JobError to_job_error(const Error& error, std::string pointer);

// Why a capture with rollback is refused whose events take `bytes` of one batch, and the two ways
// out of it.
std::string too_large_for_rollback(size_t bytes);

}  // namespace suyuan::epcis
