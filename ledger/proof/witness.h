// A witness's rules (c2sp.org/tlog-witness) as a function: from a request and what it last cosigned
// for this log to the answer and the state to keep before answering. The server has the sockets,
// files and clocks.
//
//   request   = "old " <size> "\n" 0*63(<base64 of a hash> "\n") "\n" <checkpoint's note>
//
//   status | when, in this order                                     | body
//   -------+---------------------------------------------------------+--------------------------
//   400    | request or note malformed                               |
//   404    | origin unknown                                          |
//   403    | no trusted key signed, or its signature fails           |
//   400    | checkpoint malformed, or old above its size             |
//   409    | old is not the size last cosigned                       | that size, LF
//   422    | the proof does not lead from the old tree to the new    |
//   200    | kept and cosigned                                       | the cosignature's line
#pragma once

#include <span>
#include <string>

#include "ledger/proof/checkpoint.h"
#include "ledger/proof/cosignature.h"

namespace suyuan {

struct AddCheckpoint {
  uint64_t old_size = 0;
  std::vector<Hash> proof;
  std::string note;
  friend bool operator==(const AddCheckpoint&, const AddCheckpoint&) = default;
};
// Requires: proof.size() <= kProofHashesMax.
std::string write_add_checkpoint(const AddCheckpoint& request);
// Errors: NOTE_SYNTAX, TOO_LARGE, TOO_MANY.
Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);
// Returns the origin in the note's first line, to look up the log. Nothing is verified yet.
std::string_view origin_of(const AddCheckpoint& request);

// The state that a witness keeps for one log.
struct WitnessedLog {
  std::string origin;
  std::vector<NoteKey> keys;  // trusted for the origin
  TreeHead head;              // last cosigned; size 0: none yet
  std::string note = {};      // with our cosignature; empty: none yet
};

struct WitnessAnswer {
  int status = 0;
  std::string body;
  std::string_view content_type = "text/plain; charset=utf-8";
  // With 200: head and note to keep, durably, before the body is sent.
  std::optional<WitnessedLog> next = {};
};
// Answers a request. `log`: the current state, under a lock held until `next` is kept; null: the
// origin is unknown. Requires: log == nullptr or log->origin == origin_of(request).
WitnessAnswer add_checkpoint(const AddCheckpoint& request, const WitnessedLog* log,
                             const CosignerKey& witness, uint64_t now_s);
// Returns 400, for what parse_add_checkpoint refused.
WitnessAnswer refuse_request(const Error& error);

}  // namespace suyuan
