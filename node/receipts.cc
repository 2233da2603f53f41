#include "node/receipts.h"

#include <algorithm>

#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/batch/receipt.h"
#include "ledger/event/record.h"
#include "ledger/provenance/provenance.h"

namespace suyuan {
namespace {

// The chain heads that a receipt names: a batch can concern millions of codes, a message cannot.
constexpr size_t kHeadsMax = limits::kPageMax;

// Reads the batch's records in place order: its codes, first named first, and its findings.
Result<Done> read_events(const Reader& reader, uint64_t leaf, std::vector<Hash>& code_keys,
                         std::vector<Finding>& findings) {
  std::vector<Bytes> records;
  SUYUAN_TRY_DONE(reader.scan(Table::record, place_key({.leaf = leaf, .event = 0}),
                              place_key({.leaf = leaf + 1, .event = 0}), Direction::ascending,
                              [&](BytesView, BytesView value) {
                                records.emplace_back(value);
                                return true;
                              }));
  for (uint32_t i = 0; i < records.size(); ++i) {
    SUYUAN_TRY(record, decode_record(records[i]));
    for (const auto& key : record.code_keys) {
      if (code_keys.size() < kHeadsMax) code_keys.push_back(key);
    }
    SUYUAN_TRY(here, findings_at(reader, {.leaf = leaf, .event = i}));
    findings.insert(findings.end(), here.begin(), here.end());
  }
  std::sort(code_keys.begin(), code_keys.end());
  code_keys.erase(std::unique(code_keys.begin(), code_keys.end()), code_keys.end());
  return Done{};
}

}  // namespace

Change ReceiptSigner::receipt_row(const LedgerHead& head, const Hash& root) const {
  const ReceiptText text{
      .ledger = ledger_, .size = head.leaves, .root = root, .time_ms = head.time_ms};
  return {.table = Table::receipt,
          .key = u64_key(head.leaves),
          .value = sign_receipt(text, node_.name, node_.pair.secret, node_.pair.key)};
}

Result<BatchReceipt> receipt_of(const Reader& reader, const StoredBatch& batch) {
  BatchReceipt receipt;
  SUYUAN_TRY(note, reader.get(Table::receipt, u64_key(batch.receipt_size)));
  if (!note)
    return fail(Code::CORRUPT,
                "the receipt of size " + std::to_string(batch.receipt_size) + " is missing");
  receipt.note = *std::move(note);
  receipt.leaf = batch.leaf;
  SUYUAN_TRY(path, leaf_path(reader, batch.leaf, batch.receipt_size));
  receipt.path = std::move(path);
  SUYUAN_TRY(leaf, read_leaf(reader, batch.leaf));
  receipt.time_ms = leaf.time_ms;
  std::vector<Hash> code_keys;
  SUYUAN_TRY_DONE(read_events(reader, batch.leaf, code_keys, receipt.findings));
  for (const auto& key : code_keys) {
    SUYUAN_TRY(code, get<StoredCode>(reader, Table::code, key.view()));
    if (!code)
      return fail(Code::CORRUPT, "the name of code key " + to_hex(key.view()) + " is missing");
    SUYUAN_TRY(head, chain_head_after(reader, key, batch.leaf));
    receipt.heads.push_back({.code = code->canonical, .head = head});
  }
  return receipt;
}

Result<BatchReceipt> find_receipt(const Reader& reader, const Hash& batch_id) {
  SUYUAN_TRY(batch, get<StoredBatch>(reader, Table::batch, batch_id.view()));
  if (!batch)
    return fail(Code::NOT_FOUND,
                "no batch with the id " + to_hex(batch_id.view()) + " is in this ledger", "batch");
  SUYUAN_TRY(receipt, receipt_of(reader, *batch));
  receipt.repeated = true;
  return receipt;
}

}  // namespace suyuan
