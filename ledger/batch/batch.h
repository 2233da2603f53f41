// The stages of a batch: Submission -> DecodedBatch -> VerifiedBatch. Only verify() can make a
// VerifiedBatch, so code that skips a check does not compile.
#pragma once

#include <variant>

#include "ledger/batch/note.h"
#include "ledger/event/event.h"
#include "ledger/event/record.h"
#include "ledger/registry/registry_event.h"
#include "ledger/registry/state.h"

namespace suyuan {

struct SectionBody {
  Salt salt;
  Bytes bytes;
  friend bool operator==(const SectionBody&, const SectionBody&) = default;
};
struct EventBody {
  Salt salt;
  Bytes payload;
  std::vector<SectionBody> sections = {};  // in the order of the payload's SectionRefs
  friend bool operator==(const EventBody&, const EventBody&) = default;
};
// A batch as received. Only its sizes have been checked.
struct Submission {
  std::string note;
  std::vector<EventBody> events;
  // Bytes of payloads, salts and sections. verify() bounds these plus the records by
  // limits::kBatchBytesMax, so a submission above that bound need not be decoded. The note has a
  // limit of its own.
  size_t bytes() const;
  friend bool operator==(const Submission&, const Submission&) = default;
};

using EventValue = std::variant<TraceEvent, RegistryEvent>;
// The decoder (proto/) makes this: the decoded values next to their bytes.
struct DecodedBatch {
  Submission submission;
  SignedBatchNote note;  // parse_batch_note(submission.note)
  std::vector<EventValue> values;
  std::vector<Hash> statements = {};  // one for each value, or empty
};

// What the log stores about one verified event.
struct VerifiedEvent {
  EventValue value;
  EventBody body;
  std::vector<std::string> codes;  // canonical, in the order of code_keys
  Record record;
  Bytes record_bytes;
  // Hash of what the event states, without its error declaration. A declaration withdraws the event
  // with the same hash. All zero: the event has no eventID, so it cannot be withdrawn.
  Hash statement = {};
};

// The key that a signature verified under. Apply checks again that it is in force, at the batch's
// position in the log.
struct UsedKey {
  std::string party;
  PublicKey key;
  uint32_t key_id = 0;
};

// Where a batch comes from. For a batch read from a log, verify() skips sections, which the log
// does not carry, and signatures, which the reader checks itself.
enum class BatchFrom : uint8_t { sender, log };

class VerifiedBatch {
 public:
  const BatchNote& note() const { return note_; }
  // The whole signed note, as stored in the leaf.
  const std::string& note_text() const { return note_text_; }
  const Hash& id() const { return id_; }
  const std::vector<VerifiedEvent>& events() const { return events_; }
  // The signing party's key, then one for each `with`.
  const std::vector<UsedKey>& keys() const { return keys_; }

 private:
  friend Expected<VerifiedBatch, Errors> verify(DecodedBatch, const LedgerId&, const Reader&,
                                                BatchFrom);
  VerifiedBatch() = default;
  BatchNote note_;
  std::string note_text_;
  Hash id_;
  std::vector<VerifiedEvent> events_;
  std::vector<UsedKey> keys_;
};

// Verifies a decoded batch on its own, without the state at its position in the log.
// Checks in this order, so a sender without a valid key costs at most one signature check:
//   1. sizes and event count                         TOO_LARGE, TOO_MANY, COUNT_MISMATCH
//   2. the ledger                                    LEDGER_MISMATCH
//   3. parties and keys are in `registry` (in force  PARTY_UNKNOWN, KEY_UNKNOWN
//      or not)
//   4. signatures                                    SIGNATURE_INVALID
//   5. each event's own rules (faults_of) and        a reason for each invalid event;
//      sections                                      SECTION_MISMATCH
//   6. records and root                              ROOT_MISMATCH
// After step 4 the sender is known and accountable for the remaining work.
// Returns the verified batch, or up to limits::kErrorsPerBatchMax refusals.
// Errors: IO, CORRUPT (faults of the store).
// Does not check keys and delegations in force, roles, duplicates or balances: apply does.
Results<VerifiedBatch> verify(DecodedBatch batch, const LedgerId& ledger, const Reader& registry,
                              BatchFrom from = BatchFrom::sender);

}  // namespace suyuan
