#include "bench/answering_order.h"

#include <utility>

#include "bench/must.h"
#include "ledger/base/limits.h"
#include "ledger/batch/receipt.h"
#include "ledger/crypto/ed25519.h"
#include "node/pipeline/proposals.h"

namespace suyuan::bench {
namespace {

// A ledger of 2^16 leaves: receipts of a ledger in use have a path of about this length.
constexpr size_t kPathHashes = 16;
constexpr int64_t kTimeMs = 1'780'000'000'000;

// Signed here, once. A node signs once for each group, so a signature for each answer is no part of
// the ceiling.
BatchReceipt model_receipt() {
  const KeyPair pair = key_from_seed(seeded("verify-only").view());
  const ReceiptText text{
      .ledger = {.origin = "bench.suyuan.example/log", .genesis = seeded("no ledger")},
      .size = uint64_t{1} << kPathHashes,
      .root = seeded("no root"),
      .time_ms = kTimeMs};
  return {.note = sign_receipt(text, "verify-only", pair.secret, pair.key),
          .path = std::vector<Hash>(kPathHashes, seeded("no path")),
          .time_ms = kTimeMs,
          .heads = {}};
}

bool is_of_events(Proposal& proposal) {
  return kind_of(proposal) == ProposalKind::batch &&
         as<BatchProposal>(proposal).batch().note().type != PayloadType::registry_capnp;
}

}  // namespace

AnsweringOrder::AnsweringOrder(std::unique_ptr<Order> log)
    : log_(std::move(log)), model_(model_receipt()) {}

Result<Done> AnsweringOrder::append(std::unique_ptr<Proposal>& proposal) {
  if (!is_of_events(*proposal)) return log_->append(proposal);
  const std::unique_ptr<Proposal> taken = std::move(proposal);
  const auto& sent = as<BatchProposal>(*taken);
  sent.done(receipt_of(sent.batch()));
  return Done{};
}

// As a node's receipt, it names the batch's codes.
BatchReceipt AnsweringOrder::receipt_of(const VerifiedBatch& batch) {
  BatchReceipt receipt = model_;
  receipt.leaf = answered_.fetch_add(1, std::memory_order_relaxed);
  for (const VerifiedEvent& event : batch.events()) {
    for (size_t i = 0; i < event.codes.size(); ++i) {
      if (receipt.heads.size() == limits::kPageMax) return receipt;
      receipt.heads.push_back(
          {.code = event.codes[i], .head = {.count = 1, .link = event.record.code_keys[i]}});
    }
  }
  return receipt;
}

}  // namespace suyuan::bench
