// Rows of the registry that only repeat what its party rows and genesis say: those by which a party
// is found by its credit code, and the quorum. Earlier programs did not know them. So a store that
// one of these wrote to last may lack them, or have some of codes that a party no longer has.
#pragma once

#include <vector>

#include "ledger/registry/state.h"

namespace suyuan {

// What makes these rows those that the others ask for; nothing in a store that is as it should be.
Result<Changes> mend_derived_rows(const Reader& reader);

// from <= key < to, of table registry; an empty `to` means to the table's end.
struct RegistryRange {
  Bytes from;
  Bytes to;
};
// The rows in which `store` must be as any other of its log, whichever programs wrote it: all but
// those by credit code, and but the quorum where it lacks that.
Result<std::vector<RegistryRange>> registry_rows_to_compare(const Reader& store);

}  // namespace suyuan
