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
  X(TOO_LARGE, 413, "every message has a largest size")                                          \
  X(TOO_MANY, 400, "every list has a largest length")                                            \
  X(MISSING_FIELD, 400, "this kind of event needs the field")                                    \
  X(INVALID_FIELD, 400, "the field's value must be one that the field allows")                   \
  X(UNSUPPORTED_TYPE, 415, "the payload type must be one that this node takes")                  \
  /* product codes, formats 1 */                                                                 \
  X(CODE_SYNTAX, 400, "a product code must have one of the documented forms")                    \
  X(CODE_CHECK_DIGIT, 400, "the check digit must fit the other digits")                          \
  X(CODE_RESTRICTED, 400, "numbers for use inside one company are not world-wide codes")         \
  X(CODE_RESERVED, 400, "urn:suyuan: names are given by the registry alone")                     \
  X(CODE_NOT_CANONICAL, 400, "a signed payload names codes in canonical form")                   \
  /* batch note, formats 3 */                                                                    \
  X(NOTE_SYNTAX, 400, "a batch note has exactly the documented lines")                           \
  X(LEDGER_MISMATCH, 409, "a batch names the ledger that it is for")                             \
  X(COUNT_MISMATCH, 400, "the note's event count equals the bodies sent")                        \
  X(ROOT_MISMATCH, 400, "the note's root is the tree hash over the records")                     \
  X(SECTION_MISMATCH, 400, "a section's bytes and salt hash to the digest in the payload")       \
  X(SIGNATURE_LINES, 400, "one signature line for each signing party, in the note's order")      \
  X(SIGNATURE_INVALID, 403, "every signature verifies under the named key")                      \
  X(BATCH_EXPIRED, 409, "a batch is taken until the time in its note")                           \
  /* registry, formats 9 */                                                                      \
  X(PARTY_UNKNOWN, 403, "the signing party is registered")                                       \
  X(KEY_UNKNOWN, 403, "the key is one of the party's registered keys")                           \
  X(KEY_NOT_IN_FORCE, 403, "the key is valid at the batch's own place in the log")               \
  X(DELEGATION_MISSING, 403, "a gateway signs only for parties that delegated to it")            \
  X(NOT_AUTHORITY, 403, "registry acts are signed by an authority")                              \
  X(PARTY_EXISTS, 409, "a party id is given once and never reused")                              \
  X(PARTY_ID_SYNTAX, 400, "a party id is lower-case letters, digits, dots and hyphens")          \
  X(KEY_EXISTS, 409, "a public key is registered once, for one party")                           \
  X(KEY_WEAK, 400, "a key is a canonical point of prime order")                                  \
  X(POSSESSION_INVALID, 403, "a key is registered with a signature by itself")                   \
  X(PRODUCT_EXISTS, 409, "a product is registered once, later acts amend it")                    \
  X(SITE_EXISTS, 409, "a site is registered once")                                               \
  /* apply, docs/findings.md */                                                                  \
  X(UNAUTHORISED_ROLE, 403, "the party's role may post this kind and step")                      \
  X(UNAUTHORISED_PRODUCT, 403, "only the product's owner or a licensee brings units into being") \
  X(DUPLICATE_ID, 409, "a serial, lot or document is brought into being once")                   \
  X(DUPLICATE_PARENT, 409, "a thing is inside one container at a time")                          \
  X(CONTAINMENT_CYCLE, 409, "nothing is inside itself")                                          \
  X(ALREADY_CONSUMED, 409, "what was used up cannot be used again")                              \
  X(MASS_BALANCE, 409, "no more comes out of a lot or a process than went in")                   \
  X(EVENT_ID_REUSED, 409, "within one party an eventID names one event")                         \
  X(CORRECTION_INVALID, 409, "a correction names an earlier event of the same party")            \
  X(EVENT_TIME_AHEAD, 400, "an event has happened when it is posted")                            \
  /* questions */                                                                                \
  X(NOT_FOUND, 404, "the ledger holds nothing under this name")                                  \
  X(PAGE_TOKEN_INVALID, 400, "a page token is used as it was given, with the same question")     \
  X(SIZE_NOT_REACHED, 409, "the ledger has not grown to the asked size in time")                 \
  X(TOO_COMPLEX, 422, "an answer has a largest number of steps")                                 \
  X(ATTACHMENT_MISMATCH, 400, "an attachment's bytes hash to its name")                          \
  X(QUOTA_EXCEEDED, 507, "attachments take a bounded part of the disk")                          \
  X(RATE_LIMITED, 429, "scans, batches and privileged reads are taken at a bounded rate")        \
  X(CHALLENGE_INVALID, 409, "a challenge is signed once, in time, for the node that gave it")    \
  X(SESSION_INVALID, 401, "a session is opened by a signed challenge, and ends soon")            \
  X(NOT_ENTITLED, 403, "some answers are for parties of certain roles alone")

// Faults: the node is unable, though the request may be valid. The same request may succeed later.
#define SUYUAN_FAULTS(X)                                                                 \
  X(BUSY, 503, "every queue is bounded: try again after the time given")                 \
  X(READ_ONLY, 503, "nothing is taken while the disk is nearly full, or after a failure") \
  X(STOPPING, 503, "the node is shutting down")                                          \
  X(IO, 500, "the operating system or the disk reported an error")                       \
  X(CORRUPT, 500, "stored bytes are not what was written")                               \
  X(STORE_TOO_NEW, 500, "an older program does not open a newer store")                  \
  X(ROLLED_BACK, 500, "a node goes on only from what it has signed")                     \
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
