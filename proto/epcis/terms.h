// The names of EPCIS 2.0 and CBV 2.0 as tables. For this folder, and for code that lists them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "ledger/event/event.h"

namespace suyuan::ld {

inline constexpr std::string_view kOwnPrefix = "suyuan:";

// Terms that a node adds to each event of its answers: who stated it, through which gateway, and
// its place in the log. No payload holds them.
inline constexpr std::string_view kStatedBy = "suyuan:statedBy";
inline constexpr std::string_view kStatedThrough = "suyuan:statedThrough";
inline constexpr std::string_view kPlaceTerm = "suyuan:place";
bool is_answer_term(std::string_view name);

// The vocabularies whose words have several spellings: bare, CURIE, web URI, URN.
enum class Vocabulary : uint8_t {
  biz_step, disposition, transaction_type, party_type, error_reason, component, measurement, alert
};
struct VocabularyRow {
  std::string_view what;       // in words, for messages
  std::string_view web;        // prefix of a word as a web URI
  std::string_view web_old;    // the same in an older name space; may be empty
  std::string_view urn;        // lower case; may be empty
  std::string_view own;        // prefix of the ledger's own words
};
const VocabularyRow& row_of(Vocabulary vocabulary);
bool has_word(Vocabulary vocabulary, std::string_view word);
// Returns all its words, ascending.
std::span<const std::string_view> words_of(Vocabulary vocabulary);
// The five event types.
std::span<const std::string_view> type_names();

// EPCIS type name, "ObjectEvent".
std::string_view type_name(EventType type);
std::optional<EventType> type_from(std::string_view name);

// The bare member names of an event's object, and the event types that may have each.
enum class Member : uint8_t {
  context, type, event_time, record_time, time_zone, event_id, certification, error, action,
  biz_step, disposition, persistent, read_point, biz_location, transactions, sources, destinations,
  sensors, ilmd, epcs, quantities, parent, children, child_quantities, inputs, input_quantities,
  outputs, output_quantities, transformation_id
};
struct MemberRow {
  std::string_view name;
  Member member;
  uint8_t types;  // bit i: EventType i
};
const MemberRow* find_member(std::string_view name);
std::string_view member_name(Member member);

// Members of objects inside an event.
enum class Form : uint8_t { uri, time, number, text, boolean, hex, component, measurement, alert };
struct InnerRow {
  std::string_view name;
  Form form;
};
const InnerRow* find_metadata_member(std::string_view name);  // of sensorMetadata
const InnerRow* find_report_member(std::string_view name);    // of an entry of sensorReport

// A name that the standard's context defines. No other context may redefine it.
bool is_reserved_term(std::string_view name);

// Returns what a prefix of the standard's context means; nullopt: it has no such prefix.
std::optional<std::string_view> standard_space(std::string_view prefix);
// Returns whether the prefix may be declared so: what it means, or an older spelling in use.
bool is_standard_space(std::string_view prefix, std::string_view space);

}  // namespace suyuan::ld
