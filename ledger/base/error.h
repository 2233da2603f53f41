// Error: why something was not done. The code names the rule, the field says where, the message
// says how to fix it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/expected.h"

namespace suyuan {

// Refusals: the answers to a submission or question that breaks a rule. The sender must change
// something; nothing was stored. SUYUAN_REFUSALS(X): X(name, HTTP status, rule in
// plain words).
#define SUYUAN_REFUSALS(X)                                                                       \
  /* decode */                                                                                   \
  X(BAD_REQUEST, 400, "the request must have the documented form")                               \
  X(MALFORMED_SUBMISSION, 400, "a submission is a note and one body for each event")             \
  X(MALFORMED_EVENT, 400, "an event payload must decode by its schema")                          \
  X(NOT_CANONICAL, 400, "a payload must be the canonical encoding of its message")               \
  X(BAD_TEXT, 400, "text must be valid UTF-8 without NUL")                                       \
  X(TOO_LARGE, 413, "a message must not exceed the size limit")                                  \
  X(TOO_MANY, 400, "a list must not exceed the length limit")                                    \
  X(MISSING_FIELD, 400, "the field is required")                                                 \
  X(INVALID_FIELD, 400, "the field must have an allowed value")                                  \
  X(UNSUPPORTED_TYPE, 415, "the payload type must be one that this node accepts")                \
  /* product codes, formats 1 */                                                                 \
  X(CODE_SYNTAX, 400, "a product code must have one of the documented forms")                    \
  X(CODE_CHECK_DIGIT, 400, "the check digit must match the other digits")                        \
  X(CODE_RESTRICTED, 400, "numbers for use inside one company are not global codes")             \
  X(CODE_RESERVED, 400, "only the registry assigns urn:suyuan: names")                           \
  X(CODE_NOT_CANONICAL, 400, "a signed payload must name codes in canonical form")               \
  /* batch note, formats 3 */                                                                    \
  X(NOTE_SYNTAX, 400, "a batch note must have exactly the documented lines")                     \
  X(LEDGER_MISMATCH, 409, "a batch must name the ledger that it is sent to")                     \
  X(COUNT_MISMATCH, 400, "the note's event count must equal the number of bodies sent")          \
  X(ROOT_MISMATCH, 400, "the note's root must be the tree hash of the records")                  \
  X(SECTION_MISMATCH, 400, "a section's salt and bytes must hash to the digest in the payload")  \
  X(SIGNATURE_LINES, 400, "each signing party needs one signature line, in the note's order")    \
  X(SIGNATURE_INVALID, 403, "every signature must verify under the key that it names")           \
  X(BATCH_EXPIRED, 409, "a batch is accepted only until the time in its note")                   \
  /* registry, formats 9 */                                                                      \
  X(PARTY_UNKNOWN, 403, "the signing party must be registered")                                  \
  X(KEY_UNKNOWN, 403, "the key must be one of the party's registered keys")                      \
  X(KEY_NOT_IN_FORCE, 403, "the key must be in force at the batch's position in the log")        \
  X(DELEGATION_MISSING, 403, "a gateway may sign only for parties that delegated to it")         \
  X(NOT_AUTHORITY, 403, "registry acts must be signed by an authority")                          \
  X(PARTY_EXISTS, 409, "a party id is assigned once and never reused")                           \
  X(PARTY_ID_SYNTAX, 400, "a party id has only lower-case letters, digits, dots and hyphens")    \
  X(KEY_EXISTS, 409, "a public key is registered once, for one party")                           \
  X(KEY_WEAK, 400, "a key must be a canonical point of prime order")                             \
  X(POSSESSION_INVALID, 403, "a key must sign its own registration")                             \
  X(PRODUCT_EXISTS, 409, "a product is registered once; later acts amend it")                    \
  X(SITE_EXISTS, 409, "a site is registered once")                                               \
  /* apply, docs/findings.md */                                                                  \
  X(UNAUTHORISED_ROLE, 403, "the party's roles must allow this kind and step")                   \
  X(UNAUTHORISED_PRODUCT, 403, "only the product's owner or a licensee may commission units")    \
  X(DUPLICATE_ID, 409, "a serial, lot or document is created only once")                         \
  X(DUPLICATE_PARENT, 409, "a thing can be in only one container at a time")                     \
  X(CONTAINMENT_CYCLE, 409, "a thing cannot contain itself")                                     \
  X(ALREADY_CONSUMED, 409, "a thing that was used up cannot be used again")                      \
  X(MASS_BALANCE, 409, "a lot or process cannot yield more than went into it")                   \
  X(EVENT_ID_REUSED, 409, "a party must not use an eventID for two events")                      \
  X(CORRECTION_INVALID, 409, "a correction must name an earlier event of the same party")        \
  X(EVENT_TIME_AHEAD, 400, "an event's time must not lie in the future")                         \
  /* questions */                                                                                \
  X(NOT_FOUND, 404, "there is nothing under this name")                                          \
  X(PAGE_TOKEN_INVALID, 400, "a page token must be used unchanged, with the same question")      \
  X(SIZE_NOT_REACHED, 409, "the ledger did not reach the requested size in time")                \
  X(TOO_COMPLEX, 422, "an answer must not exceed the limit of steps")                            \
  X(ATTACHMENT_MISMATCH, 400, "an attachment's bytes must hash to its name")                     \
  X(QUOTA_EXCEEDED, 507, "attachments must stay within their quota of the disk")                 \
  X(RATE_LIMITED, 429, "scans, batches and questions are rate-limited")                          \
  X(CHALLENGE_INVALID, 409, "a challenge is valid once and briefly, for the node that gave it")  \
  X(SESSION_INVALID, 401, "a session is opened by a signed challenge and soon expires")          \
  X(NOT_ENTITLED, 403, "only parties with certain roles may get some answers")

// Faults: the node is unable, though the request may be valid. The same request may succeed later.
#define SUYUAN_FAULTS(X)                                                                 \
  X(BUSY, 503, "a bounded queue is full: try again after the given time")                \
  X(READ_ONLY, 503, "nothing is accepted while the disk is nearly full, or after a failure") \
  X(STOPPING, 503, "the node is shutting down")                                          \
  X(IO, 500, "the operating system or the disk reported an error")                       \
  X(CORRUPT, 500, "stored bytes differ from what was written")                           \
  X(STORE_TOO_NEW, 500, "a newer program wrote the store")                               \
  X(ROLLED_BACK, 500, "a node continues only from the newest state that it signed")      \
  X(UNAVAILABLE, 503, "the other side does not answer")

enum class Code : uint16_t {
#define SUYUAN_X(name, status, rule) name,
  SUYUAN_REFUSALS(SUYUAN_X) SUYUAN_FAULTS(SUYUAN_X)
#undef SUYUAN_X
};

struct CodeInfo {
  Code code;
  std::string_view name;  // As on every wire: "ROOT_MISMATCH".
  int http_status;
  std::string_view rule;
  bool refusal;           // False: a fault.
};

// Every code, in declaration order.
const std::vector<CodeInfo>& all_codes();
const CodeInfo& info(Code code);
const CodeInfo* find_code(std::string_view name);  // Null if there is none.

struct Error {
  Code code = Code::BAD_REQUEST;
  std::string message;     // what was found, what was expected, how to fix it
  std::string field = {};  // Where: "objects[3].code", "line 4"; empty: the whole.
  int32_t event = -1;      // Index of the event in its batch; -1: not about one event.
  uint32_t wait_ms = 0;    // Of RATE_LIMITED: how long to wait. 0: nobody says.

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = Expected<T, Error>;
// A batch is refused as a whole, with a reason for each invalid event: never empty, at most
// kErrorsPerBatchMax.
using Errors = std::vector<Error>;
template <class T>
using Results = Expected<T, Errors>;

Unexpected<Error> fail(Code code, std::string message, std::string field = {});
// Returns the error with the index of the event that it is about.
Error at_event(Error error, size_t event_index);
// "ROOT_MISMATCH at event 3, field objects[0].code: <message>".
std::string to_text(const Error& error);

}  // namespace suyuan
