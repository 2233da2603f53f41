// Evidence: two notes that do not fit together, in one file that anyone can check
// later and elsewhere. A strict JSON object (docs/formats.md, Evidence):
//
//   { "format": "suyuan/evidence/v1",
//     "kind": "rollback" | "split" | "receipt" | "answer",
//     "older": "<signed note>",     seen first; of a receipt: the receipt; of an answer: the batch
//     "newer": "<signed note>",     seen later; of an answer: the receipt that was given for it
//     "path": ["<base64>", ...],    the consistency proof that was given between them, if any; of
//                                   an answer: the receipt's path
//     "leaf": 12, "time": 0 }       of an answer alone, as it was given: leaf index and log time
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/trust.h"
#include "ledger/proof/policy.h"

namespace suyuan {

enum class EvidenceKind : uint8_t {
  rollback,  // the later checkpoint is of fewer leaves
  split,     // the later one does not begin with the earlier
  receipt,   // the checkpoint does not begin with the tree of a receipt
  answer,    // a receipt that does not prove the batch that it was given for
};
std::string_view word(EvidenceKind);

struct Evidence {
  EvidenceKind kind = EvidenceKind::split;
  std::string older;
  std::string newer;
  std::vector<Hash> path = {};
  uint64_t leaf = 0;     // of an answer
  uint64_t time_ms = 0;  // of an answer
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

std::string write_evidence(const Evidence& evidence);  // with a line feed at its end
// BAD_REQUEST and the rest of parse_json; INVALID_FIELD, MISSING_FIELD, TOO_MANY.
Result<Evidence> parse_evidence(std::string_view text);
bool is_evidence(std::string_view text);  // by its "format"

// What it shows, each time computed from the notes and the keys given, never taken from its kind.
enum class EvidenceWeight : uint8_t {
  nothing,    // a note is not signed as it must be, or the two do fit together
  indicates,  // a log that lied or a node that did: another proof might join the two
  proves,     // the same size under two roots, both signed: the log showed two trees
};
struct EvidenceFinding {
  EvidenceWeight weight = EvidenceWeight::nothing;
  std::vector<std::string> lines;  // in plain words
};
// `policy`: whose logs count. `ledger`: whose receipts.
EvidenceFinding judge_evidence(const Evidence& evidence, const Policy& policy,
                               const PinnedLedger& ledger);

// Writes it to a new file "suyuan-evidence-<16 hex digits>.json" in `folder`; gives the path. IO.
Result<std::string> keep_evidence_file(const std::string& folder, const Evidence& evidence);

}  // namespace suyuan
