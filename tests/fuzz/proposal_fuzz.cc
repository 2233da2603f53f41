// Proposals as another node put them into the log: batches, seals, notices. Here no party is
// registered, so no batch is verified; a seal or a notice encodes to the same bytes.
#include "ledger/store/memory_store.h"
#include "node/pipeline/proposals.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  static const MemoryStore nothing;
  const auto bytes = fuzz::text(data, size);
  const auto proposal = decode_proposal(bytes, {}, nothing.latest());
  if (!proposal) return 0;
  SUYUAN_CHECK((*proposal)->weight() >= (*proposal)->bytes());
  if (kind_of(**proposal) == ProposalKind::batch) {
    auto& batch = as<BatchProposal>(**proposal);
    SUYUAN_CHECK(!batch.is_verified() && !batch.verify({}, nothing.latest()));
    return 0;
  }
  SUYUAN_CHECK((*proposal)->alone() && (*proposal)->encode() == bytes);
  if (kind_of(**proposal) == ProposalKind::notice) {
    SUYUAN_CHECK(!as<NoticeProposal>(**proposal).verify({}, nothing.latest()));
  }
  return 0;
}
