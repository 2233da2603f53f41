// Errors of the ledger as EPCIS tells them.
#pragma once

#include <string>

#include "node/epcis/state.h"

namespace suyuan::epcis {

// The exception of EPCIS that tells of an error, its status and title.
JobError to_job_error(const Error& error, std::string pointer);

}  // namespace suyuan::epcis
