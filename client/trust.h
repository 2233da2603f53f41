// What the client trusts: the genesis leaf that it pinned, and so the ledger's identity and its
// nodes' keys.
#pragma once

#include <span>
#include <string>

#include "ledger/batch/batch.h"
#include "ledger/batch/receipt.h"
#include "ledger/registry/rules_notice.h"
#include "proto/answers.h"

namespace suyuan {

struct PinnedLedger {
  Bytes leaf;  // data of leaf 0
  Genesis genesis;  // its nodes: those of the newest notice that is pinned, where one is
  LedgerId id;
  RulesState rules = {};
  std::vector<NamedKey> first_nodes = {};  // of genesis, where a notice is pinned
  // Genesis' nodes too: their receipts of before the notice stand as they were. Good beside a tree
  // that nodes of now signed: a key that was taken out may be in anybody's hands.
  std::vector<NamedKey> all_signers() const;
};

// NOTE_SYNTAX and the rest of parse_leaf and parse_genesis.
Result<PinnedLedger> pinned_from_leaf(BytesView leaf);
// The same, once a notice about the nodes is believed: enough authorities signed it, with the keys
// that genesis names. What check_signed() refuses.
Result<PinnedLedger> with_rules(PinnedLedger pinned, std::string_view note);
// Where the notice lies that is pinned beside a genesis.leaf.
std::string rules_path(const std::string& genesis_path);
// With the notice beside it. NOT_FOUND: nothing is pinned; how to pin stands in the message.
Result<PinnedLedger> load_pinned(const std::string& path);
// The hash of leaf 0 in groups of four hex digits, to compare by eye or on the telephone.
std::string fingerprint(const LedgerId& id);

// The node speaks for the pinned ledger. LEDGER_MISMATCH.
Result<Done> check_same_ledger(const PinnedLedger& pinned, const Status& status);

// Of the leaf that holds this signed note: a batch's, or a notice's.
LeafKind kind_of_note(std::string_view note);

// Before a batch or notice counts as posted: the receipt is signed by one of these nodes, over a
// tree that holds this note at the leaf named. What check_receipt refuses; INVALID_FIELD.
Result<Receipt> check_signed_by(std::span<const NamedKey> nodes, const LedgerId& ledger,
                                const std::string& note, const BatchReceipt& receipt);
// By a node of now.
Result<Receipt> check_answer(const PinnedLedger& pinned, const std::string& note,
                             const BatchReceipt& receipt);
}  // namespace suyuan
