// The groups of rules behind faults_of(), and their helpers. Internal to this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// The path of a value. Allocates nothing until it is written out for a fault.
struct Field {
  static constexpr size_t kWhole = static_cast<size_t>(-1);
  std::string_view name;
  size_t index = kWhole;
  const Field* of = nullptr;
  std::string text() const;  // "sensors[2].reports[0].type"
};

class Faults {
 public:
  void add(Code code, const Field& field, std::string message);
  bool full() const;
  Errors take() { return std::move(errors_); }

 private:
  Errors errors_;
};

// Each checks one value and adds at most one fault. Returns true if the value is valid.
bool check_text(Faults& faults, std::string_view text, const Field& field);
bool check_needed_text(Faults& faults, std::string_view text, const Field& field);
// A vocabulary word or an absolute URI; empty is valid if `needed` is false.
bool check_term(Faults& faults, std::string_view text, const Field& field, bool needed);
bool check_uri(Faults& faults, std::string_view text, const Field& field);
bool check_uris(Faults& faults, const std::vector<std::string>& uris, std::string_view name,
                const Field* of = nullptr);
bool check_uom(Faults& faults, std::string_view uom, const Field& field);
bool check_moment(Faults& faults, const Moment& moment, const Field& field);
bool check_count(Faults& faults, size_t count, size_t max, const Field& field);
// A place: a canonical location code or another URI; empty is valid.
bool check_location(Faults& faults, std::string_view code, const Field& field);

void check_what(Faults& faults, const TraceEvent& event);    // codes, quantities, lot, whole lot
void check_why(Faults& faults, const TraceEvent& event);     // steps, parties, business documents
void check_how(Faults& faults, const TraceEvent& event);     // sensors, documents, sections
void check_trees(Faults& faults, const TraceEvent& event);   // ilmd, extensions, sensors' trees

}  // namespace suyuan
