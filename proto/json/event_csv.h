// Events as a spreadsheet: one row for each thing. docs/events.md lists the columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

struct CsvEvent {
  std::string name;          // of the column `event`; empty: the row is an event on its own
  std::vector<size_t> rows;  // as in a spreadsheet: the header is row 1
  TraceEvent event;
};

struct CsvFault {
  size_t row = 0;
  Error error;  // field: the column
};

// An event with an invalid row is left out as a whole; the others are kept. An unreadable row may
// belong to the named event before or after it, so both are left out.
struct CsvEvents {
  std::vector<CsvEvent> events;  // by their first rows
  std::vector<CsvFault> faults;  // by row
};

// Parses RFC 4180, UTF-8 with or without BOM, a header with known columns in any order and case,
// numbers with a decimal comma where ';' separates fields. Checks the form only; the caller calls
// faults_of().
CsvEvents parse_event_csv(std::string_view text);

}  // namespace suyuan
