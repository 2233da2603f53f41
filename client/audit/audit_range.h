// One task of an audit's threads: some leaves of one bundle, read and checked by themselves.
#pragma once

#include "client/audit/log_reader.h"
#include "ledger/proof/audit_leaf.h"

namespace suyuan {

// Few, so that a short log of large batches keeps all threads busy, and what waits is small.
inline constexpr uint64_t kRangeLeaves = 32;
inline constexpr uint64_t kReplayRangeLeaves = 4;  // whole batches are kept
static_assert(kTileWidth % kRangeLeaves == 0 && kRangeLeaves % kReplayRangeLeaves == 0);

struct LeafRange {
  uint64_t first = 0;
  uint64_t end = 0;  // all in one bundle
};

struct AuditedRange {
  std::vector<AuditedLeaf> leaves;           // before the first fault
  std::vector<std::pair<Tile, Bytes>> above;  // tiles of higher levels that end here
  // Of the leaf after `leaves`, or of a tile above: at most one of the three.
  std::optional<AuditFault> fault = {};
  std::optional<TreeDoubt> doubt = {};
  std::optional<Error> error = {};
};

// `size`: of the tree.
AuditedRange audit_range(const AuditReader& reader, uint64_t size, const LeafRange& range,
                         const PayloadDecoder& decode, KeepEvents keep);
// A file that a source could not give, as the finding that it is.
AuditFault missing_file(const std::string& path, const Error& error, std::optional<uint64_t> leaf);

}  // namespace suyuan
