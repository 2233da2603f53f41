// Receipts: the node's signed statement that a batch is in the log (formats.md 3). One note for
// each committed group; for each batch, its leaf and the path from it to the note's root. A later
// checkpoint that does not extend that tree proves the log false, so clients keep their receipts.
//
//   suyuan/receipt/v1
//   ledger <origin> <base64 of H(data of leaf 0)>
//   size <leaves>
//   root <base64>
//   time <log time, ms since 1970>
//
//   — <node name> <base64>
#pragma once

#include <span>

#include "ledger/crypto/note.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

struct ReceiptText {
  LedgerId ledger;
  uint64_t size = 0;
  Hash root;
  int64_t time_ms = 0;
  friend bool operator==(const ReceiptText&, const ReceiptText&) = default;
};

struct Receipt {
  SignedNote note;
  ReceiptText text;        // what the note says
  uint64_t leaf = 0;       // the batch's
  std::vector<Hash> path;  // inclusion proof in the tree of text.size leaves
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

// Returns the text to sign. Requires: size > 0, time_ms >= 0.
std::string write_receipt_text(const ReceiptText& text);
// Returns the whole signed note. `secret` and `key` are the node's key pair from genesis.
// Requires: as write_receipt_text.
std::string sign_receipt(const ReceiptText& text, std::string_view node, const SecretKey& secret,
                         const PublicKey& key);
// Parses a node's answer. Verifies nothing.
// Errors: NOTE_SYNTAX, TOO_LARGE, TOO_MANY, SIGNATURE_LINES.
Result<Receipt> parse_receipt(std::string_view note, uint64_t leaf, std::vector<Hash> path);

// Verifies a receipt, as a client must before it counts the batch as logged: the ledger, the
// signature of one of `nodes`, and that `leaf_data` (write_leaf of the note sent) is in the tree.
// Errors: NOTE_SYNTAX, LEDGER_MISMATCH, SIGNATURE_LINES, KEY_UNKNOWN, SIGNATURE_INVALID,
// ROOT_MISMATCH.
Result<Done> check_receipt(const Receipt& receipt, BytesView leaf_data, const LedgerId& ledger,
                           std::span<const NamedKey> nodes);

}  // namespace suyuan
