// Acts that several authorities sign, each on their own machine. The batch is passed on as a file:
// a submission (docs/openapi.json) whose note has the lines of those who signed so far.
#pragma once

#include "client/trust.h"
#include "ledger/batch/unfinished_note.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

struct HandedOn {
  UnfinishedNote note;
  Submission submission;            // its note is that of the file
  std::vector<RegistryEvent> acts;  // what is signed
};

// Verifies that the file's contents are what its note signs, for the pinned ledger.
// Errors: those of parse_submission_json, UnfinishedNote::parse and decode_registry;
// LEDGER_MISMATCH, UNSUPPORTED_TYPE (no acts), COUNT_MISMATCH, ROOT_MISMATCH (other acts than the
// note's).
Result<HandedOn> read_handed_on(std::string_view text, const LedgerId& ledger);

// Returns the file for the next signer.
std::string write_handed_on(const HandedOn& handed);

}  // namespace suyuan
