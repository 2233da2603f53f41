// A batch on its way: Submission -> DecodedBatch -> VerifiedBatch. Only verify() makes the last, so
// a skipped check does not compile.
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
// What arrives: nothing in it is checked but its sizes.
struct Submission {
  std::string note;
  std::vector<EventBody> events;
  // Payloads, salts and sections: what is known before decoding. With the records it is held
  // against limits::kBatchBytesMax, so a submission that has more need not be decoded. The note has
  // a limit of its own.
  size_t bytes() const;
  friend bool operator==(const Submission&, const Submission&) = default;
};

using EventValue = std::variant<TraceEvent, RegistryEvent>;
// What decode (proto) makes: the payloads' values beside their bytes.
struct DecodedBatch {
  Submission submission;
  SignedBatchNote note;  // parse_batch_note(submission.note)
  std::vector<EventValue> values;
  std::vector<Hash> statements = {};  // of each value; or none at all
};

// What the log knows of one verified event.
struct VerifiedEvent {
  EventValue value;
  EventBody body;
  std::vector<std::string> codes;  // canonical, in the order of code_keys
  Record record;
  Bytes record_bytes;
  // What the event states without its error declaration, as a hash: an error declaration is of the
  // event that states the same. All zero: it has no eventID, so nothing can withdraw it.
  Hash statement = {};
};

// The key that each signature verified under: apply asks again whether it is in force at the
// batch's own place.
struct UsedKey {
  std::string party;
  PublicKey key;
  uint32_t key_id = 0;
};

// Where a batch comes from: of one that stands in a log, what the log does not carry (sections) and
// what whoever reads it checks by himself (signatures) is left out.
enum class BatchFrom : uint8_t { sender, log };

class VerifiedBatch {
 public:
  const BatchNote& note() const { return note_; }
  // The whole signed note, as the leaf holds it.
  const std::string& note_text() const { return note_text_; }
  const Hash& id() const { return id_; }
  const std::vector<VerifiedEvent>& events() const { return events_; }
  // Of the signing party, then of each `with`.
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

// In this order, so that a sender who holds no key costs one signature check whatever it sends:
// 1. sizes and the event count: TOO_LARGE, TOO_MANY, COUNT_MISMATCH;
// 2. the ledger: LEDGER_MISMATCH;
// 3. parties and keys that `registry` knows, in force or not: PARTY_UNKNOWN, KEY_UNKNOWN;
// 4. signatures: SIGNATURE_INVALID. What follows is the work of somebody who can be named;
// 5. each event's own rules (faults_of) and sections (SECTION_MISMATCH), with a reason for each
//    faulty event, up to limits::kErrorsPerBatchMax;
// 6. records and root: ROOT_MISMATCH.
// It says nothing about the state at the batch's place: whether keys and delegations are in force,
// roles, duplicates, balances are apply's to judge. Faults: IO, CORRUPT.
Results<VerifiedBatch> verify(DecodedBatch batch, const LedgerId& ledger, const Reader& registry,
                              BatchFrom from = BatchFrom::sender);

}  // namespace suyuan
