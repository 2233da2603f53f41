// The batch note: what a supplier signs (formats.md 3). Parsed strictly: exactly these lines.
//
//   suyuan/batch/v1
//   ledger <origin> <base64 of H(data of leaf 0)>
//   party <party id>
//   [signer <party id>]       a gateway, not the party
//   [with <party id>]         0 to 8, ascending, distinct; neither the party nor the signer
//   type <media type>
//   events <count>
//   root <base64>
//   until <ms since 1970>
//   nonce <base64 of 16 random bytes>
//
//   — <signing party> <base64>
//   — <with> <base64>         one for each, in that order
#pragma once

#include <string>
#include <vector>

#include "ledger/crypto/note.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/schema.h"

namespace suyuan {

struct BatchNote {
  LedgerId ledger;
  std::string party;
  std::string signer = {};             // a gateway; empty if the party signs itself
  std::vector<std::string> with = {};  // co-signers
  PayloadType type = PayloadType::event_capnp;
  uint32_t events = 0;  // 1 to limits::kBatchEventsMax (4,096)
  Hash root;
  uint64_t until_ms = 0;
  Nonce nonce;
  // The party of the first signature line.
  const std::string& signing_party() const { return signer.empty() ? party : signer; }
  friend bool operator==(const BatchNote&, const BatchNote&) = default;
};

struct SignedBatchNote {
  BatchNote batch;
  // The signing party's signature, then one for each `with`, in that order. Names are checked.
  SignedNote note;
  friend bool operator==(const SignedBatchNote&, const SignedBatchNote&) = default;
};

// Returns the signed text. Requires: a note that parse_batch_note could have returned.
std::string write_batch_text(const BatchNote& batch);
// Parses a batch note. Verifies no signature.
// Errors: NOTE_SYNTAX, TOO_LARGE, TOO_MANY, SIGNATURE_LINES.
Result<SignedBatchNote> parse_batch_note(std::string_view note);
// Returns H(signed text without signature lines), the deduplication key.
Hash batch_id(std::string_view text);

}  // namespace suyuan
