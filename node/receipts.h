// Receipts: signed once for each committed group, and told again, the same, to whoever asks.
#pragma once

#include "ledger/apply/apply.h"
#include "ledger/crypto/key_file.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/schema.h"
#include "proto/answers.h"

namespace suyuan {

class ReceiptSigner {
 public:
  ReceiptSigner(LedgerId ledger, NamedKeyPair node)
      : ledger_(std::move(ledger)), node_(std::move(node)) {}
  // The row that acknowledges the group which made the tree of head.leaves leaves. It is committed
  // with the group.
  Change receipt_row(const LedgerHead& head, const Hash& root) const;
  const std::string& name() const { return node_.name; }

 private:
  const LedgerId ledger_;
  const NamedKeyPair node_;
};

// CORRUPT: rows that the batch must have are missing.
Result<BatchReceipt> receipt_of(const Reader& reader, const StoredBatch& batch);
// NOT_FOUND: no batch with this id is in the ledger.
Result<BatchReceipt> find_receipt(const Reader& reader, const Hash& batch_id);

}  // namespace suyuan
