#include "node/epcis/index_damage.h"

#include <spdlog/spdlog.h>

#include "ledger/os/files.h"
#include "ledger/os/folders.h"

namespace suyuan::epcis {
namespace {

std::string mark_in(const std::string& folder) { return folder + "/damaged"; }

}  // namespace

bool IndexDamage::is_marked(const std::string& folder) { return file_exists(mark_in(folder)); }

// Others that meet a damaged row meanwhile wait, so that each can say what happens next.
Error IndexDamage::met(Error error) {
  const std::lock_guard lock(mutex_);
  if (!is_met_) {
    const auto marked = place_file(mark_in(folder_), error.message + "\n");
    is_written_ = marked.has_value();
    is_met_ = true;
    if (is_written_)
      spdlog::error("{}: the next start builds the EPCIS index again", to_text(error));
    else
      spdlog::error("{}: remove {} before the next start, which then builds the EPCIS index again;"
                    " it could not be marked as damaged: {}",
                    to_text(error), folder_, to_text(marked.error()));
  }
  error.message += is_written_ ? ". The index needs no backup: the next start builds it again from "
                                 "the log"
                               : ". The index could not be marked as damaged: the node's log says "
                                 "what to remove before the next start";
  return error;
}

}  // namespace suyuan::epcis
