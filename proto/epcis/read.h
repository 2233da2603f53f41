// Reads an event's JSON object into its value, in parts by EPCIS's dimensions. docs/epcis.md,
// Payload has the rules. Internal to this folder.
#pragma once

#include "ledger/event/event.h"
#include "proto/epcis/context.h"
#include "proto/epcis/faults.h"
#include "proto/epcis/origins.h"
#include "proto/epcis/terms.h"
#include "proto/jsontext/document.h"

namespace suyuan::ld {

class EventReader {
 public:
  // All arguments must outlive the object.
  EventReader(const Context& context, Faults& faults, TraceEvent& event, Origins& origins)
      : context_(context), faults_(faults), event_(event), origins_(origins) {}
  void read(JsonValue object);

 private:
  // Values of one form each; a fault gives an empty value. read.cc
  std::string text(JsonValue value, const At& at);
  std::string uri(JsonValue value, const At& at);    // expanded
  std::string word(Vocabulary vocabulary, JsonValue value, const At& at);
  std::string code(JsonValue value, const At& at);   // canonical
  // Reads a reference: canonical for a code, else expanded; empty: none.
  std::string named(Vocabulary types, JsonValue value, const At& at);
  std::string device(JsonValue value, const At& at);
  std::optional<Moment> time(JsonValue value, const At& at);
  bool is_object(JsonValue value, const At& at);
  // Returns whether it is an array with at most `max` entries.
  bool is_list(JsonValue value, const At& at, size_t max);
  void needs(bool there, const At& at, std::string why);
  void no_such_member(std::string_view name, const At& at, std::string_view where);
  // Checks that an extension field may have this name; adds a fault if not.
  bool is_free(std::string_view name, const At& at, std::string_view where);

  // read_event.cc
  void read_member(const MemberRow& row, JsonValue value, const At& at);
  void read_identity(Member member, JsonValue value, const At& at);
  void read_extension(JsonValue member, const At& at);
  void read_zone(JsonValue value, const At& at);
  void read_error(JsonValue value, const At& at);
  void read_certification(JsonValue value, const At& at);

  // read_what.cc
  void read_epcs(JsonValue list, const At& at, std::vector<Item>& items, ItemOrigins& origins);
  void read_quantities(JsonValue list, const At& at, std::vector<Item>& items,
                       ItemOrigins& origins);
  std::optional<Item> read_quantity(JsonValue entry, const At& at);
  void add_quantity(Item item, const At& at, size_t index, std::vector<Item>& items,
                    ItemOrigins& origins);
  void read_what(Member member, JsonValue value, const At& at);
  void read_ilmd(JsonValue value, const At& at);
  void find_lot();

  // read_why.cc
  void read_why(Member member, JsonValue value, const At& at);
  void read_persistent(JsonValue value, const At& at);
  std::string read_place(JsonValue value, const At& at);
  void read_references(JsonValue list, const At& at, Vocabulary types, std::string_view id_name,
                       std::vector<Reference>& references);
  void read_reference(JsonValue entry, const At& at, Vocabulary types, std::string_view id_name,
                      std::vector<Reference>& references);

  // read_how.cc
  void read_sensors(JsonValue list, const At& at);
  void read_metadata(JsonValue value, const At& at, Tree& tree);
  void read_report(JsonValue value, const At& at, SensorReport& report);
  void read_report_member(JsonValue member, const InnerRow& row, const At& at,
                          SensorReport& report);
  bool check_inner(JsonValue value, Form form, const At& at);
  static void append(JsonValue value, Tree& tree);  // with its descendants

  // read_own.cc
  void read_own(JsonValue member, const At& at);
  template <class T, class Read>
  void read_own_list(JsonValue list, const At& at, std::vector<T>& out, Read read);
  void read_losses(JsonValue list, const At& at);
  void read_documents(JsonValue list, const At& at);
  void read_sections(JsonValue list, const At& at);
  void read_masses(JsonValue list, const At& at);
  void add_masses();

  // rules.cc
  void check_rules();
  void check_what_is_there();
  void check_names(const Tree& tree, const At& at);
  void name_place();

  bool has(Member member) const { return (seen_ >> static_cast<unsigned>(member) & 1U) != 0; }

  const Context& context_;
  Faults& faults_;
  TraceEvent& event_;
  Origins& origins_;
  uint64_t seen_ = 0;  // bit i: Member i is present
  bool kind_stated_ = false;
  struct Mass {
    std::string code;
    Decimal kg;
  };
  std::vector<Mass> masses_;  // suyuan:netKg, for the items of all lists
};

// An event's payload as it was read.
struct ParsedEvent {
  TraceEvent event;
  Origins origins;
  JsonDocument document;
  Context context;
};
// As decode_epcis and check_epcis (epcis.h), for rules that look at the JSON too.
Results<ParsedEvent> parse_event(BytesView payload);
Results<ParsedEvent> parse_event_checked(BytesView payload);

// docs/epcis.md, Mapping. Requires: everything except the kind is read.
Kind kind_of(const TraceEvent& event);

}  // namespace suyuan::ld
