// Notices: signed statements about the log itself, each in a leaf of its own (formats.md 4, 8).
// The note's first line says which kind.
//
//   suyuan/erase/v1                removes the payload or a sealed section from every store
//   ledger <origin> <base64 of H(data of leaf 0)>
//   party <party id>               who orders the erasure, and signs
//   leaf <leaf of the event>
//   event <its index in the batch>
//   part <payload | base64 of the section's digest>
//   ground <one of the words below>
//   nonce <base64 of 16 random bytes>
//
//   — <party> <base64>             exactly one line
//
//   suyuan/rules/v1                the nodes and the rules in force: see
//                                  ledger/registry/rules_notice.h
#pragma once

#include <optional>
#include <variant>

#include "ledger/batch/batch.h"
#include "ledger/registry/rules_notice.h"
#include "ledger/store/notice_rows.h"

namespace suyuan {

// The legal ground of an erasure. Fixed words only: free text could itself be personal data.
enum class EraseGround : uint8_t {
  purpose_ended, retention_ended, consent_withdrawn, recorded_in_error, unlawful, legal_order,
};
std::string_view word(EraseGround);
std::optional<EraseGround> erase_ground_from(std::string_view);

struct EraseNotice {
  LedgerId ledger;
  std::string party;
  uint64_t leaf = 0;
  uint32_t event = 0;
  std::optional<Hash> section = {};  // the section's digest; nullopt: the payload
  EraseGround ground = EraseGround::purpose_ended;
  Nonce nonce;
  Place place() const { return {.leaf = leaf, .event = event}; }
  friend bool operator==(const EraseNotice&, const EraseNotice&) = default;
};

// One alternative for each first line that leaf.cc knows. Other first lines are of later versions.
using NoticeText = std::variant<EraseNotice, RulesText>;

struct SignedNotice {
  NoticeText text;
  SignedNote note;  // its signature lines' names are checked
};

// Returns whether this version knows the note's first line. A node that reads an unknown one from a
// shared log must not refuse it: a later version may have accepted it.
bool is_known_notice(std::string_view note);
// Returns the signed text. Requires: is_party_id(party), and values that parse_notice could return.
std::string write_erase_text(const EraseNotice& notice);
// Parses a notice strictly. Errors: NOTE_SYNTAX, TOO_LARGE, SIGNATURE_LINES.
Result<SignedNotice> parse_notice(std::string_view note);
const LedgerId& ledger_of(const NoticeText& text);
// Returns the erasure, or null if the notice is of another kind.
const EraseNotice* erasure_of(const SignedNotice& notice);
// Returns H(signed text without signature lines), the deduplication key, as for a batch.
Hash notice_id(const SignedNotice& notice);

// A notice whose ledger, keys and signatures are valid. Only verify_notice() makes one. Apply
// decides whether the notice is allowed, at its position in the log.
class VerifiedNotice {
 public:
  const NoticeText& text() const { return notice_.text; }
  const std::string& note_text() const { return note_text_; }  // as stored in the leaf
  const Hash& id() const { return id_; }
  const std::vector<UsedKey>& keys() const { return keys_; }

 private:
  friend Result<VerifiedNotice> verify_notice(std::string_view, const LedgerId&, const Reader&,
                                              BatchFrom);
  VerifiedNotice() = default;
  SignedNotice notice_;
  std::string note_text_;
  Hash id_;
  std::vector<UsedKey> keys_;
};

// Verifies a notice without the state at its position in the log. A key passes if `registry` knows
// it, in force or not. With BatchFrom::log the caller checks the signatures.
// Errors: those of parse_notice; LEDGER_MISMATCH, PARTY_UNKNOWN, KEY_UNKNOWN, SIGNATURE_INVALID;
// IO, CORRUPT.
Result<VerifiedNotice> verify_notice(std::string_view note, const LedgerId& ledger,
                                     const Reader& registry, BatchFrom from = BatchFrom::sender);

// Checks whether `party` may erase from an event of `owner` (the `party` of the event's batch).
// Only an authority may erase from an inspection (so also from a recall); from other events the
// owner may too. `inspection`: false also if it cannot be determined.
// Errors: NOT_AUTHORITY.
Result<Done> check_may_erase(std::string_view party, bool is_authority, std::string_view owner,
                             bool inspection);

}  // namespace suyuan
