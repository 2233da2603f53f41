// Events as a spreadsheet: one row for each thing. docs/events.md lists the columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

struct CsvEvent {
  std::string name;          // of the column `event`; empty: a row that is an event by itself
  std::vector<size_t> rows;  // as a spreadsheet numbers them: the header is row 1
  TraceEvent event;
};

struct CsvFault {
  size_t row = 0;
  Error error;  // field: the column
};

// An event with a bad row is left out whole; the others are not lost. A row that cannot be read at
// all may belong to the named event before or after it: both are left out.
struct CsvEvents {
  std::vector<CsvEvent> events;  // by their first rows
  std::vector<CsvFault> faults;  // by row
};

// RFC 4180, UTF-8 with or without BOM, a header with known columns in any order. Checks the form
// alone: faults_of() is the caller's to ask.
CsvEvents parse_event_csv(std::string_view text);

}  // namespace suyuan
