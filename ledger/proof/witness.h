// A witness's rules (c2sp.org/tlog-witness), as a function: a request and what it last cosigned for
// this log give the answer and what it must keep before it answers. Sockets, files and clocks are
// the server's.
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
// REQUIRES: proof.size() <= kProofHashesMax.
std::string write_add_checkpoint(const AddCheckpoint& request);
// NOTE_SYNTAX, TOO_LARGE, TOO_MANY.
Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);
// The origin that the note's first line names, before anything is verified: which log to look up.
std::string_view origin_of(const AddCheckpoint& request);

// What a witness keeps of one log.
struct WitnessedLog {
  std::string origin;
  std::vector<NoteKey> keys;  // that it trusts for the origin
  TreeHead head;              // last cosigned; size 0: none yet
  std::string note = {};      // with our cosignature; empty: none yet
};

struct WitnessAnswer {
  int status = 0;
  std::string body;
  std::string_view content_type = "text/plain; charset=utf-8";
  // Of 200: head and note to keep, durably, before the body leaves.
  std::optional<WitnessedLog> next = {};
};
// `log`: as it is now, under a lock that is held until `next` is kept; null: origin unknown.
// REQUIRES: log == nullptr or log->origin == origin_of(request).
WitnessAnswer add_checkpoint(const AddCheckpoint& request, const WitnessedLog* log,
                             const CosignerKey& witness, uint64_t now_s);
// 400, for what parse_add_checkpoint refused.
WitnessAnswer refuse_request(const Error& error);

}  // namespace suyuan
