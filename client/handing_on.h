// Acts that several authorities sign, each on his own machine: the batch goes from hand to hand as
// a file, a submission (docs/openapi.json) whose note has the lines of those who signed so far.
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

// What the file says is what its note signs, of the pinned ledger. What parse_submission_json,
// UnfinishedNote::parse and decode_registry refuse; LEDGER_MISMATCH, UNSUPPORTED_TYPE: no acts;
// COUNT_MISMATCH, ROOT_MISMATCH: other acts than the note's.
Result<HandedOn> read_handed_on(std::string_view text, const LedgerId& ledger);

// Of the file: for who signs next.
std::string write_handed_on(const HandedOn& handed);

}  // namespace suyuan
