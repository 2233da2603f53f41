// Registry rows derived from the party rows and genesis: the lookup of parties by credit code, and
// the quorum. Earlier programs did not write them, so a store last written by one may lack them, or
// have some for codes that a party no longer has.
#pragma once

#include <vector>

#include "ledger/registry/state.h"

namespace suyuan {

// Returns the changes that correct these rows; empty if the store is correct.
Result<Changes> mend_derived_rows(const Reader& reader);

// from <= key < to, of table registry; an empty `to` means to the table's end.
struct RegistryRange {
  Bytes from;
  Bytes to;
};
// Returns the rows in which `store` must equal every other store of its log, whichever program
// wrote it: all except those by credit code, and except the quorum if the store lacks it.
Result<std::vector<RegistryRange>> registry_rows_to_compare(const Reader& store);

}  // namespace suyuan
