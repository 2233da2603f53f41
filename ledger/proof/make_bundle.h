// Making a provenance bundle: everything that docs/bundle.md asks for about a code, out of one
// state of the ledger.
#pragma once

#include "ledger/apply/fact_reader.h"
#include "ledger/merkle/chain_map.h"
#include "ledger/proof/verify_bundle.h"
#include "ledger/store/store.h"

namespace suyuan {

// A published checkpoint and the state as of its seal. All outlive the call.
struct BundleSource {
  const Reader& state;
  const MapRows& rows;  // of `state`
  const ChainMap& map;
  std::string_view checkpoint;  // the signed note, with cosignatures
  uint64_t size = 0;            // that it names
  const ReadFilter* filter = nullptr;  // null: of one who may know everything
};

// From where on chains are cut.
struct BundleRoom {
  size_t events = limits::kBundleCutEvents;
  size_t bytes = limits::kBundleCutBytes;
};

// Of a code that no event names: the bundle that proves just that. A payload that the store does
// not hold, or that the one who asks may not see, is withheld. The reach is followed breadth first,
// short chains before long ones; a chain for which there is no room is cut: proven to exist, not
// carried. TOO_COMPLEX where chains that
// may not be cut (of the code itself, its product, parties) pass the bounds; IO, CORRUPT.
Result<Bundle> make_bundle(const BundleSource& source, std::string_view code,
                           const PayloadDecoder& decode, const BundleRoom& room = {});

}  // namespace suyuan
