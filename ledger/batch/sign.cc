#include "ledger/batch/sign.h"

#include "ledger/base/limits.h"
#include "ledger/event/codes_of.h"
#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

NoteSignature sign_as(const Signer& signer, std::string_view text) {
  return sign_note(text, signer.party, signer.secret, signer.key);
}

}  // namespace

Result<Submission> sign_batch(BatchDraft draft, const Signer& signer,
                              const std::vector<Signer>& cosigners) {
  SUYUAN_CHECK(!draft.events.empty());
  if (draft.events.size() > limits::kBatchEventsMax) {
    return fail(Code::TOO_MANY, "found " + std::to_string(draft.events.size()) +
                                    " events, a batch has at most 4,096; split it");
  }
  if (cosigners.size() > limits::kCosignersMax) {
    return fail(Code::TOO_MANY, "at most 8 parties sign with the party");
  }
  const bool gateway = !draft.on_behalf_of.empty();
  BatchNote batch{.ledger = draft.ledger,
                  .party = gateway ? draft.on_behalf_of : signer.party,
                  .signer = gateway ? signer.party : std::string(),
                  .type = draft.type,
                  .events = static_cast<uint32_t>(draft.events.size()),
                  .until_ms = draft.until_ms,
                  .nonce = draft.nonce};
  for (const auto& cosigner : cosigners) batch.with.push_back(cosigner.party);

  Submission submission;
  std::vector<Hash> leaves;
  size_t bytes = 0;
  for (auto& event : draft.events) {
    const Bytes record =
        encode_record({.code_keys = code_keys_of(event.codes),
                       .payload = payload_hash(event.body.salt, event.body.payload)});
    bytes += record.size();
    leaves.push_back(leaf_hash(record));
    submission.events.push_back(std::move(event.body));
  }
  bytes += submission.bytes();
  if (bytes > limits::kBatchBytesMax) {
    return fail(Code::TOO_LARGE, "the batch has " + std::to_string(bytes) +
                                     " bytes with its records, at most 1 MiB; split it");
  }
  batch.root = tree_hash(leaves);

  SignedNote note{.text = write_batch_text(batch), .signatures = {}};
  note.signatures.push_back(sign_as(signer, note.text));
  for (const auto& cosigner : cosigners) note.signatures.push_back(sign_as(cosigner, note.text));
  submission.note = write_note(note);
  return submission;
}

Result<Submission> sign_batch(const LedgerId& ledger, PayloadType type,
                              std::vector<UnsignedEvent> events, uint64_t until_ms,
                              const Nonce& nonce, const Signer& signer,
                              const std::vector<Signer>& cosigners) {
  return sign_batch(BatchDraft{.ledger = ledger,
                               .type = type,
                               .events = std::move(events),
                               .until_ms = until_ms,
                               .nonce = nonce},
                    signer, cosigners);
}

}  // namespace suyuan
