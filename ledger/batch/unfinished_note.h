// Batches signed by several parties, each on its own machine: the note is passed from one to the
// next.
#pragma once

#include "ledger/batch/sign.h"

namespace suyuan {

// Parses the signed text only, with the rules of parse_batch_note. Errors: NOTE_SYNTAX, TOO_MANY.
Result<BatchNote> parse_batch_text(std::string_view text);

// A partially signed batch note. It holds the signature lines made so far, in the order of the
// text, and becomes a batch note when all parties have signed.
class UnfinishedNote {
 public:
  // Errors: NOTE_SYNTAX, TOO_LARGE, TOO_MANY; SIGNATURE_LINES (a line of a party that the text does
  // not name, or lines out of order).
  static Result<UnfinishedNote> parse(std::string_view note);
  // Adds the signer's line. Errors: INVALID_FIELD (the text does not name the party, or the party
  // has already signed).
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

// As sign_batch, for a batch that the parties in `with` sign later: the note has only the signer's
// line. Requires: as sign_batch, with `with` as the cosigners.
Result<Submission> begin_batch(BatchDraft draft, const Signer& signer,
                               std::vector<std::string> with);

}  // namespace suyuan
