// How many pairs of codes an event relates: the one count behind apply's limit (kPairsPerBatchMax)
// and a batch's weight.
#pragma once

#include "ledger/code/code.h"
#include "ledger/event/event.h"

namespace suyuan {

// A class or variant covers all its units, so it says nothing about one thing.
bool names_class(const ProductCode& code);
// Can be held, packed and consumed.
bool is_thing(const ProductCode& code);

// Give it each code of the event once. It counts every input with every output, and every document
// with every thing and every document, itself included. Apply writes at most two facts for each.
class PairCounter {
 public:
  void add(const ProductCode& code);
  size_t pairs_of(const TraceEvent& event) const;

 private:
  size_t things_ = 0;
  size_t documents_ = 0;
};

}  // namespace suyuan
