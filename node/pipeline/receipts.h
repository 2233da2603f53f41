// Receipts: signed once for each committed group, and repeated unchanged to everyone who asks.
#pragma once

#include <optional>
#include <vector>

#include "ledger/apply/apply.h"
#include "ledger/crypto/key_file.h"
#include "ledger/merkle/nodes.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/schema.h"
#include "node/access/viewer.h"
#include "proto/answers.h"

namespace suyuan {

// The row in which this node acknowledges the group that made the tree of head.leaves leaves. It is
// committed with the group.
Change receipt_row(const LedgerId& ledger, const NamedKeyPair& node, const LedgerHead& head,
                   const Hash& root);

class ReceiptSigner {
 public:
  ReceiptSigner(LedgerId ledger, NamedKeyPair node)
      : ledger_(std::move(ledger)), node_(std::move(node)) {}
  Change receipt_row(const LedgerHead& head, const Hash& root) const {
    return suyuan::receipt_row(ledger_, node_, head, root);
  }
  // A stored receipt's note. Signed again if it is by an earlier key of this node, or by the node
  // that its store came from. Errors: CORRUPT (it is of another tree than the store's).
  Result<std::string> renewed(const Reader& reader, std::string note) const;
  // The node's line under a checkpoint, in the log's name.
  std::string checkpoint_line(const Checkpoint& checkpoint) const;
  // Signs as the node, for bytes that carry a tag of their own.
  Signature sign(BytesView text) const { return suyuan::sign(node_.pair.secret, text); }
  const std::string& name() const { return node_.name; }
  const LedgerId& ledger() const { return ledger_; }
  // For signatures besides receipts: checkpoints, requests to other nodes.
  const NamedKeyPair& node() const { return node_; }

 private:
  const LedgerId ledger_;
  const NamedKeyPair node_;
};

// The receipts of one group, made from what was just applied and committed: byte for byte as
// receipt_of reads them later, without a read for each part. Single-threaded.
class GroupReceipts {
 public:
  // `tree` has the leaves of applied.head. Both must outlive this.
  GroupReceipts(const NodeSource& tree, const Applied& applied, std::string note);
  Result<BatchReceipt> of(const VerifiedBatch& batch, Accepted accepted) const;
  Result<BatchReceipt> of_notice(uint64_t leaf) const;  // it names no heads

 private:
  struct Link {
    Hash code_key;
    uint64_t leaf;
    ChainHead head;
  };
  ChainHead head_after(const Hash& code_key, uint64_t leaf) const;

  const Applied& applied_;
  const std::string note_;
  const NodeSource& tree_;
  std::vector<Link> links_;  // of the group, ascending by code and leaf
};

// Codes and findings of events that `filter` hides are left out; without a filter, nothing is.
// Errors: CORRUPT (rows that the batch must have are missing).
Result<BatchReceipt> receipt_of(const Reader& reader, const ReceiptSigner& signer,
                                const StoredBatch& batch, const ViewerFilter* filter = nullptr);
// The receipt that answers a repeat. Of a batch of which only some events came again it tells the
// heads and findings of those: what is read and answered stays in proportion to what was sent.
Result<BatchReceipt> repeated_receipt(const Reader& reader, const ReceiptSigner& signer,
                                      const Repeated& repeated);
// The same again, where this batch is in the ledger already.
Result<std::optional<BatchReceipt>> repeated_receipt(const Reader& reader,
                                                     const ReceiptSigner& signer,
                                                     const Hash& batch_id);
// The receipt of a batch among the first `acknowledged` leaves. A later batch may be committed and
// not marked yet, and the node must not sign for it.
// Errors: NOT_FOUND (no batch with this id is among them).
Result<BatchReceipt> find_receipt(const Reader& reader, const ReceiptSigner& signer,
                                  const Hash& batch_id, const Viewer& viewer,
                                  uint64_t acknowledged);

}  // namespace suyuan
