// The mark of a folder that came out of a backup or an export, and that no node has served since.
// What its ledger signed after that moment nobody in the folder knows: a node that went on from
// there would sign a second history. So before it does, the witnesses of its policy must all say
// that they have seen nothing beyond what the folder holds; or its operator gives his word.
//
//   suyuan/restored/v1
//   leaves <leaves of the store>
#pragma once

#include "node/init.h"
#include "node/witnesses.h"

namespace suyuan {

Result<Done> write_restored_mark(const DataFolder& folder, uint64_t leaves);

struct NewestQuestion {
  const DataFolder& folder;
  const Reader& store;
  HttpWitnesses* witnesses = nullptr;  // null: the policy names none
  bool word_given = false;             // of the operator: nothing newer was signed
};
// At each start of a node that orders its ledger alone, before it signs anything. ROLLED_BACK: a
// witness has cosigned more than the store holds, or another tree; whether there is a mark or not.
// UNAVAILABLE: there is a mark, and a witness does not answer, or there is none to be asked. Else
// the mark is gone when it returns.
Result<Done> check_newest(const NewestQuestion& question);

}  // namespace suyuan
