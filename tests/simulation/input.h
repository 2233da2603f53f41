// The ledger that every run begins with, and the batches that its clients may send. Made once.
#pragma once

#include <vector>

#include "ledger/batch/batch.h"
#include "ledger/store/store.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::sim {

struct Input {
  Changes rows;  // genesis, two parties, a product
  LedgerId ledger;
  struct Batch {
    Submission submission;
    Hash id;
  };
  std::vector<Batch> batches;  // some exclude each other
};
const Input& input();
// The key of the log and of every node: whose signature it is does not matter here.
const KeyPair& the_key();

}  // namespace suyuan::sim
