// Batches that several parties sign, each on his own machine: the note goes from hand to hand.
#pragma once

#include "ledger/batch/sign.h"

namespace suyuan {

// Of the signed text alone, as parse_batch_note reads it. NOTE_SYNTAX, TOO_MANY.
Result<BatchNote> parse_batch_text(std::string_view text);

// A batch note on its way between its signers: the lines of those who signed so far, in the order
// of the text. It becomes a batch note when all have signed.
class UnfinishedNote {
 public:
  // NOTE_SYNTAX, TOO_LARGE, TOO_MANY; SIGNATURE_LINES: a line of nobody whom the text names, or not
  // in its order.
  static Result<UnfinishedNote> parse(std::string_view note);
  // INVALID_FIELD: the text does not name the party, or it has signed.
  Result<Done> sign(const Signer& signer);
  std::vector<std::string> missing() const;
  const BatchNote& batch() const { return batch_; }
  std::string text() const { return write_note(note_); }

 private:
  UnfinishedNote(BatchNote batch, SignedNote note)
      : batch_(std::move(batch)), note_(std::move(note)) {}
  std::vector<std::string> signers() const;
  bool has_signed(std::string_view party) const;
  BatchNote batch_;
  SignedNote note_;
};

// As sign_batch, of a batch that the parties in `with` sign later: its note has the signer's line
// alone. REQUIRES as sign_batch, of `with`.
Result<Submission> begin_batch(BatchDraft draft, const Signer& signer,
                               std::vector<std::string> with);

}  // namespace suyuan
