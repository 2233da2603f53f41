// One entry's proof as a text file (c2sp.org/tlog-proof): for readers who know nothing of us.
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

// REQUIRES: path.size() <= kProofHashesMax, index < 2^63.
std::string write_tlog_proof(const TlogProof& proof);
// NOTE_SYNTAX, TOO_LARGE, TOO_MANY. The checkpoint is not looked into.
Result<TlogProof> parse_tlog_proof(std::string_view text);

// The one way of checking: the checkpoint under the policy, then the path from the entry to its
// root.
struct TlogVerdict {
  bool proven = false;
  std::string message;  // why not
  std::optional<AcceptedCheckpoint> accepted = {};
};
TlogVerdict verify_tlog_proof(const TlogProof& proof, const Hash& leaf_hash, const Policy& policy);

}  // namespace suyuan
