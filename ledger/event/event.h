// TraceEvent: one statement of one party about things, in EPCIS 2.0's five dimensions. The decoded
// form of a payload. The payload's bytes are signed, never this struct.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/decimal.h"
#include "ledger/base/text.h"

namespace suyuan {

// docs/events.md, the five kinds of event.
enum class Kind : uint8_t { origin, supply, logistics, transaction, inspection };
// EPCIS 2.0 event types.
enum class EventType : uint8_t { object, aggregation, transaction, transformation, association };
// EPCIS action; a TransformationEvent has none.
enum class Action : uint8_t { none, add, observe, remove };  // remove is EPCIS "DELETE"

// A thing named by its canonical product code, with a quantity for a lot or class.
struct Item {
  std::string code;
  std::optional<Decimal> quantity = {};
  std::string uom = {};  // UN/ECE Recommendation 20: KGM, H87; empty if quantity is empty
  // The item's net mass if the unit is not a mass. Makes balances over mixed units checkable.
  std::optional<Decimal> net_kg = {};
  friend bool operator==(const Item&, const Item&) = default;
};

// Losses of a process: part of the mass balance of a transformation.
struct Loss {
  std::string reason;
  Decimal quantity;
  std::string uom;
  friend bool operator==(const Loss&, const Loss&) = default;
};

// A (type, identifier) pair: business transactions (po, inv, bol, ...), sources and destinations
// (owning_party, possessing_party, location). A party is `urn:suyuan:party:<id>`; the consumer, who
// is never a party, is "consumer".
struct Reference {
  std::string type;
  std::string id;
  friend bool operator==(const Reference&, const Reference&) = default;
};

// A document or file named by the event, by digest.
struct Document {
  std::string number;
  std::string type;        // lab_report, export_certificate, ...
  std::optional<Hash> sha256 = {};
  uint64_t size = 0;       // bytes; 0: not stated
  std::string media_type = {};
  std::string issuer = {};
  friend bool operator==(const Document&, const Document&) = default;
};

// An ordered tree of named values (ilmd, extensions) in preorder: `depth` 0 is the top, a child is
// one deeper than its parent. Only objects and arrays have children. Flat, so readers do not
// recurse.
enum class NodeKind : uint8_t { object, array, text, number, boolean, null };
struct TreeNode {
  uint8_t depth = 0;
  NodeKind kind = NodeKind::null;
  std::string name = {};  // empty inside an array
  std::string value = {};  // text; a number as JSON writes it; "true" or "false"
  friend bool operator==(const TreeNode&, const TreeNode&) = default;
};
using Tree = std::vector<TreeNode>;

// EPCIS sensorReport with its metadata; numbers as exact decimals.
struct SensorReport {
  std::string type;  // GS1 MeasurementType word
  std::optional<Decimal> value = {}, min_value = {}, max_value = {}, mean_value = {};
  std::string uom = {};
  std::string device_id = {};
  std::string exception = {};  // ALARM_CONDITION | ERROR_CONDITION
  std::optional<Moment> time = {};
  Tree other = {};  // every further field of the standard
  friend bool operator==(const SensorReport&, const SensorReport&) = default;
};
struct SensorElement {
  Tree metadata = {};
  std::vector<SensorReport> reports;
  friend bool operator==(const SensorElement&, const SensorElement&) = default;
};

// EPCIS errorDeclaration: this event withdraws the party's earlier one with the same eventID.
struct ErrorDeclaration {
  Moment declared;
  std::string reason;  // did_not_occur | incorrect_data | URI
  std::vector<std::string> corrective_event_ids = {};
  friend bool operator==(const ErrorDeclaration&, const ErrorDeclaration&) = default;
};

// Who may read a sealed section. A fixed list (docs/formats.md 8, docs/access.md).
enum class Audience : uint8_t { owner, partner, platform, customs, market_supervision };

// A sealed section as the payload names it; its salt and bytes travel next to the payload.
struct SectionRef {
  Hash digest;
  Audience audience = Audience::partner;
  std::string label = {};  // a public label for its content: "price", "purchase order"
  friend bool operator==(const SectionRef&, const SectionRef&) = default;
};

// Who may read the event itself (formats.md 2). Payload types without this field are public.
enum class EventAudience : uint8_t { everyone, partner };

struct TraceEvent {
  EventType type = EventType::object;
  Kind kind = Kind::logistics;
  Action action = Action::none;
  std::string event_id = {};  // URI, or empty
  Moment event_time;
  std::optional<ErrorDeclaration> error = {};

  // What. Codes are canonical. `parent`, `children`: aggregation, association, transaction;
  // `inputs`, `outputs`: transformation.
  std::vector<Item> objects = {};
  std::string parent = {};
  std::vector<Item> children = {};
  std::vector<Item> inputs = {};
  std::vector<Item> outputs = {};
  std::vector<Loss> losses = {};
  std::string transformation_id = {};
  std::string lot = {};     // data only: the lot that commissioned units come from; no link
  bool whole_lot = false;   // a statement about a whole lot, not a movement

  // Where. Canonical location codes, or empty.
  std::string read_point = {};
  std::string biz_location = {};

  // Why. Bare CBV words where CBV has the word; else URIs or the words of docs/.
  std::string step = {};         // CBV bizStep
  std::string disposition = {};
  std::vector<std::string> persistent_set = {}, persistent_unset = {};
  std::vector<Reference> transactions = {};
  std::vector<Reference> sources = {};
  std::vector<Reference> destinations = {};
  std::string result = {};       // of an inspection: pass, fail, release, hold, destroyed, ...
  // For a confirmation: the eventID of the confirmed event of another party.
  std::string confirms = {};

  // How.
  std::vector<SensorElement> sensors = {};
  std::vector<Document> documents = {};
  std::vector<std::string> certifications = {};  // URIs

  Tree ilmd = {};
  Tree extensions = {};
  std::vector<SectionRef> sections = {};
  EventAudience audience = EventAudience::everyone;

  friend bool operator==(const TraceEvent&, const TraceEvent&) = default;
};

// Words on every wire. The reverse returns nullopt for an unknown word.
std::string_view word(Kind);
std::string_view word(EventType);
std::string_view word(Action);  // "ADD", "OBSERVE", "DELETE"; none is ""
std::string_view word(Audience);
std::string_view word(NodeKind);
std::string_view word(EventAudience);  // "public", "partner"
std::optional<Kind> kind_from(std::string_view);
std::optional<EventType> event_type_from(std::string_view);
std::optional<Action> action_from(std::string_view);
std::optional<Audience> audience_from(std::string_view);
std::optional<EventAudience> event_audience_from(std::string_view);

// Return the sources and destinations of type possessing_party: who hands over, who receives. Each
// is a bare party id or "consumer".
inline constexpr std::string_view kConsumer = "consumer";
inline constexpr std::string_view kPartyUrn = "urn:suyuan:party:";
inline constexpr std::string_view kPossessingParty = "possessing_party";
inline constexpr std::string_view kOwningParty = "owning_party";
std::vector<std::string> custody_from(const TraceEvent&);
std::string custody_to(const TraceEvent&);  // empty: no hand-over is stated

}  // namespace suyuan
