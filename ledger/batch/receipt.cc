#include "ledger/batch/receipt.h"

#include "ledger/base/text.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

constexpr std::string_view kReceiptHeader = "suyuan/receipt/v1";

Result<ReceiptText> parse_text(std::string_view text) {
  SUYUAN_TRY(lines, TextLines::open(text, kReceiptHeader));
  ReceiptText receipt;
  SUYUAN_TRY(fields, lines.take_fields("ledger", 2));
  if (!is_origin(fields[0])) return lines.refuse(quote(fields[0]) + " is not a ledger's origin");
  receipt.ledger.origin = fields[0];
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(fields[1]));
  receipt.ledger.genesis = genesis;
  SUYUAN_TRY(size, lines.take_decimal("size"));
  if (size == 0) return lines.refuse("a tree without leaves holds no batch");
  receipt.size = size;
  SUYUAN_TRY(root, lines.take_base64<Hash>("root"));
  receipt.root = root;
  SUYUAN_TRY(time, lines.take_time("time"));
  receipt.time_ms = time;
  SUYUAN_TRY_DONE(lines.finish());
  return receipt;
}

Result<Done> check_one_line(const std::vector<NoteSignature>& signatures) {
  if (signatures.size() == 1) return Done{};
  return fail(Code::SIGNATURE_LINES, "found " + std::to_string(signatures.size()) +
                                         " signature lines, expected one, of the node");
}

}  // namespace

std::string write_receipt_text(const ReceiptText& text) {
  SUYUAN_CHECK(text.size > 0 && text.time_ms >= 0);
  std::string out(kReceiptHeader);
  out.append("\nledger ").append(text.ledger.line());
  out.append("\nsize ").append(std::to_string(text.size));
  out.append("\nroot ").append(to_base64(text.root.view()));
  out.append("\ntime ").append(std::to_string(text.time_ms)).append("\n");
  return out;
}

std::string sign_receipt(const ReceiptText& text, std::string_view node, const SecretKey& secret,
                         const PublicKey& key) {
  SignedNote note{.text = write_receipt_text(text), .signatures = {}};
  note.signatures.push_back(sign_note(note.text, node, secret, key));
  return write_note(note);
}

Result<Receipt> parse_receipt(std::string_view note, uint64_t leaf, std::vector<Hash> path) {
  SUYUAN_TRY(signed_note, parse_note(note));
  SUYUAN_TRY(text, parse_text(signed_note.text));
  SUYUAN_TRY_DONE(check_one_line(signed_note.signatures));
  return Receipt{.note = std::move(signed_note),
                 .text = std::move(text),
                 .leaf = leaf,
                 .path = std::move(path)};
}

Result<Done> check_receipt(const Receipt& receipt, BytesView leaf_data, const LedgerId& ledger,
                           std::span<const NamedKey> nodes) {
  // Only the signed text counts, not the struct's fields.
  SUYUAN_TRY(text, parse_text(receipt.note.text));
  SUYUAN_TRY_DONE(check_one_line(receipt.note.signatures));
  if (text != receipt.text) {
    return fail(Code::NOTE_SYNTAX, "the receipt's fields are not what its note says");
  }
  if (text.ledger != ledger) {
    return fail(Code::LEDGER_MISMATCH, "the receipt is of the ledger " + quote(text.ledger.line()) +
                                           ", expected " + quote(ledger.line()));
  }
  const NoteSignature& line = receipt.note.signatures.front();
  const NamedKey* signer = nullptr;
  for (const auto& node : nodes) {
    if (node.name == line.name && key_id(node.name, node.key) == line.key_id) signer = &node;
  }
  if (signer == nullptr) {
    return fail(Code::KEY_UNKNOWN,
                quote(line.name) + " with this key id is not one of the ledger's nodes");
  }
  if (!verify_note_signature(receipt.note.text, line, signer->key)) {
    return fail(Code::SIGNATURE_INVALID,
                "the signature is not of the node " + quote(line.name) + " over this receipt");
  }
  if (!includes({.size = text.size, .root = text.root}, receipt.leaf, leaf_hash(leaf_data),
                receipt.path)) {
    return fail(Code::ROOT_MISMATCH,
                "the path does not lead from the batch at leaf " + std::to_string(receipt.leaf) +
                    " to the root of " + std::to_string(text.size) +
                    " leaves; ask again, and keep the receipt: it may prove that the node lied");
  }
  return Done{};
}

}  // namespace suyuan
