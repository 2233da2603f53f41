// Makes a provenance bundle: everything that docs/bundle.md requires about a code, from one state
// of the ledger.
#pragma once

#include "ledger/apply/fact_reader.h"
#include "ledger/merkle/chain_map.h"
#include "ledger/proof/verify_bundle.h"
#include "ledger/store/store.h"

namespace suyuan {

// A published checkpoint, and the state as of its seal. All must outlive the call.
struct BundleSource {
  const Reader& state;
  const MapRows& rows;  // of `state`
  const ChainMap& map;
  std::string_view checkpoint;  // the signed note, with cosignatures
  uint64_t size = 0;            // the size that it names
  const ReadFilter* filter = nullptr;  // null: the requester may see everything
};

// Above these, chains are cut.
struct BundleRoom {
  size_t events = limits::kBundleCutEvents;
  size_t bytes = limits::kBundleCutBytes;
};

// Returns the bundle of a code; for a code that no event names, a bundle that proves its absence.
// A payload that the store lacks, or that the requester may not see, is withheld. The reach is
// followed breadth first, short chains before long ones. A chain that does not fit is cut: its
// existence is proven, but it is not included.
// Errors: TOO_COMPLEX (chains that may not be cut, those of the code itself, its product and
// parties, exceed the bounds), IO, CORRUPT.
Result<Bundle> make_bundle(const BundleSource& source, std::string_view code,
                           const PayloadDecoder& decode, const BundleRoom& room = {});

}  // namespace suyuan
