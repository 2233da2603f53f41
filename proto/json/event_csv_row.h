// One row of a spreadsheet of events: the columns, and what each says. Internal to this folder.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

using CsvRow = std::map<std::string, std::string, std::less<>>;  // column to value; no empty values

std::string_view cell(const CsvRow& row, std::string_view column);  // empty if there is none

// Returns a header's name in our spelling: in small letters, except after "data." and "ilmd.".
std::string csv_column(std::string_view name);
bool is_csv_column(std::string_view name);
// Returns whether its values are decimals.
bool is_number_column(std::string_view name);
// Returns "1,5" as "1.5". Returns other text unchanged: also "24,000", which may be 24 or 24000.
std::string with_decimal_point(std::string_view sent);
// Whether the column describes the whole event, so that its rows must agree, or the row's thing.
bool is_event_column(std::string_view name);

// The field of each error is the column.
Result<Done> read_csv_event(const CsvRow& row, TraceEvent& event);  // the event columns
Result<Done> read_csv_thing(const CsvRow& row, TraceEvent& event);  // adds thing and document

}  // namespace suyuan
