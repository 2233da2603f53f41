#include "ledger/batch/unfinished_note.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace suyuan {

std::vector<std::string> UnfinishedNote::signers() const {
  std::vector<std::string> all = {batch_.signing_party()};
  all.insert(all.end(), batch_.with.begin(), batch_.with.end());
  return all;
}

bool UnfinishedNote::has_signed(std::string_view party) const {
  return std::ranges::find(note_.signatures, party, &NoteSignature::name) !=
         note_.signatures.end();
}

std::vector<std::string> UnfinishedNote::missing() const {
  auto all = signers();
  std::erase_if(all, [this](const std::string& party) { return has_signed(party); });
  return all;
}

Result<UnfinishedNote> UnfinishedNote::parse(std::string_view note) {
  SUYUAN_TRY(signed_note, parse_note(note));
  SUYUAN_TRY(batch, parse_batch_text(signed_note.text));
  UnfinishedNote unfinished(std::move(batch), std::move(signed_note));
  const auto all = unfinished.signers();
  auto next = all.begin();
  for (const auto& line : unfinished.note_.signatures) {
    next = std::find(next, all.end(), line.name);
    if (next == all.end()) {
      return fail(Code::SIGNATURE_LINES, "the line of " + quote(line.name) + " is not by a signer "
                                         "of the text, or out of order");
    }
    ++next;
  }
  return unfinished;
}

Result<Done> UnfinishedNote::sign(const Signer& signer) {
  const auto open = missing();
  if (std::ranges::find(open, signer.party) == open.end()) {
    return fail(Code::INVALID_FIELD,
                signer.party + (has_signed(signer.party) ? " has signed already"
                                                         : " is not one of the signers"),
                "key");
  }
  auto before = note_.signatures.begin();
  for (const auto& name : signers()) {
    if (name == signer.party) break;
    if (before != note_.signatures.end() && before->name == name) ++before;
  }
  note_.signatures.insert(before, sign_note(note_.text, signer.party, signer.secret, signer.key));
  return Done{};
}

// Signs the batch without the others, adds their names to its text, and signs that text.
Result<Submission> begin_batch(BatchDraft draft, const Signer& signer,
                               std::vector<std::string> with) {
  if (with.size() > limits::kCosignersMax)
    return fail(Code::TOO_MANY, "at most 8 parties sign with the party");
  SUYUAN_TRY(submission, sign_batch(std::move(draft), signer));
  SUYUAN_TRY(alone, parse_batch_note(submission.note));
  alone.batch.with = std::move(with);
  SignedNote note{.text = write_batch_text(alone.batch), .signatures = {}};
  note.signatures.push_back(sign_note(note.text, signer.party, signer.secret, signer.key));
  submission.note = write_note(note);
  return submission;
}

}  // namespace suyuan
