// Findings: what the ledger accepts but flags (docs/findings.md). No flag removes an event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"

namespace suyuan {

#define SUYUAN_FLAGS(X)                                                                    \
  X(MISSING_STEP, "a required earlier step is not recorded")                               \
  X(OUT_OF_ORDER, "the steps are recorded in an impossible order")                         \
  X(CUSTODY_BREAK, "the party did not hold the thing: the event changes no state")         \
  X(DUPLICATE_ID, "the same identifier was seen in two places")                            \
  X(DUPLICATE_PARENT, "a late statement puts the thing into two containers")               \
  X(MASS_BALANCE, "masses are not accounted for")                                          \
  X(ALREADY_CONSUMED, "the thing was used up before this event")                           \
  X(CAPACITY_EXCEEDED, "more than the site or container can hold")                         \
  X(CERT_EXPIRED, "a certificate or accreditation had expired")                            \
  X(CERT_SUSPENDED, "a certificate or accreditation was suspended")                        \
  X(UNAUTHORISED_ROLE, "the role was not registered for this act at the time")             \
  X(SIGNER_REVOKED, "the signing key is suspect for this time")                            \
  X(BACKDATED, "the event was recorded long after it happened")                            \
  X(DOC_HASH_MISMATCH, "a document does not have the stated digest")                       \
  X(THREE_DOC_MISMATCH, "order, payment and waybill do not agree")                         \
  X(GEO_IMPOSSIBLE, "the thing cannot have got there in that time")                        \
  X(SCAN_COUNT, "a code was scanned too often")                                            \
  X(EQUIVOCATION, "a party signed two statements that exclude each other")                 \
  X(COLD_CHAIN_EXCURSION, "a sensor reading left its limits")

enum class Flag : uint8_t {
#define SUYUAN_X(name, meaning) name,
  SUYUAN_FLAGS(SUYUAN_X)
#undef SUYUAN_X
};

std::string_view word(Flag);
std::string_view meaning(Flag);
std::optional<Flag> flag_from(std::string_view);

// The place of an event in the log: leaf index, and index within its batch. Sorts in log order.
struct Place {
  uint64_t leaf = 0;
  uint32_t event = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

struct Finding {
  Flag flag;
  Place event;                     // the flagged event
  // With the values, as "held by cn-bond, no hand-over to cn-exp is recorded". Stored, and an audit
  // with replay compares the stored bytes: a text may change only with a new version of the rules.
  // Plainer words belong where an answer is shown.
  std::string reason;
  std::vector<std::string> codes;  // the codes concerned
  std::vector<Place> related;      // other events concerned
  friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace suyuan
