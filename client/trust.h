// What the client trusts: the pinned genesis leaf, and with it the ledger's identity and its nodes'
// keys.
#pragma once

#include <span>
#include <string>

#include "ledger/batch/batch.h"
#include "ledger/batch/receipt.h"
#include "ledger/registry/rules_notice.h"
#include "proto/answers.h"

namespace suyuan {

struct PinnedLedger {
  Bytes leaf;       // data of leaf 0
  Genesis genesis;  // its nodes are those of the newest pinned notice, if there is one
  LedgerId id;
  RulesState rules = {};
  std::vector<NamedKey> first_nodes = {};  // nodes of genesis, if a notice is pinned
  // Returns the nodes' keys including those of genesis, because their receipts from before the
  // notice remain valid. Use it only next to a tree that current nodes signed: a removed key may be
  // in anybody's hands.
  std::vector<NamedKey> all_signers() const;
};

// Errors: those of parse_leaf and parse_genesis (NOTE_SYNTAX, ...).
Result<PinnedLedger> pinned_from_leaf(BytesView leaf);
// Returns the pinned ledger with the nodes of a notice. The notice must be signed by enough
// authorities, with the keys that genesis names.
// Errors: those of check_signed().
Result<PinnedLedger> with_rules(PinnedLedger pinned, std::string_view note);
// Path of the notice pinned next to a genesis.leaf.
std::string rules_path(const std::string& genesis_path);
// Loads the pinned leaf, and the notice next to it.
// Errors: NOT_FOUND (nothing is pinned; the message tells how to pin).
Result<PinnedLedger> load_pinned(const std::string& path);
// Returns the hash of leaf 0 in groups of four hex digits, to compare by eye or on the telephone.
std::string fingerprint(const LedgerId& id);

// Verifies that the node speaks for the pinned ledger.
// Errors: LEDGER_MISMATCH.
Result<Done> check_same_ledger(const PinnedLedger& pinned, const Status& status);

// Returns the kind of the leaf that holds this signed note: batch or notice.
LeafKind kind_of_note(std::string_view note);

// Verifies a receipt before a batch or notice counts as posted: it must be signed by one of these
// nodes, over a tree that holds this note at the named leaf.
// Errors: those of check_receipt, INVALID_FIELD.
Result<Receipt> check_signed_by(std::span<const NamedKey> nodes, const LedgerId& ledger,
                                const std::string& note, const BatchReceipt& receipt);
// As above, by a current node.
Result<Receipt> check_answer(const PinnedLedger& pinned, const std::string& note,
                             const BatchReceipt& receipt);
}  // namespace suyuan
