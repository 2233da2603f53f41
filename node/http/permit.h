// Permits: a party's signed permission for one request about one attachment, formats.md 10.
//
//   Authorization: Suyuan-Note <base64 of a signed note>
//
//   suyuan/attachment/v1
//   ledger <origin> <base64 of genesis hash>
//   party <party id>
//   act <put | get>
//   sha256 <hex>
//   until <ms since 1970: refused later, and when more than an hour ahead>
#pragma once

#include "ledger/crypto/note.h"
#include "ledger/registry/state.h"

namespace suyuan::http {

struct Permit {
  LedgerId ledger;
  std::string party;
  std::string act;
  Hash sha256;
  uint64_t until_ms = 0;
  SignedNote note;
};

// What a request does, and when.
struct PermitUse {
  LedgerId ledger;
  int64_t now_ms = 0;
  std::string_view act;  // "put", "get"
  Hash sha256;
};

// Parses the value of the header.
// Errors: SIGNATURE_LINES, NOTE_SYNTAX.
Result<Permit> parse_permit(std::string_view authorization);
// Verifies that the permit is for this use.
// Errors: LEDGER_MISMATCH, SIGNATURE_INVALID, BATCH_EXPIRED.
Result<Done> check_use(const Permit& permit, const PermitUse& use);
// Verifies that the party signed it, with a key in force at `leaf`.
// Errors: SIGNATURE_LINES, KEY_UNKNOWN, KEY_NOT_IN_FORCE, SIGNATURE_INVALID.
Result<Done> check_signature(const Permit& permit, const PartyState& party, uint64_t leaf);

}  // namespace suyuan::http
