// Notices: signed words about the log itself, each a leaf of its own (formats.md 4, 8). The note's
// first line says which.
//
//   suyuan/erase/v1                what one sealed section of an event held leaves every store
//   ledger <origin> <base64 of H(data of leaf 0)>
//   party <party id>               who orders it, and signs
//   leaf <leaf of the event>
//   event <its index in the batch>
//   part <payload | base64 of the section's digest>
//   ground <one of the words below>
//   nonce <base64 of 16 random bytes>
//
//   — <party> <base64>             exactly one line
//
//   suyuan/rules/v1                who the nodes are, and under which rules: ledger/registry/
//                                  rules_notice.h
#pragma once

#include <optional>
#include <variant>

#include "ledger/batch/batch.h"
#include "ledger/registry/rules_notice.h"
#include "ledger/store/notice_rows.h"

namespace suyuan {

// Why something is erased: words of law, never text of somebody's, which could be personal itself.
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
  std::optional<Hash> section = {};  // its digest; nullopt: the payload
  EraseGround ground = EraseGround::purpose_ended;
  Nonce nonce;
  Place place() const { return {.leaf = leaf, .event = event}; }
  friend bool operator==(const EraseNotice&, const EraseNotice&) = default;
};

// One for each first line that leaf.cc knows; others are of a later version.
using NoticeText = std::variant<EraseNotice, RulesText>;

struct SignedNotice {
  NoticeText text;
  SignedNote note;  // names of its lines checked
};

// Whether the note's first line is of a kind that this version knows. One that is not is no
// refusal to a node that reads it out of the shared log: a later version may have taken it.
bool is_known_notice(std::string_view note);
// REQUIRES: is_party_id(party), and what parse_notice could have given.
std::string write_erase_text(const EraseNotice& notice);
// Strict. NOTE_SYNTAX, TOO_LARGE, SIGNATURE_LINES.
Result<SignedNotice> parse_notice(std::string_view note);
const LedgerId& ledger_of(const NoticeText& text);
// What it erases; null: it is of another kind.
const EraseNotice* erasure_of(const SignedNotice& notice);
// H(signed text, without signature lines): the key of deduplication, as of a batch.
Hash notice_id(const SignedNotice& notice);

// A notice whose ledger, keys and signatures are right; only verify_notice() makes one. Whether it
// may do what it says is judged at its own place.
class VerifiedNotice {
 public:
  const NoticeText& text() const { return notice_.text; }
  const std::string& note_text() const { return note_text_; }  // as the leaf holds it
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

// What parse_notice refuses; LEDGER_MISMATCH; PARTY_UNKNOWN, KEY_UNKNOWN by what `registry` knows,
// in force or not; SIGNATURE_INVALID, which is left to the caller where the notice comes out of a
// log. IO, CORRUPT.
Result<VerifiedNotice> verify_notice(std::string_view note, const LedgerId& ledger,
                                     const Reader& registry, BatchFrom from = BatchFrom::sender);

// May `party` erase of an event that `owner` stated (its batch's `party`)? An inspection, and so a
// recall, is erased by an authority alone; anything else by its own party too. `inspection`: false
// also where nobody can tell. NOT_AUTHORITY.
Result<Done> check_may_erase(std::string_view party, bool is_authority, std::string_view owner,
                             bool inspection);

}  // namespace suyuan
