// The proof of one entry as a text file (c2sp.org/tlog-proof), for generic readers.
//
//   c2sp.org/tlog-proof@v1
//   [extra <base64: not authenticated>]
//   index <decimal>
//   <base64 of a hash of the inclusion path>...      from the leaf's sibling up, at most 63
//                                                    a blank line
//   <the checkpoint's note, to the end>
#pragma once

#include "ledger/proof/accept.h"

namespace suyuan {

struct TlogProof {
  std::optional<Bytes> extra = {};
  uint64_t index = 0;
  std::vector<Hash> path;
  std::string checkpoint;  // the note
  friend bool operator==(const TlogProof&, const TlogProof&) = default;
};

// Requires: path.size() <= kProofHashesMax, index < 2^63.
std::string write_tlog_proof(const TlogProof& proof);
// Parses the file without reading the checkpoint. Errors: NOTE_SYNTAX, TOO_LARGE, TOO_MANY.
Result<TlogProof> parse_tlog_proof(std::string_view text);

// Verifies a proof completely: the checkpoint under the policy, then the path from the entry to its
// root.
struct TlogVerdict {
  bool proven = false;
  std::string message;  // why not
  std::optional<AcceptedCheckpoint> accepted = {};
};
TlogVerdict verify_tlog_proof(const TlogProof& proof, const Hash& leaf_hash, const Policy& policy);

}  // namespace suyuan
