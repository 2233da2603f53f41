// The batch note: what a supplier signs (formats.md 3). Strict: exactly the lines of the format.
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
  std::string signer = {};         // a gateway; empty: the party signs itself
  std::vector<std::string> with = {};  // co-signers
  PayloadType type = PayloadType::event_capnp;
  uint32_t events = 0;             // 1 to 4,096
  Hash root;
  uint64_t until_ms = 0;
  Nonce nonce;
  friend bool operator==(const BatchNote&, const BatchNote&) = default;
};

struct SignedBatchNote {
  BatchNote batch;
  SignedNote note;  // signatures: the signing party's, then one of each `with`, in that order; names checked
};

std::string write_batch_text(const BatchNote& batch);
// NOTE_SYNTAX, TOO_MANY, SIGNATURE_LINES.
Result<SignedBatchNote> parse_batch_note(std::string_view note);
// H(signed text, without signature lines): the key of deduplication.
Hash batch_id(std::string_view text);

}  // namespace suyuan
