// One task of an audit's threads: reads some leaves of one bundle and checks each on its own.
#pragma once

#include "client/audit/log_reader.h"
#include "ledger/proof/audit_leaf.h"

namespace suyuan {

// Small, so that a short log of large batches keeps all threads busy and little is queued.
inline constexpr uint64_t kRangeLeaves = 32;
inline constexpr uint64_t kReplayRangeLeaves = 4;  // fewer, because whole batches are kept
static_assert(kTileWidth % kRangeLeaves == 0 && kRangeLeaves % kReplayRangeLeaves == 0);

struct LeafRange {
  uint64_t first = 0;
  uint64_t end = 0;  // all in one bundle
};

struct AuditedRange {
  std::vector<AuditedLeaf> leaves;            // those before the first fault
  std::vector<std::pair<Tile, Bytes>> above;  // tiles of higher levels that end in this range
  // Of the leaf after `leaves`, or of a tile above. At most one of the three is set.
  std::optional<AuditFault> fault = {};
  std::optional<TreeDoubt> doubt = {};
  std::optional<Error> error = {};
};

// Audits leaves [begin, end) of the tree of `size` leaves.
AuditedRange audit_range(const AuditReader& reader, uint64_t size, const LeafRange& range,
                         const PayloadDecoder& decode, KeepEvents keep);
// Turns a file that a source could not give into a finding.
AuditFault missing_file(const std::string& path, const Error& error, std::optional<uint64_t> leaf);

}  // namespace suyuan
