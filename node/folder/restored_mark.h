// Marks a folder that came from a backup or an export and that no node has served since. Nobody in
// the folder knows what the ledger signed after that moment, so a node that continued from there
// would sign a second history. Before it does, all witnesses of its policy must say that they have
// seen nothing beyond what the folder holds, or its operator must confirm it. If nodes share the
// log, the log tells what is newest: the mark goes once the store has reached the log's end as it
// was at a start. Until then the store does not count as evidence of where the log continues
// (node/startup/recover.h). A node that joins has the mark too: its folder may be the second one
// after a lost disk.
//
//   suyuan/restored/v1
//   leaves <leaves of the store>
#pragma once

#include "node/data_folder.h"
#include "node/peers/witnesses.h"

namespace suyuan {

Result<Done> write_restored_mark(const DataFolder& folder, uint64_t leaves);
// Errors: CORRUPT (the file is not a valid mark), IO.
Result<bool> is_restored(const DataFolder& folder);
// Removes the mark. No error if there is none.
Result<Done> end_restored_mark(const DataFolder& folder);

struct NewestQuestion {
  const DataFolder& folder;
  const Reader& store;
  HttpWitnesses* witnesses = nullptr;  // null: the policy names none
  bool word_given = false;             // the operator confirms that nothing newer was signed
  size_t nodes = 1;                    // of the ledger
};
// What witnesses know of a ledger whose log nodes share. The log has it too, unless the log is an
// older copy, or was founded from one.
struct WitnessedSize {
  // the most that a witness has cosigned; 0: none was asked, or none knows of any
  uint64_t leaves = 0;
  std::string witness = {};  // its name
  bool all_answered = true;  // of the witnesses that were asked
};
// Called at each start of such a node, before it looks where the log ends; the log must reach that
// far (check_reached). Same as check_newest() without a mark, except for what the log can still
// add. The operator's word reduces it to nothing.
// Errors: ROLLED_BACK (a witness knows another tree).
Result<WitnessedSize> ask_how_far(const NewestQuestion& question);
// Errors: ROLLED_BACK (the store is at the log's end, and has less).
Result<Done> check_reached(const WitnessedSize& witnessed, uint64_t leaves);
// Called at each start of a node that orders its ledger alone, before it signs anything. The mark
// is gone when it returns without error.
// Errors:
// - ROLLED_BACK: a witness has cosigned more than the store holds, or another tree, with or without
//   a mark. The operator's word overrides this, because a witness does not sign such statements.
// - INVALID_FIELD: there is a mark, and other nodes may continue the ledger.
// - UNAVAILABLE: there is a mark, and a witness does not answer, or there is none to ask.
Result<Done> check_newest(const NewestQuestion& question);

}  // namespace suyuan
