#include "node/pipeline/receipts.h"

#include <algorithm>
#include <tuple>

#include "ledger/apply/log_reader.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/batch/receipt.h"
#include "ledger/event/record.h"
#include "ledger/merkle/proof.h"
#include "ledger/provenance/provenance.h"

namespace suyuan {
namespace {

// The chain heads named in a receipt: a batch can concern millions of codes, a message cannot.
constexpr size_t kHeadsMax = limits::kPageMax;

// What a receipt tells of a batch's events.
struct CodesAndFindings {
  std::vector<Hash> code_keys = {};  // at most kHeadsMax, first named first
  std::vector<Finding> findings = {};
};

void name_codes(const Record& record, std::vector<Hash>& code_keys) {
  for (const auto& key : record.code_keys) {
    if (code_keys.size() < kHeadsMax) code_keys.push_back(key);
  }
}

void make_distinct(std::vector<Hash>& code_keys) {
  std::sort(code_keys.begin(), code_keys.end());
  code_keys.erase(std::unique(code_keys.begin(), code_keys.end()), code_keys.end());
}

Result<bool> is_seen(const Reader& reader, Place place, const ViewerFilter* filter) {
  if (filter == nullptr) return true;
  SUYUAN_TRY(payload, get<StoredPayload>(reader, Table::payload, place_key(place)));
  return !payload || payload->audience == EventAudience::everyone || filter->sees(place);
}

Result<Done> read_event(const Reader& reader, Place place, BytesView row,
                        const ViewerFilter* filter, CodesAndFindings& told) {
  SUYUAN_TRY(seen, is_seen(reader, place, filter));
  if (!seen) return Done{};
  SUYUAN_TRY(record, decode_record(row));
  name_codes(record, told.code_keys);
  SUYUAN_TRY(findings, findings_at(reader, place));
  if (filter != nullptr) hide_reasons(reader, *filter, true, findings);
  std::ranges::move(findings, std::back_inserter(told.findings));
  return Done{};
}

// Reads the batch's records in place order.
Result<CodesAndFindings> read_events(const Reader& reader, uint64_t leaf,
                                     const ViewerFilter* filter) {
  std::vector<Bytes> records;
  SUYUAN_TRY_DONE(reader.scan(Table::record, place_key({.leaf = leaf, .event = 0}),
                              place_key({.leaf = leaf + 1, .event = 0}), Direction::ascending,
                              [&](BytesView, BytesView value) {
                                records.emplace_back(value);
                                return true;
                              }));
  CodesAndFindings told;
  for (uint32_t i = 0; i < records.size(); ++i)
    SUYUAN_TRY_DONE(read_event(reader, {.leaf = leaf, .event = i}, records[i], filter, told));
  return told;
}

// As read_events, for some of the batch's events.
Result<CodesAndFindings> read_these(const Reader& reader, uint64_t leaf,
                                    const std::vector<uint32_t>& events) {
  CodesAndFindings told;
  for (const uint32_t event : events) {
    const Place place{.leaf = leaf, .event = event};
    SUYUAN_TRY(row, reader.get(Table::record, place_key(place)));
    if (!row) {
      return fail(Code::CORRUPT, "the record of leaf " + std::to_string(leaf) + ", event " +
                                     std::to_string(event) + " is missing");
    }
    SUYUAN_TRY_DONE(read_event(reader, place, *row, nullptr, told));
  }
  return told;
}

// With what proves the batch, without heads and findings.
Result<BatchReceipt> proof_of(const Reader& reader, const ReceiptSigner& signer,
                              const StoredBatch& batch) {
  BatchReceipt receipt;
  SUYUAN_TRY(note, reader.get(Table::receipt, u64_key(batch.receipt_size)));
  if (!note)
    return fail(Code::CORRUPT,
                "the receipt of size " + std::to_string(batch.receipt_size) + " is missing");
  SUYUAN_TRY(by_now, signer.renewed(reader, *std::move(note)));
  receipt.note = std::move(by_now);
  receipt.leaf = batch.leaf;
  SUYUAN_TRY(path, leaf_path(reader, batch.leaf, batch.receipt_size));
  receipt.path = std::move(path);
  SUYUAN_TRY(leaf, read_leaf(reader, batch.leaf));
  receipt.time_ms = leaf.time_ms;
  return receipt;
}

Result<Done> add_heads_and_findings(const Reader& reader, CodesAndFindings told,
                                    BatchReceipt& receipt) {
  receipt.findings = std::move(told.findings);
  make_distinct(told.code_keys);
  for (const auto& key : told.code_keys) {
    SUYUAN_TRY(code, get<StoredCode>(reader, Table::code, key.view()));
    if (!code)
      return fail(Code::CORRUPT, "the name of code key " + to_hex(key.view()) + " is missing");
    SUYUAN_TRY(head, chain_head_after(reader, key, receipt.leaf));
    receipt.heads.push_back({.code = code->canonical, .head = head});
  }
  return Done{};
}

}  // namespace

Change receipt_row(const LedgerId& ledger, const NamedKeyPair& node, const LedgerHead& head,
                   const Hash& root) {
  const ReceiptText text{
      .ledger = ledger, .size = head.leaves, .root = root, .time_ms = head.time_ms};
  return {.table = Table::receipt,
          .key = u64_key(head.leaves),
          .value = sign_receipt(text, node.name, node.pair.secret, node.pair.key)};
}

Result<std::string> ReceiptSigner::renewed(const Reader& reader, std::string note) const {
  SUYUAN_TRY(kept, parse_receipt(note, 0, {}));
  const NoteSignature& line = kept.note.signatures.front();
  if (line.name == node_.name && line.key_id == key_id(node_.name, node_.pair.key)) return note;
  if (kept.text.size == 0) return fail(Code::CORRUPT, "a receipt of no leaves");
  const TreeRows rows(reader);
  SUYUAN_TRY(root, root_of(TiledNodes(rows), kept.text.size));
  SUYUAN_TRY(last, read_leaf(reader, kept.text.size - 1));
  if (kept.text.ledger != ledger_ || kept.text.root != root ||
      kept.text.time_ms != last.time_ms) {
    return fail(Code::CORRUPT, "the receipt of size " + std::to_string(kept.text.size) +
                                   " is of another tree, or of another time");
  }
  return sign_receipt(kept.text, node_.name, node_.pair.secret, node_.pair.key);
}

std::string ReceiptSigner::checkpoint_line(const Checkpoint& checkpoint) const {
  const std::string note = sign_checkpoint(checkpoint, node_.pair.secret, node_.pair.key);
  return note.substr(write_checkpoint(checkpoint).size() + 1);  // after the blank line
}

GroupReceipts::GroupReceipts(const NodeSource& tree, const Applied& applied, std::string note)
    : applied_(applied), note_(std::move(note)), tree_(tree) {
  for (const Change& change : applied.changes) {
    if (change.table != Table::chain || !change.value) continue;
    const auto link = decode<StoredLink>(*change.value);
    SUYUAN_CHECK(link && change.key.size() == Hash::kSize + sizeof(uint64_t));
    uint64_t count = 0;
    for (const char byte : BytesView(change.key).substr(Hash::kSize)) {
      count = count << 8 | static_cast<uint8_t>(byte);
    }
    links_.push_back({.code_key = Hash::from(BytesView(change.key).substr(0, Hash::kSize)),
                      .leaf = link->place.leaf,
                      .head = {.count = count, .link = link->link}});
  }
  // Links come by key, and a chain's leaves rise with its count.
  SUYUAN_CHECK(std::is_sorted(links_.begin(), links_.end(), [](const Link& a, const Link& b) {
    return std::tie(a.code_key, a.leaf) < std::tie(b.code_key, b.leaf);
  }));
}

ChainHead GroupReceipts::head_after(const Hash& code_key, uint64_t leaf) const {
  const auto after = std::partition_point(links_.begin(), links_.end(), [&](const Link& link) {
    return std::tie(link.code_key, link.leaf) <= std::tie(code_key, leaf);
  });
  SUYUAN_CHECK(after != links_.begin() && std::prev(after)->code_key == code_key);
  return std::prev(after)->head;
}

Result<BatchReceipt> GroupReceipts::of(const VerifiedBatch& batch, Accepted accepted) const {
  BatchReceipt receipt;
  receipt.note = note_;
  receipt.leaf = accepted.leaf;
  SUYUAN_TRY(path, inclusion_proof(tree_, accepted.leaf, applied_.head.leaves));
  receipt.path = std::move(path);
  receipt.time_ms = applied_.head.time_ms;  // the same for all leaves of a group
  receipt.findings = std::move(accepted.findings);
  std::vector<std::pair<Hash, const std::string*>> named;  // as name_codes and make_distinct do
  for (const VerifiedEvent& event : batch.events()) {
    for (size_t i = 0; i < event.codes.size() && named.size() < kHeadsMax; ++i) {
      named.emplace_back(event.record.code_keys[i], &event.codes[i]);
    }
  }
  const auto key_of = [](const auto& one) -> const Hash& { return one.first; };
  std::ranges::sort(named, {}, key_of);
  named.erase(std::unique(named.begin(), named.end(),
                          [&](const auto& a, const auto& b) { return key_of(a) == key_of(b); }),
              named.end());
  receipt.heads.reserve(named.size());
  for (const auto& [key, code] : named) {
    receipt.heads.push_back({.code = *code, .head = head_after(key, accepted.leaf)});
  }
  return receipt;
}

Result<BatchReceipt> GroupReceipts::of_notice(uint64_t leaf) const {
  SUYUAN_TRY(path, inclusion_proof(tree_, leaf, applied_.head.leaves));
  return BatchReceipt{.note = note_,
                      .leaf = leaf,
                      .path = std::move(path),
                      .time_ms = applied_.head.time_ms,
                      .heads = {}};
}

Result<BatchReceipt> receipt_of(const Reader& reader, const ReceiptSigner& signer,
                                const StoredBatch& batch, const ViewerFilter* filter) {
  SUYUAN_TRY(receipt, proof_of(reader, signer, batch));
  SUYUAN_TRY(told, read_events(reader, batch.leaf, filter));
  SUYUAN_TRY_DONE(add_heads_and_findings(reader, std::move(told), receipt));
  return receipt;
}

Result<BatchReceipt> repeated_receipt(const Reader& reader, const ReceiptSigner& signer,
                                      const Repeated& repeated) {
  SUYUAN_TRY(receipt, proof_of(reader, signer,
                               {.leaf = repeated.leaf, .receipt_size = repeated.receipt_size}));
  SUYUAN_TRY(told, repeated.events ? read_these(reader, repeated.leaf, *repeated.events)
                                   : read_events(reader, repeated.leaf, nullptr));
  SUYUAN_TRY_DONE(add_heads_and_findings(reader, std::move(told), receipt));
  receipt.repeated = true;
  return receipt;
}

Result<std::optional<BatchReceipt>> repeated_receipt(const Reader& reader,
                                                     const ReceiptSigner& signer,
                                                     const Hash& batch_id) {
  SUYUAN_TRY(stored, get<StoredBatch>(reader, Table::batch, batch_id.view()));
  if (!stored) return std::optional<BatchReceipt>();
  SUYUAN_TRY(receipt, receipt_of(reader, signer, *stored));
  receipt.repeated = true;
  return std::optional(std::move(receipt));
}

Result<BatchReceipt> find_receipt(const Reader& reader, const ReceiptSigner& signer,
                                  const Hash& batch_id, const Viewer& viewer,
                                  uint64_t acknowledged) {
  SUYUAN_TRY(batch, get<StoredBatch>(reader, Table::batch, batch_id.view()));
  if (!batch || batch->leaf >= acknowledged)
    return fail(Code::NOT_FOUND,
                "no batch with the id " + to_hex(batch_id.view()) + " is in this ledger", "batch");
  const ViewerFilter filter(reader, viewer);
  SUYUAN_TRY(receipt, receipt_of(reader, signer, *batch, &filter));
  receipt.repeated = true;
  return receipt;
}

}  // namespace suyuan
