#include "ledger/batch/notice.h"

#include <array>

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/text_lines.h"

namespace suyuan {
namespace {

constexpr std::string_view kEraseHeader = "suyuan/erase/v1";
constexpr std::string_view kPayloadPart = "payload";
constexpr std::array<std::string_view, 6> kGrounds = {
    "purpose_ended", "retention_ended", "consent_withdrawn",
    "recorded_in_error", "unlawful", "legal_order"};

void put_notice_line(std::string& text, std::string_view keyword, std::string_view rest) {
  text.append(keyword).append(" ").append(rest).append("\n");
}

Result<Done> take_event_place(TextLines& lines, EraseNotice& notice) {
  SUYUAN_TRY(leaf, lines.take_decimal("leaf"));
  notice.leaf = leaf;
  SUYUAN_TRY(event, lines.take_decimal("event"));
  if (event >= limits::kBatchEventsMax) {
    return lines.refuse("a batch has at most 4,096 events, counted from 0");
  }
  notice.event = static_cast<uint32_t>(event);
  return Done{};
}

Result<EraseNotice> parse_erase_text(std::string_view text) {
  SUYUAN_TRY(lines, TextLines::open(text, kEraseHeader));
  EraseNotice notice;
  SUYUAN_TRY(ledger, lines.take_fields("ledger", 2));
  if (!is_origin(ledger[0])) return lines.refuse(quote(ledger[0]) + " is not a ledger's origin");
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(ledger[1]));
  notice.ledger = {.origin = std::string(ledger[0]), .genesis = genesis};
  SUYUAN_TRY(party, lines.take("party"));
  if (!is_party_id(party)) {
    return lines.refuse(quote(party) +
                        " is not a party id: 1 to 63 of a-z 0-9 . -, both ends letter or digit");
  }
  notice.party = std::string(party);
  SUYUAN_TRY_DONE(take_event_place(lines, notice));
  SUYUAN_TRY(part, lines.take("part"));
  if (part != kPayloadPart) {
    SUYUAN_TRY(digest, lines.base64_of<Hash>(part));
    notice.section = digest;
  }
  SUYUAN_TRY(word, lines.take("ground"));
  const auto ground = erase_ground_from(word);
  if (!ground) {
    return lines.refuse("found " + quote(word) + ", expected purpose_ended, retention_ended, "
                        "consent_withdrawn, recorded_in_error, unlawful or legal_order");
  }
  notice.ground = *ground;
  SUYUAN_TRY(nonce, lines.take_base64<Nonce>("nonce"));
  notice.nonce = nonce;
  SUYUAN_TRY_DONE(lines.finish());
  return notice;
}

Result<Done> check_one_line(const SignedNote& note, const std::string& party) {
  if (note.signatures.size() != 1) {
    return fail(Code::SIGNATURE_LINES, "found " + std::to_string(note.signatures.size()) +
                                           " signature lines, expected 1");
  }
  if (note.signatures.front().name == party) return Done{};
  return fail(Code::SIGNATURE_LINES,
              "found the name " + quote(note.signatures.front().name) + ", expected " +
                  quote(party),
              "signature line 1");
}

std::string_view first_line_of(std::string_view text) { return text.substr(0, text.find('\n')); }

// The keys that the signature lines name, one for each line.
Result<std::vector<UsedKey>> keys_of_lines(const SignedNote& note, const Reader& registry) {
  std::vector<UsedKey> keys;
  for (const NoteSignature& line : note.signatures) {
    SUYUAN_TRY(party, find_party(registry, line.name));
    if (!party) {
      return fail(Code::PARTY_UNKNOWN,
                  quote(line.name) +
                      " is not registered; ask an authority of this ledger to register it",
                  "party");
    }
    SUYUAN_TRY(key, key_of(*party, line.key_id));
    keys.push_back({.party = line.name, .key = key.key, .key_id = key.key_id});
  }
  return keys;
}

}  // namespace

std::string_view word(EraseGround ground) { return kGrounds.at(static_cast<size_t>(ground)); }

