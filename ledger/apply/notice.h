// Judges notices at their position in the log, and applies what they change (formats.md 8).
#pragma once

#include "ledger/apply/apply.h"
#include "ledger/batch/notice.h"
#include "ledger/batch/payload_decoder.h"
#include "ledger/store/notice_rows.h"

namespace suyuan {

// Applies one notice as a group of its own. Its verdict is Accepted, Repeated (the same note again)
// or Refused. An erasure removes the section's row, records the notice under erased_key(), and
// adds a link to each chain of the event. Nothing derived from the event changes, because no
// section is ever part of that.
// Refusals: PARTY_UNKNOWN, KEY_UNKNOWN, KEY_NOT_IN_FORCE, NOT_FOUND (no such event or section, or
// already erased), NOT_AUTHORITY (the party may not erase this); for rules those of judge_rules().
// Errors: IO, CORRUPT, STORE_TOO_NEW (the notice starts rules that this program does not know).
Result<Applied> apply_notice(const Reader& state, uint64_t position, int64_t time_ms,
                             const VerifiedNotice& notice, const PayloadDecoder& read);

// Checks whether the notice would be accepted as the next one. Errors: the same refusals; IO,
// CORRUPT.
Result<Done> judge_notice(const Reader& state, const VerifiedNotice& notice,
                          const PayloadDecoder& read);

// Returns the leaf of the notice that erased this part of an event, nullopt if none did.
Result<std::optional<uint64_t>> erased_by(const Reader& state, Place place, const Hash& digest);
// One erased part of an event: its digest, and the leaf of the notice.
struct ErasedPart {
  Hash digest;
  uint64_t notice = 0;
};
Result<std::vector<ErasedPart>> erased_parts(const Reader& state, Place place);

// What the payload says about the part that a notice names.
struct ErasedFrom {
  bool inspection = false;
  std::vector<uint32_t> sections;  // indexes in the payload with that digest, normally one
};
// Errors: NOT_FOUND (the payload names no such section).
Result<ErasedFrom> find_section(const EventValue& value, const Hash& digest);

}  // namespace suyuan
