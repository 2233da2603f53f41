// The mark of a folder that came out of a backup or an export, and that no node has served since.
// What its ledger signed after that moment nobody in the folder knows: a node that went on from
// there would sign a second history. So before it does, the witnesses of its policy must all say
// that they have seen nothing beyond what the folder holds; or its operator gives his word. Where
// nodes share the log, that says what is newest: the mark goes once the store has reached the log's
// end as it was at a start, and until then the store is no word about where the log is to go on
// (node/peers/recover.h). A node that joins has it too: its folder may be the second one of a lost
// disk.
//
//   suyuan/restored/v1
//   leaves <leaves of the store>
#pragma once

#include "node/folder/init.h"
#include "node/peers/witnesses.h"

namespace suyuan {

Result<Done> write_restored_mark(const DataFolder& folder, uint64_t leaves);
// CORRUPT: the file is no mark; IO.
Result<bool> is_restored(const DataFolder& folder);
// No error where there is none.
Result<Done> end_restored_mark(const DataFolder& folder);

struct NewestQuestion {
  const DataFolder& folder;
  const Reader& store;
  HttpWitnesses* witnesses = nullptr;  // null: the policy names none
  bool word_given = false;             // of the operator: nothing newer was signed
  size_t nodes = 1;                    // of the ledger
};
// What witnesses know of a ledger whose log nodes share. It stands in that log, unless the log is
// an older copy, or was founded from one.
struct WitnessedSize {
  uint64_t leaves = 0;       // the most that one has cosigned; 0: nobody was asked, or knows of any
  std::string witness = {};  // which
  bool all_answered = true;  // of those that were asked
};
// At each start of such a node, before it looks where the log ends, which must reach as far
// (check_reached). As check_newest() where there is no mark, but for what the log has to add: its
// operator's word makes it nothing. ROLLED_BACK: a witness knows another tree.
Result<WitnessedSize> ask_how_far(const NewestQuestion& question);
// ROLLED_BACK: the store is at the log's end, and has less.
Result<Done> check_reached(const WitnessedSize& witnessed, uint64_t leaves);
// At each start of a node that orders its ledger alone, before it signs anything. ROLLED_BACK: a
// witness has cosigned more than the store holds, or another tree; whether there is a mark or not,
// but not against the operator's word, since a witness signs nothing of this. INVALID_FIELD: there
// is a mark, and other nodes may go on with the ledger. UNAVAILABLE: there is a mark, and a witness
// does not answer, or there is none to be asked. Else the mark is gone when it returns.
Result<Done> check_newest(const NewestQuestion& question);

}  // namespace suyuan
