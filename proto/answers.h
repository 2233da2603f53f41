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

// The tree size that the answer must include; 0: whatever is there.
struct AtLeast {
  uint64_t size = 0;
  uint32_t wait_ms = 0;
  friend bool operator==(const AtLeast&, const AtLeast&) = default;
};

// What was opened to one viewer and is not open to everyone: for the access log.
struct Opened {
  static constexpr size_t kPlacesMax = 1000;
  std::set<Place> places = {};
  bool more = false;  // than are named
  void add(Place place) {
    if (places.size() < kPlacesMax || places.contains(place)) places.insert(place);
    else more = true;
  }
  friend bool operator==(const Opened&, const Opened&) = default;
};

// Who asks. Events that are not for everyone are open to their own parties alone: who states,
// signs or co-signs them, and who is named as source or destination. Sealed sections are open to
// their audience, which may go by roles.
struct Viewer {
  std::string party = {};               // a party id; empty: anyone
  std::vector<std::string> names = {};  // canonical codes by which events name that party
  std::vector<Role> roles = {};
  Opened* opened = nullptr;  // told of all that is opened; outlives the answer. Null: nobody asks
  friend bool operator==(const Viewer&, const Viewer&) = default;
};

struct CodeQuestion {
  std::string code;  // in any accepted form
  AsOf as_of = {};
  AtLeast at_least = {};
  uint32_t limit = 0;  // 0: limits::kPageDefault
  std::string page = {};
  Viewer viewer = {};  // set by whoever knows who asks, never by the question
};

struct RegistryQuestion {
  std::string id;  // empty: all
  AtLeast at_least = {};
  uint32_t limit = 0;
  std::string page = {};
  friend bool operator==(const RegistryQuestion&, const RegistryQuestion&) = default;
};

// Somebody holds the thing and scanned its label (docs/scans.md).
struct ScanRequest {
  std::string code;         // in any accepted form
  std::string device = {};  // random, the client's own; empty: unknown
  std::string place = {};   // "CN-FJ/福州"; empty: not stated
  // Degrees instead of a place, times two: half degrees are the finest that is looked at.
  struct HalfDegrees {
    int latitude = 0;
    int longitude = 0;
    friend bool operator==(const HalfDegrees&, const HalfDegrees&) = default;
  };
  std::optional<HalfDegrees> near = {};
  std::string inner = {};   // the owner's code; empty: none
  friend bool operator==(const ScanRequest&, const ScanRequest&) = default;
};

// What an answer speaks of.
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

// What is known to hold of a batch when it is answered. It grows, so it stands beside the receipt,
// whose bytes do not change.
struct Held {
  // Nodes that have it on disk, synced: whoever signed the receipt, and those whose signatures
  // stand under `checkpoint`, which each gave only once its rows were.
  std::vector<std::string> nodes = {};
  uint32_t of = 0;              // nodes of the ledger
  std::string checkpoint = {};  // the newest, where it covers the leaf; else empty
  std::vector<Hash> path = {};  // from the leaf to its root
  friend bool operator==(const Held&, const Held&) = default;
};

// formats.md 3: the node's signed word that it holds a batch, with the path from leaf to root.
struct BatchReceipt {
  std::string note;
  uint64_t leaf = 0;
  std::vector<Hash> path;
  int64_t time_ms = 0;           // log time of the leaf
  std::vector<CodeHead> heads;   // of each code of the batch, after it
  std::vector<Finding> findings = {};
  bool repeated = false;
  Held held = {};
  // The same receipt, whatever holds of it by now.
  friend bool operator==(const BatchReceipt& a, const BatchReceipt& b) {
    return std::tie(a.note, a.leaf, a.path, a.time_ms, a.heads, a.findings, a.repeated) ==
           std::tie(b.note, b.leaf, b.path, b.time_ms, b.heads, b.findings, b.repeated);
  }
};

// The newest published checkpoint, and the proof that it extends the tree of a size that was named.
struct CheckpointProof {
  std::string note;
  std::vector<Hash> path;  // empty: from size 0, from its own size, or from a larger one
  friend bool operator==(const CheckpointProof&, const CheckpointProof&) = default;
};

// A provenance bundle as the file that people keep (docs/bundle.md).
struct BundleText {
  std::string text;
  friend bool operator==(const BundleText&, const BundleText&) = default;
};

struct SubmitAnswer {
  AnswerHead head;
  Results<BatchReceipt> outcome;
};

// A sealed section that is open to whoever asked: its digest and audience stand in the payload.
struct OpenSection {
  uint32_t index = 0;  // among the payload's sections
  Salt salt = {};
  Bytes bytes = {};
  friend bool operator==(const OpenSection&, const OpenSection&) = default;
};

// A sealed section that is no more, and the leaf of the notice that proves it.
struct ErasedSection {
  Hash digest;
  uint64_t notice = 0;
  friend bool operator==(const ErasedSection&, const ErasedSection&) = default;
};

// Of a notice's link in a chain (kNoticeEvent): place, time, and the notice as note, alone.
struct EventView {
  Place place;
  int64_t time_ms = 0;  // log time
  std::string note;     // the signed batch note that it came with
  Bytes record;
  std::vector<Hash> path = {};  // from the record to the note's root, where asked for
  PayloadState state = PayloadState::withheld;
  EventAudience audience = EventAudience::everyone;
  Salt salt = {};       // with the payload, where state is open
  Bytes payload = {};
  std::vector<Finding> findings = {};
  std::optional<uint64_t> withdrawn_by = {};  // leaf of the error declaration
  std::vector<ErasedSection> erased = {};  // where state is open
  std::vector<OpenSection> sections = {};  // of an event asked for by itself, never in lists
  friend bool operator==(const EventView&, const EventView&) = default;
};

struct TracePage {
  Trace trace;  // one page of steps; the lists of codes on the first page alone
  std::vector<EventView> events = {};  // of the same steps, where asked for
  std::string next = {};
};

struct ChainPage {
  CodeHead head;
  std::vector<ChainEntry> entries;
  std::vector<EventView> events = {};  // of the same entries, where asked for
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
  std::string read_only = {};  // why; empty: it takes batches
  uint64_t published_size = 0;    // leaves of the newest published checkpoint; 0: none is yet
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
  std::string token;  // stands for the party until then; shown this once
  std::string party;
  int64_t until_ms = 0;
  friend bool operator==(const OpenedSession&, const OpenedSession&) = default;
};

// One question that was asked under a session: a line of the access log.
struct AccessEntry {
  uint64_t number = 0;
  int64_t time_ms = 0;
  std::string party;
  std::string key_id;        // of the key that opened the session, 8 hex digits
  std::string question;      // "trace", "event", ...
  std::string code = {};     // canonical; empty: not about a code
  std::vector<Place> places = {};  // events of which something was opened that is not for everyone
  bool more = false;               // than are named
  friend bool operator==(const AccessEntry&, const AccessEntry&) = default;
};

struct AccessPage {
  std::vector<AccessEntry> entries;  // ascending
  uint64_t oldest = 0;  // number of the oldest entry that is kept; 0: there is none
  friend bool operator==(const AccessPage&, const AccessPage&) = default;
};

}  // namespace suyuan
