#include "node/epcis/job_error.h"

#include <utility>

#include "ledger/base/limits.h"

namespace suyuan::epcis {

JobError to_job_error(const Error& error, std::string pointer) {
  JobError out{.title = std::string(info(error.code).rule), .detail = error.message};
  const int status = info(error.code).http_status;
  // A field of an event that was checked is a pointer already; others are names of our own.
  const bool is_pointer = error.field.empty() || error.field.starts_with('/');
  out.pointer = std::move(pointer) + (is_pointer ? error.field : "");
  if (!is_pointer) out.detail = error.field + ": " + out.detail;
  if (error.code == Code::EVENT_ID_REUSED || error.code == Code::DUPLICATE_ID) {
    out.type = error.code == Code::EVENT_ID_REUSED ? "ResourceAlreadyExistsException"
                                                   : "ValidationException";
    out.status = error.code == Code::EVENT_ID_REUSED ? 409 : 400;
  } else if (status == 403) {
    out.type = "SecurityException";
    out.status = 403;
  } else if (error.code == Code::RATE_LIMITED) {
    out.type = "ImplementationException";
    out.status = status;
  } else if (error.code == Code::TOO_LARGE) {
    out.type = "CaptureLimitExceededException";
    out.status = 413;
  } else if (status >= 500) {
    out.type = "ImplementationException";
    out.status = status;
  } else {
    out.type = "ValidationException";
    out.status = 400;
  }
  out.detail = std::string(info(error.code).name) + ": " + out.detail;
  return out;
}

std::string too_large_for_rollback(size_t bytes) {
  return "with rollback, the default, all events of a document are one batch of at most " +
         std::to_string(limits::kBatchBytesMax) + " bytes; these take " + std::to_string(bytes) +
         ", with the document's @context in each: send them in several documents, or with the "
         "header GS1-Capture-Error-Behaviour: proceed";
}

}  // namespace suyuan::epcis
