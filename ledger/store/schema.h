// Every row of the store: key and value. Keys are big-endian, so they sort by number.
// Log rows (leaf, record, payload, section, tree, chain, head, batch, receipt) are the ledger.
// Apply derives the other rows from them; a replay rebuilds those.
//
//   meta      "ledger"                          LedgerHead
//   leaf      u64 leaf                          leaf data (formats.md 4)
//   record    place                             record bytes (formats.md 2)
//   payload   place                             StoredPayload
//   section   place ‖ u32 section               StoredSection
//   tree      u8 level ‖ u64 index              hash of a complete subtree of 2^level leaves;
//                                               level 0, 8, 16, ...
//   chain     code_key ‖ u64 n                  StoredLink, n from 1
//   head      code_key                          ChainHead
//   batch     batch id                          StoredBatch
//   receipt   u64 tree size                     receipt note of the group that ended at that size
//   event_id  H(party ‖ "\n" ‖ eventID)         StoredEventId
//   registry  "party/" id, "key/" public key,   registry/state.h
//             "product/" gtin, "site/" gln, "gln/" gln
//   code      code_key                          StoredCode
//   below     text ‖ 0x00 ‖ text                empty; lots and serials below a class, serials
//                                               below a lot
//   fact      code_key ‖ u8 aspect ‖ i64 time   StoredFact
//             ‖ place [‖ other code_key]
//   finding   place ‖ u8 n                      Finding
//   attachment sha-256                          StoredAttachment (written outside the log)
//   checkpoint u64 tree size                    signed note of that tree head with cosignatures;
//                                               the newest ones (written after the seal)
// place = u64 leaf ‖ u32 event.
#pragma once

#include "ledger/base/coding.h"
#include "ledger/base/decimal.h"
#include "ledger/event/event.h"
#include "ledger/event/finding.h"
#include "ledger/store/store.h"