std::optional<EraseGround> erase_ground_from(std::string_view text) {
  for (size_t i = 0; i < kGrounds.size(); ++i) {
    if (kGrounds[i] == text) return static_cast<EraseGround>(i);
  }
  return std::nullopt;
}

bool is_known_notice(std::string_view note) {
  const std::string_view first = first_line_of(note);
  return first == kEraseHeader || first == kRulesHeader;
}

std::string write_erase_text(const EraseNotice& notice) {
  SUYUAN_CHECK(is_party_id(notice.party) && notice.event < limits::kBatchEventsMax);
  std::string text(kEraseHeader);
  text.append("\n");
  put_notice_line(text, "ledger", notice.ledger.line());
  put_notice_line(text, "party", notice.party);
  put_notice_line(text, "leaf", std::to_string(notice.leaf));
  put_notice_line(text, "event", std::to_string(notice.event));
  put_notice_line(text, "part", notice.section ? to_base64(notice.section->view())
                                               : std::string(kPayloadPart));
  put_notice_line(text, "ground", word(notice.ground));
  put_notice_line(text, "nonce", to_base64(notice.nonce.view()));
  return text;
}

Result<SignedNotice> parse_notice(std::string_view note) {
  SUYUAN_TRY(signed_note, parse_note(note));
  if (first_line_of(signed_note.text) == kRulesHeader) {
    SUYUAN_TRY(rules, parse_rules_notice(note));
    return SignedNotice{.text = std::move(rules.rules), .note = std::move(rules.note)};
  }
  if (first_line_of(signed_note.text) != kEraseHeader) {
    return fail(Code::NOTE_SYNTAX,
                "found " + quote(first_line_of(signed_note.text)) +
                    ", expected \"suyuan/erase/v1\" or \"suyuan/rules/v1\"; a later version may " +
                    "know more notices",
                "line 1");
  }
  SUYUAN_TRY(erase, parse_erase_text(signed_note.text));
  SUYUAN_TRY_DONE(check_one_line(signed_note, erase.party));
  return SignedNotice{.text = std::move(erase), .note = std::move(signed_note)};
}

const LedgerId& ledger_of(const NoticeText& text) {
  return std::visit([](const auto& one) -> const LedgerId& { return one.ledger; }, text);
}

const EraseNotice* erasure_of(const SignedNotice& notice) {
  return std::get_if<EraseNotice>(&notice.text);
}

Hash notice_id(const SignedNotice& notice) { return sha256(notice.note.text); }

Result<VerifiedNotice> verify_notice(std::string_view note, const LedgerId& ledger,
                                     const Reader& registry, BatchFrom from) {
  VerifiedNotice verified;
  SUYUAN_TRY(parsed, parse_notice(note));
  if (ledger_of(parsed.text) != ledger) {
    return fail(Code::LEDGER_MISMATCH,
                "the notice is for " + quote(ledger_of(parsed.text).line()) +
                    ", this ledger is " + quote(ledger.line()) + "; sign it for this one",
                "ledger");
  }
  SUYUAN_TRY(keys, keys_of_lines(parsed.note, registry));
  for (size_t i = 0; i < keys.size() && from == BatchFrom::sender; ++i) {
    const NoteSignature& line = parsed.note.signatures[i];
    if (verify_note_signature(parsed.note.text, line, keys[i].key)) continue;
    return fail(Code::SIGNATURE_INVALID,
                "the signature of " + line.name + " is not of its key over this text; " +
                    "sign the note's text as it is sent",
                "signature line " + std::to_string(i + 1));
  }
  verified.id_ = notice_id(parsed);
  verified.note_text_ = write_note(parsed.note);
  verified.notice_ = std::move(parsed);
  verified.keys_ = std::move(keys);
  return verified;
}

Result<Done> check_may_erase(std::string_view party, bool is_authority, std::string_view owner,
                             bool inspection) {
  if (is_authority) return Done{};
  if (inspection) {
    return fail(Code::NOT_AUTHORITY,
                "the event is an inspection: only an authority may erase its content", "party");
  }
  if (party == owner) return Done{};
  return fail(Code::NOT_AUTHORITY,
              "the event is stated by " + quote(owner) +
                  ": only that party or an authority may erase its content",
              "party");
}

}  // namespace suyuan
