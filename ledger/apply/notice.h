// Notices at their own place: whether they may do what they say, and what they change
// (formats.md 8).
#pragma once

#include "ledger/apply/apply.h"
#include "ledger/batch/notice.h"
#include "ledger/batch/payload_decoder.h"
#include "ledger/store/notice_rows.h"

namespace suyuan {

// One notice, a group of its own, with its verdict: Accepted, Repeated (the same note again) or
// Refused. An erasure takes away the section's row and writes under erased_key() which notice did;
// it adds a link to each chain of the event. Nothing that was derived from the event changes: no
// section ever had a part in it. Refusals: PARTY_UNKNOWN, KEY_UNKNOWN, KEY_NOT_IN_FORCE, NOT_FOUND
// (no such event, or section of it, or it is erased already), NOT_AUTHORITY (whoever it is may not
// erase this); of rules those of judge_rules(). Errors: IO, CORRUPT; STORE_TOO_NEW: rules begin
// that this program does not know.
Result<Applied> apply_notice(const Reader& state, uint64_t position, int64_t time_ms,
                             const VerifiedNotice& notice, const PayloadDecoder& read);

// Whether it would be taken if it came next: the same refusals. IO, CORRUPT.
Result<Done> judge_notice(const Reader& state, const VerifiedNotice& notice,
                          const PayloadDecoder& read);

// The leaf of the notice that erased this part of an event; nullopt: none did.
Result<std::optional<uint64_t>> erased_by(const Reader& state, Place place, const Hash& digest);
// Of all parts of the event that were erased: digest, and leaf of the notice.
struct ErasedPart {
  Hash digest;
  uint64_t notice = 0;
};
Result<std::vector<ErasedPart>> erased_parts(const Reader& state, Place place);

// Of an event that a notice is about, what the payload says. NOT_FOUND: it names no such section.
struct ErasedFrom {
  bool inspection = false;
  std::vector<uint32_t> sections;  // among the payload's: those of the digest, one but for odd ones
};
Result<ErasedFrom> find_section(const EventValue& value, const Hash& digest);

}  // namespace suyuan
