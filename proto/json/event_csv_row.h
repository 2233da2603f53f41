// One row of a spreadsheet of events: which columns there are, and what each says. Internal.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

using CsvRow = std::map<std::string, std::string, std::less<>>;  // column to value; no empty values

std::string_view cell(const CsvRow& row, std::string_view column);  // empty where there is none

bool is_csv_column(std::string_view name);
// Said of the whole event, so that its rows may not differ in it; else of the thing in the row.
bool is_event_column(std::string_view name);

// Each error's field is the column.
Result<Done> read_csv_event(const CsvRow& row, TraceEvent& event);  // the event columns
Result<Done> read_csv_thing(const CsvRow& row, TraceEvent& event);  // adds thing and document

}  // namespace suyuan