namespace suyuan {

// Raised when an older program could misread the store; a newer store is refused (STORE_TOO_NEW).
// 2 added the last seal to the head, and the table checkpoint (a store of format 1 is read as one
// without seals). 3 added events for partners, 4 the statement's hash in event_id, 5 notices: what
// they erased, and the nodes. The next commit to a store writes the newest format.
inline constexpr uint32_t kStoreFormat = 5;

struct LedgerHead {
  uint32_t format = kStoreFormat;
  uint32_t rules = 1;
  std::string origin;
  Hash genesis;           // H(data of leaf 0): with the origin, the ledger's identity
  uint64_t position = 0;  // of the last group applied, in the order's numbering
  uint64_t leaves = 0;    // the tree size
  uint64_t events = 0;
  uint64_t chains = 0;    // distinct codes
  int64_t time_ms = 0;    // log time of the last leaf
  Bytes frontier;         // merkle::Frontier, encoded
  uint64_t seal = 0;      // leaf of the last seal; 0: none yet (leaf 0 is genesis)
  friend bool operator==(const LedgerHead&, const LedgerHead&) = default;
};

enum class PayloadType : uint8_t { event_capnp = 1, epcis_json = 2, registry_capnp = 3 };
std::string_view word(PayloadType);  // the media types of formats.md 2
std::optional<PayloadType> payload_type_from(std::string_view);

struct StoredPayload {
  PayloadType type = PayloadType::event_capnp;
  Salt salt;
  Bytes bytes;
  EventAudience audience = EventAudience::everyone;
  friend bool operator==(const StoredPayload&, const StoredPayload&) = default;
};

struct StoredSection {
  Audience audience = Audience::partner;
  Hash digest;
  Salt salt;
  Bytes bytes;
  friend bool operator==(const StoredSection&, const StoredSection&) = default;
};

struct StoredLink {
  Place place;
  Hash link;
  friend bool operator==(const StoredLink&, const StoredLink&) = default;
};

struct ChainHead {
  uint64_t count = 0;
  Hash link;
  friend bool operator==(const ChainHead&, const ChainHead&) = default;
};

struct StoredBatch {
  uint64_t leaf = 0;
  uint64_t receipt_size = 0;  // tree size of the receipt that acknowledged it
  friend bool operator==(const StoredBatch&, const StoredBatch&) = default;
};

struct StoredEventId {
  Place place;
  // Plain SHA-256 of the payload: the same bytes are the same event.
  Hash payload_sha256;
  uint64_t withdrawn_by = 0;  // leaf of the error declaration; 0: none
  Hash statement = {};        // ledger/batch/batch.h; all zero: unknown
  friend bool operator==(const StoredEventId&, const StoredEventId&) = default;
};

struct StoredCode {
  std::string canonical;
  Place first;                // the first event that named it
  friend bool operator==(const StoredCode&, const StoredCode&) = default;
};

// What is known of a code, by event time. One row states one thing about one code, from one event.
enum class Aspect : uint8_t {
  mention = 1,      // an event concerns the code; one row for each event, whatever its effect
  made = 2,         // it came into being; text: its lot code, if stated
  ended = 3,        // it no longer exists: consumed whole, destroyed, decommissioned; text: how
  custody = 4,      // text: the party that holds it from now on, or "consumer"
  disposition = 5,  // text
  location = 6,     // text: canonical location code
  inside = 7,       // other, text: the container it went into; empty text: it left other
  holds = 8,        // the same, seen from the container: other = child; flag bit 0: taken out
  emptied = 9,      // a container lost all its contents
  balance = 10,     // of a lot: quantity in (positive) or out (negative), in uom
  made_from = 11,   // other, text: an input of the transformation that made it
  made_into = 12,   // other, text: an output of the transformation that used it
  unit = 13,        // of a lot: other, text: a unit or lot commissioned from it
  document = 14,    // other, text: a document code named in the same event
  named_item = 15,  // of a document: other, text: a physical code named in the same event
  // Of a lot, one row only (time 0, place 0): the sum of its balance rows, so that a lot of 100,000
  // units is not summed again for each event; text: i64, their latest time. The only fact that is
  // overwritten.
  account = 16,
};
inline constexpr Aspect kLastAspect = Aspect::account;

// Bits of StoredFact::flags in a mention row.
inline constexpr uint8_t kMentionObject = 1;
inline constexpr uint8_t kMentionParent = 2;
inline constexpr uint8_t kMentionChild = 4;
inline constexpr uint8_t kMentionInput = 8;
inline constexpr uint8_t kMentionOutput = 16;
inline constexpr uint8_t kMentionWholeLot = 32;
// CUSTODY_BREAK, or another flag that keeps the event out of the state.
inline constexpr uint8_t kMentionNoEffect = 64;
// The event names at least one physical code.
inline constexpr uint8_t kMentionNamesItems = 128;

struct FactKey {
  Hash code;               // code_key
  Aspect aspect;
  int64_t time_ms = 0;     // event time
  Place place;
  std::optional<Hash> other = {};
  friend bool operator==(const FactKey&, const FactKey&) = default;
};

struct StoredFact {
  uint64_t withdrawn_by = 0;  // leaf of the error declaration that voids it; 0: none
  uint8_t flags = 0;
  Kind kind = Kind::logistics;  // of the event, in mention rows
  std::string text = {};        // see Aspect; in mention rows the business step
  std::optional<Decimal> amount = {};
  std::string uom = {};
  EventAudience audience = EventAudience::everyone;  // of the event that states it
  friend bool operator==(const StoredFact&, const StoredFact&) = default;
};

struct StoredAttachment {
  std::string media_type;
  Bytes bytes;
  friend bool operator==(const StoredAttachment&, const StoredAttachment&) = default;
};

// Keys.
Bytes u64_key(uint64_t number);
Bytes place_key(Place place);
Bytes section_key(Place place, uint32_t section);
Bytes tree_key(uint8_t level, uint64_t index);
Bytes chain_key(const Hash& code_key, uint64_t n);
// An empty `below` gives the prefix of everything below `above`.
Bytes below_key(std::string_view above, std::string_view below);
Bytes fact_key(const FactKey& key);
// Returns a bound for scans: the facts of one aspect with from_ms <= time < to_ms lie between the
// bounds of from_ms and to_ms.
Bytes fact_bound(const Hash& code_key, Aspect aspect, int64_t time_ms);
Bytes finding_key(Place place, uint8_t n);
Hash event_id_key(std::string_view party, std::string_view event_id);
// Returns the first key after every key that starts with `prefix`; empty if there is none.
Bytes after_prefix(BytesView prefix);
Result<Place> decode_place_key(BytesView key);
Result<FactKey> decode_fact_key(BytesView key);

// Values. Every decode is strict.
// Errors: CORRUPT (bytes that encode never writes), STORE_TOO_NEW (a LedgerHead of a later format).
inline constexpr std::string_view kLedgerKey = "ledger";
Bytes encode(const LedgerHead&);
Bytes encode(const StoredPayload&);
Bytes encode(const StoredSection&);
Bytes encode(const StoredLink&);
Bytes encode(const ChainHead&);
Bytes encode(const StoredBatch&);
Bytes encode(const StoredEventId&);
Bytes encode(const StoredCode&);
Bytes encode(const StoredFact&);
Bytes encode(const Finding&);
Bytes encode(const StoredAttachment&);
template <class T>
Result<T> decode(BytesView bytes);
template <> Result<LedgerHead> decode(BytesView);
template <> Result<StoredPayload> decode(BytesView);
template <> Result<StoredSection> decode(BytesView);
template <> Result<StoredLink> decode(BytesView);
template <> Result<ChainHead> decode(BytesView);
template <> Result<StoredBatch> decode(BytesView);
template <> Result<StoredEventId> decode(BytesView);
template <> Result<StoredCode> decode(BytesView);
template <> Result<StoredFact> decode(BytesView);
template <> Result<Finding> decode(BytesView);
template <> Result<StoredAttachment> decode(BytesView);

// Gets and decodes a row; nullopt if there is no such row.
template <class T>
Result<std::optional<T>> get(const Reader& reader, Table table, BytesView key) {
  SUYUAN_TRY(bytes, reader.get(table, key));
  if (!bytes) return std::optional<T>{};
  SUYUAN_TRY(value, decode<T>(*bytes));
  return std::optional<T>(std::move(value));
}

}  // namespace suyuan
