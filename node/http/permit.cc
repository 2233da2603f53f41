#include "node/http/permit.h"

#include "ledger/base/text.h"
#include "ledger/crypto/text_lines.h"
#include "node/http/http.h"

namespace suyuan::http {
namespace {

constexpr int64_t kAheadMsMax = 60 * 60 * 1000;

}  // namespace

Result<Permit> parse_permit(std::string_view authorization) {
  const auto given = credentials_of(authorization, "suyuan-note");
  const auto text = given ? from_base64(*given) : std::nullopt;
  if (!text) {
    return fail(
        Code::SIGNATURE_LINES,
        "send Authorization: Suyuan-Note <base64 of a signed note>; docs/attachments.md shows it",
        "Authorization");
  }
  Permit permit;
  SUYUAN_TRY(note, parse_note(*text));
  SUYUAN_TRY(lines, TextLines::open(note.text, "suyuan/attachment/v1"));
  SUYUAN_TRY(ledger, lines.take_fields("ledger", 2));
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(ledger[1]));
  permit.ledger = {.origin = std::string(ledger[0]), .genesis = genesis};
  SUYUAN_TRY(party, lines.take("party"));
  SUYUAN_TRY(act, lines.take("act"));
  SUYUAN_TRY(digest, lines.take("sha256"));
  const auto sha256 = fixed_from_hex<Hash>(digest);
  if (!sha256) return lines.refuse("expected 64 lower-case hex digits");
  SUYUAN_TRY(until, lines.take_time("until"));
  SUYUAN_TRY_DONE(lines.finish());
  permit.party = std::string(party);
  permit.act = std::string(act);
  permit.sha256 = *sha256;
  permit.until_ms = static_cast<uint64_t>(until);
  permit.note = std::move(note);
  return permit;
}

Result<Done> check_use(const Permit& permit, const PermitUse& use) {
  if (permit.ledger != use.ledger)
    return fail(Code::LEDGER_MISMATCH, "the permit is for another ledger", "ledger");
  if (permit.act != use.act || permit.sha256 != use.sha256) {
    return fail(Code::SIGNATURE_INVALID, "the permit is for another act or attachment",
                "Authorization");
  }
  const auto now = static_cast<uint64_t>(use.now_ms);
  if (permit.until_ms < now || permit.until_ms > now + kAheadMsMax)
    return fail(Code::BATCH_EXPIRED, "the permit's `until` must lie within the next hour", "until");
  return Done{};
}

Result<Done> check_signature(const Permit& permit, const PartyState& party, uint64_t leaf) {
  const auto& signatures = permit.note.signatures;
  if (signatures.size() != 1 || signatures[0].name != permit.party)
    return fail(Code::SIGNATURE_LINES, "one signature line, by the party", "Authorization");
  SUYUAN_TRY(key, key_in_force(party, signatures[0].key_id, leaf));
  if (!verify_note_signature(permit.note.text, signatures[0], key.key)) {
    return fail(Code::SIGNATURE_INVALID, "the signature does not verify under the party's key",
                "Authorization");
  }
  return Done{};
}

}  // namespace suyuan::http
