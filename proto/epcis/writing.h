// Writes one event as EPCIS JSON, in parts. Internal to this folder.
#pragma once

#include <optional>
#include <string>

#include "ledger/event/event.h"
#include "proto/epcis/terms.h"
#include "proto/jsontext/writer.h"

namespace suyuan::ld {

// A name or word of the ledger's own: "suyuan:lot".
std::string own(std::string_view term);
// Returns a word as EPCIS spells it: bare if CBV has it, a URI unchanged, else as the ledger's own.
std::string spelled(Vocabulary vocabulary, std::string_view word);

class Writing {
 public:
  explicit Writing(const TraceEvent& event) : event_(event) {}
  std::string run(std::optional<int64_t> record_time_ms);

 private:
  void number(std::string_view name, const std::optional<Decimal>& value) {
    if (!value) return;
    out_.key(name);
    out_.number(std::string_view(value->to_text()));
  }
  void identity(std::optional<int64_t> record_time_ms);
  void error();
  void what();
  void items(std::string_view epcs, std::string_view quantities, const std::vector<Item>& list);
  void objects();
  bool names_itself() const;
  void why();
  void place(std::string_view name, const std::string& code);
  void words(std::string_view name, const std::vector<std::string>& list);
  void persistent();
  void references(std::string_view list, std::string_view id, Vocabulary types,
                  const std::vector<Reference>& references);
  void sensors();
  void report(const SensorReport& report);
  void trees();
  void beyond();
  void masses();
  void documents();

  const TraceEvent& event_;
  JsonWriter out_;
};

}  // namespace suyuan::ld
