// What a program asks a node and what the node answers, as values (questions.capnp, answers.capnp).
// The node fills them, RPC and HTTP carry them, the client reads them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "ledger/batch/session_note.h"
#include "ledger/event/finding.h"
#include "ledger/proof/leaf_events.h"
#include "ledger/provenance/provenance.h"
#include "ledger/provenance/verdict.h"
#include "ledger/registry/state.h"
#include "ledger/store/notice_rows.h"

namespace suyuan {

// The tree size that the answer must include; 0: any.
struct AtLeast {
  uint64_t size = 0;
  uint32_t wait_ms = 0;
  friend bool operator==(const AtLeast&, const AtLeast&) = default;
};

// What was opened to one viewer but is not public: for the access log.
struct Opened {
  static constexpr size_t kPlacesMax = 1000;
  std::set<Place> places = {};
  bool more = false;  // more than are listed
  void add(Place place) {
    if (places.size() < kPlacesMax || places.contains(place)) places.insert(place);
    else more = true;
  }
  friend bool operator==(const Opened&, const Opened&) = default;
};

// Who asks. Non-public events are open only to their own parties: those that state, sign or co-sign
// them, and those named as source or destination. Sealed sections are open to their audience, which
// may be defined by roles.
struct Viewer {
  std::string party = {};               // a party id; empty: anyone
  std::vector<std::string> names = {};  // canonical codes by which events name that party
  std::vector<Role> roles = {};
  Opened* opened = nullptr;  // records all that is opened; outlives the answer; null: not recorded
  friend bool operator==(const Viewer&, const Viewer&) = default;
};

struct CodeQuestion {
  std::string code;  // in any accepted form
  AsOf as_of = {};
  AtLeast at_least = {};
  uint32_t limit = 0;  // 0: limits::kPageDefault
  std::string page = {};
  Viewer viewer = {};  // set by the caller that authenticated the requester, never by the question
};

struct RegistryQuestion {
  std::string id;  // empty: all
  AtLeast at_least = {};
  uint32_t limit = 0;
  std::string page = {};
  friend bool operator==(const RegistryQuestion&, const RegistryQuestion&) = default;
};

// A holder of the thing scanned its label (docs/scans.md).
struct ScanRequest {
  std::string code;         // in any accepted form
  std::string device = {};  // random, the client's own; empty: unknown
  std::string place = {};   // "CN-FJ/福州"; empty: not stated
  // Degrees instead of a place, times two: a finer resolution than half degrees is not used.
  struct HalfDegrees {
    int latitude = 0;
    int longitude = 0;
    friend bool operator==(const HalfDegrees&, const HalfDegrees&) = default;
  };
  std::optional<HalfDegrees> near = {};
  std::string inner = {};   // the owner's code; empty: none
  friend bool operator==(const ScanRequest&, const ScanRequest&) = default;
};

// The ledger state that an answer refers to.
struct AnswerHead {
  uint64_t size = 0;     // tree size
  int64_t time_ms = 0;   // log time of its last leaf
  uint32_t retry_after_ms = 0;  // with BUSY, RATE_LIMITED
  std::string code = {};  // canonical form of the code asked about
  friend bool operator==(const AnswerHead&, const AnswerHead&) = default;
};

template <class T>
struct Answer {
  AnswerHead head;
  Result<T> value;
};

template <class T>
struct Page {
  std::vector<T> items;
  std::string next = {};  // empty: this was the last
};

struct CodeHead {
  std::string code;
  ChainHead head;
  friend bool operator==(const CodeHead&, const CodeHead&) = default;
};

// What is known about a batch at the time of the answer. It changes, so it is kept next to the
// receipt, whose bytes do not change.
struct Held {
  // Nodes that have the batch on disk, synced: the signer of the receipt, and those that signed
  // `checkpoint`, which each did only after its rows were synced.
  std::vector<std::string> nodes = {};
  uint32_t of = 0;              // nodes of the ledger
  std::string checkpoint = {};  // the newest if it covers the leaf; else empty
  std::vector<Hash> path = {};  // from the leaf to its root
  friend bool operator==(const Held&, const Held&) = default;
};

// formats.md 3: the node's signed statement that it holds a batch, with the path from leaf to root.
struct BatchReceipt {
  std::string note;
  uint64_t leaf = 0;
  std::vector<Hash> path;
  int64_t time_ms = 0;           // log time of the leaf
  std::vector<CodeHead> heads;   // of each code of the batch, after it
  std::vector<Finding> findings = {};
  bool repeated = false;
  Held held = {};
  // Compares the receipts only, whatever is held by now.
  friend bool operator==(const BatchReceipt& a, const BatchReceipt& b) {
    return std::tie(a.note, a.leaf, a.path, a.time_ms, a.heads, a.findings, a.repeated) ==
           std::tie(b.note, b.leaf, b.path, b.time_ms, b.heads, b.findings, b.repeated);
  }
};

// The newest published checkpoint, and the proof that it extends the tree of the requested size.
struct CheckpointProof {
  std::string note;
  std::vector<Hash> path;  // empty: from size 0, from its own size, or from a larger one
  friend bool operator==(const CheckpointProof&, const CheckpointProof&) = default;
};

// A provenance bundle in the file form that users keep (docs/bundle.md).
struct BundleText {
  std::string text;
  friend bool operator==(const BundleText&, const BundleText&) = default;
};

struct SubmitAnswer {
  AnswerHead head;
  Results<BatchReceipt> outcome;
};

// A sealed section that is open to the requester. The payload has its digest and audience.
struct OpenSection {
  uint32_t index = 0;  // among the payload's sections
  Salt salt = {};
  Bytes bytes = {};
  friend bool operator==(const OpenSection&, const OpenSection&) = default;
};

// An erased sealed section, and the leaf of the notice that proves the erasure.
struct ErasedSection {
  Hash digest;
  uint64_t notice = 0;
  friend bool operator==(const ErasedSection&, const ErasedSection&) = default;
};

// For a notice's link in a chain (kNoticeEvent): only place, time, and the notice as `note`.
struct EventView {
  Place place;
  int64_t time_ms = 0;  // log time
  std::string note;     // the signed batch note of its batch
  Bytes record;
  std::vector<Hash> path = {};  // from the record to the note's root, if requested
  PayloadState state = PayloadState::withheld;
  EventAudience audience = EventAudience::everyone;
  Salt salt = {};       // with the payload, if state is open
  Bytes payload = {};
  std::vector<Finding> findings = {};
  std::optional<uint64_t> withdrawn_by = {};  // leaf of the error declaration
  std::vector<ErasedSection> erased = {};  // if state is open
  std::vector<OpenSection> sections = {};  // only if the event itself was requested, never in lists
  friend bool operator==(const EventView&, const EventView&) = default;
};

struct TracePage {
  Trace trace;  // one page of steps; the lists of codes only on the first page
  std::vector<EventView> events = {};  // of the same steps, if requested
  std::string next = {};
};

struct ChainPage {
  CodeHead head;
  std::vector<ChainEntry> entries;
  std::vector<EventView> events = {};  // of the same entries, if requested
  std::string next = {};
};

struct Status {
  Bytes genesis_leaf;  // data of leaf 0
  std::string node;    // the name under which it signs receipts
  std::string version;
  uint32_t rules = 1;
  uint64_t events = 0;
  uint64_t chains = 0;
  uint64_t position = 0;
  uint32_t queued = 0;
  std::string read_only = {};  // why it accepts no batches; empty: it does
  uint64_t published_size = 0;    // leaves of the newest published checkpoint; 0: none yet
  int64_t published_time_ms = 0;  // log time of its seal
  friend bool operator==(const Status&, const Status&) = default;
};

// What a party signs to open a session, with its id and key (ledger/batch/session_note.h).
struct Challenge {
  LedgerId ledger;
  std::string node;
  SessionNonce nonce;
  int64_t until_ms = 0;
  friend bool operator==(const Challenge&, const Challenge&) = default;
};

struct OpenedSession {
  std::string token;  // authenticates the party until then; shown only once
  std::string party;
  int64_t until_ms = 0;
  friend bool operator==(const OpenedSession&, const OpenedSession&) = default;
};

// One question asked under a session: an entry of the access log.
struct AccessEntry {
  uint64_t number = 0;
  int64_t time_ms = 0;
  std::string party;
  std::string key_id;        // of the key that opened the session, 8 hex digits
  std::string question;      // "trace", "event", ...
  std::string code = {};     // canonical; empty: not about a code
  std::vector<Place> places = {};  // events of which something non-public was opened
  bool more = false;               // more than are listed
  friend bool operator==(const AccessEntry&, const AccessEntry&) = default;
};

struct AccessPage {
  std::vector<AccessEntry> entries;  // ascending
  uint64_t oldest = 0;  // number of the oldest kept entry; 0: none
  friend bool operator==(const AccessPage&, const AccessPage&) = default;
};

}  // namespace suyuan
