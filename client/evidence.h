// Evidence: two notes that contradict each other, in one file that anyone can verify later and
// elsewhere. A strict JSON object (docs/formats.md, Evidence):
//
//   { "format": "suyuan/evidence/v1",
//     "kind": "rollback" | "split" | "receipt" | "answer",
//     "older": "<signed note>",     seen first; of a receipt: the receipt; of an answer: the batch
//     "newer": "<signed note>",     seen later; of an answer: the receipt that was given for it
//     "path": ["<base64>", ...],    the consistency proof given between them, if any; of an
//                                   answer: the receipt's path
//     "leaf": 12, "time": 0 }       of an answer only, as given: leaf index and log time
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/trust.h"
#include "ledger/proof/policy.h"

namespace suyuan {

enum class EvidenceKind : uint8_t {
  rollback,  // the later checkpoint has fewer leaves
  split,     // the later checkpoint does not extend the earlier one
  receipt,   // the checkpoint does not extend the tree of a receipt
  answer,    // a receipt that does not prove the batch it was given for
};
std::string_view word(EvidenceKind);

struct Evidence {
  EvidenceKind kind = EvidenceKind::split;
  std::string older;
  std::string newer;
  std::vector<Hash> path = {};
  uint64_t leaf = 0;     // leaf index, of an answer
  uint64_t time_ms = 0;  // log time, of an answer
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

std::string write_evidence(const Evidence& evidence);  // ends with a line feed
// Errors: those of parse_json (BAD_REQUEST, ...), INVALID_FIELD, MISSING_FIELD, TOO_MANY.
Result<Evidence> parse_evidence(std::string_view text);
bool is_evidence(std::string_view text);  // judged by its "format"

// What the evidence shows. Always computed from the notes and the given keys, never taken from its
// kind.
enum class EvidenceWeight : uint8_t {
  nothing,    // a note is not signed as required, or the two notes are consistent
  indicates,  // the log or the node lied; another proof might still join the two
  proves,     // one size under two signed roots: the log showed two trees
};
struct EvidenceFinding {
  EvidenceWeight weight = EvidenceWeight::nothing;
  std::vector<std::string> lines;  // in plain words
};
// `policy`: the logs that are trusted. `ledger`: the one whose receipts count.
EvidenceFinding judge_evidence(const Evidence& evidence, const Policy& policy,
                               const PinnedLedger& ledger);

// Writes a new file "suyuan-evidence-<16 hex digits>.json" in `folder` and returns its path.
// Errors: IO.
Result<std::string> keep_evidence_file(const std::string& folder, const Evidence& evidence);

}  // namespace suyuan
