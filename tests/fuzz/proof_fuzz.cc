// Every text of ledger/proof that comes from outside: what a reader takes, its writer writes again.
#include "ledger/proof/tlog_proof.h"
#include "ledger/proof/witness.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  if (const auto note = split_note(text)) SUYUAN_CHECK(write_line_note(*note) == text);
  if (const auto key = parse_note_key(text)) SUYUAN_CHECK(write_note_key(*key) == text);
  if (const auto checkpoint = parse_checkpoint(text, CheckpointForm::with_extensions)) {
    SUYUAN_CHECK(write_checkpoint(*checkpoint) == text);
  }
  if (const auto proof = parse_tlog_proof(text)) SUYUAN_CHECK(write_tlog_proof(*proof) == text);
  if (const auto request = parse_add_checkpoint(text)) {
    SUYUAN_CHECK(write_add_checkpoint(*request) == text);
  }
  // A policy has comments, which are not written again.
  if (const auto policy = parse_policy(text)) {
    const auto again = parse_policy(write_policy(*policy));
    SUYUAN_CHECK(again && *again == *policy);
    const std::vector<std::optional<uint64_t>> nobody(policy->witnesses.size());
    SUYUAN_CHECK(judge_quorum(*policy, nobody).met == !policy->quorum);
    (void)accept_checkpoint(text, *policy).has_value();
  }
  return 0;
}
