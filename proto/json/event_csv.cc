#include "proto/json/event_csv.h"

#include <algorithm>
#include <map>

#include "ledger/base/text.h"
#include "proto/json/csv.h"
#include "proto/json/event_csv_row.h"
#include "proto/json/event_json.h"

namespace suyuan {
namespace {

struct Group {
  CsvEvent event;
  CsvRow head;  // event columns, as its rows give them
  bool good = true;
  bool scattered = false;  // its name was used for earlier rows
};

class Sheet {
 public:
  explicit Sheet(char separator) : has_decimal_commas_(separator == ';') {}
  Result<Done> set_header(std::vector<std::string> names);
  void add(size_t row, const std::vector<std::string>& fields);
  // A row whose fields are unknown: it may belong to the previous event or to the next.
  void add_unread(size_t row, Error error);
  CsvEvents take();

 private:
  Result<CsvRow> cells(const std::vector<std::string>& fields) const;
  Group& group_of(std::string_view name);
  Result<Done> add_to(Group& group, const CsvRow& cells);
  void fail_row(size_t row, Error error);

  const bool has_decimal_commas_;
  std::vector<std::string> columns_;  // empty: a column without a name
  std::vector<Group> groups_;
  std::map<std::string, size_t, std::less<>> named_;
  std::vector<CsvFault> faults_;
  bool after_unread_ = false;
};

Result<Done> Sheet::set_header(std::vector<std::string> names) {
  for (auto& name : names) {
    // Spreadsheets save the columns beside the table as well.
    if (name.empty()) continue;
    name = csv_column(name);
    if (!is_clean_utf8(name)) {
      return fail(Code::BAD_TEXT, "the header is not UTF-8: save the file as CSV UTF-8");
    }
    if (!is_csv_column(name)) {
      return fail(Code::INVALID_FIELD, "no such column: " + quoted(name) +
                                           "; docs/events.md lists them");
    }
  }
  for (const auto& name : names) {
    if (name.empty() || std::count(names.begin(), names.end(), name) == 1) continue;
    return fail(Code::INVALID_FIELD, "the column " + quoted(name) + " is there twice", name);
  }
  for (const std::string_view name : {"type", "kind", "time"}) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return fail(Code::MISSING_FIELD, "the header lacks this column", std::string(name));
  }
  columns_ = std::move(names);
  return Done{};
}

Result<CsvRow> Sheet::cells(const std::vector<std::string>& fields) const {
  if (fields.size() != columns_.size()) {
    return fail(Code::BAD_REQUEST, std::to_string(fields.size()) + " fields; the header has " +
                                       std::to_string(columns_.size()));
  }
  CsvRow cells;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].empty() && !is_clean_utf8(fields[i])) {
      return fail(Code::BAD_TEXT, "not valid UTF-8 without NUL: save the file as UTF-8",
                  columns_[i]);
    }
    if (fields[i].empty()) continue;
    if (columns_[i].empty()) {
      return fail(Code::INVALID_FIELD, quoted(fields[i]) + " is in column " +
                                           std::to_string(i + 1) + ", whose header is empty");
    }
    cells.emplace(columns_[i], has_decimal_commas_ && is_number_column(columns_[i])
                                   ? with_decimal_point(fields[i])
                                   : fields[i]);
  }
  return cells;
}

// The rows of one event are together, so only the last group can grow.
Group& Sheet::group_of(std::string_view name) {
  const bool goes_on = !name.empty() && !groups_.empty() && groups_.back().event.name == name;
  if (!goes_on) {
    groups_.push_back({.event = {.name = std::string(name), .rows = {}, .event = {}}, .head = {}});
    if (after_unread_ && !name.empty()) groups_.back().good = false;
    const auto [before, is_new] = named_.emplace(name, groups_.size() - 1);
    if (!is_new && !name.empty()) {
      groups_[before->second].good = false;
      groups_.back().good = false;
      groups_.back().scattered = true;
    }
  }
  after_unread_ = false;
  return groups_.back();
}

Result<Done> Sheet::add_to(Group& group, const CsvRow& cells) {
  if (group.event.rows.size() == 1) {
    for (const auto& [column, value] : cells) {
      if (is_event_column(column)) group.head.emplace(column, value);
    }
    SUYUAN_TRY_DONE(read_csv_event(group.head, group.event.event));
  } else {
    for (const auto& [column, value] : cells) {
      if (!is_event_column(column) || cell(group.head, column) == value) continue;
      return fail(Code::INVALID_FIELD,
                  quoted(value) + "; row " + std::to_string(group.event.rows.front()) +
                      " of the same event has " + quoted(cell(group.head, column)),
                  column);
    }
  }
  return read_csv_thing(cells, group.event.event);
}

void Sheet::add(size_t row, const std::vector<std::string>& fields) {
  auto found = cells(fields);
  if (!found) return add_unread(row, std::move(found).error());
  Group& group = group_of(cell(*found, "event"));
  group.event.rows.push_back(row);
  if (group.scattered) {
    return fail_row(row, {.code = Code::INVALID_FIELD,
                          .message = "the rows of one event must be together; " +
                                     quoted(group.event.name) + " is also further up",
                          .field = "event"});
  }
  // After a bad first row there is nothing to compare the others with.
  if (group.event.rows.size() > 1 && !group.good) return;
  auto added = add_to(group, *found);
  if (added) return;
  group.good = false;
  fail_row(row, std::move(added).error());
}

void Sheet::add_unread(size_t row, Error error) {
  if (!groups_.empty() && !groups_.back().event.name.empty()) {
    groups_.back().good = false;
    error.message += "; the named events next to it are left out, since it may be theirs";
  }
  after_unread_ = true;
  fail_row(row, std::move(error));
}

void Sheet::fail_row(size_t row, Error error) {
  faults_.push_back({.row = row, .error = std::move(error)});
}

CsvEvents Sheet::take() {
  CsvEvents out;
  for (auto& group : groups_) {
    if (group.good) out.events.push_back(std::move(group.event));
  }
  out.faults = std::move(faults_);
  return out;
}

}  // namespace

CsvEvents parse_event_csv(std::string_view text) {
  const auto whole_file = [](size_t row, Error error) {
    CsvEvents out;
    out.faults.push_back({.row = row, .error = std::move(error)});
    return out;
  };
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kEventFileBytesMax) {
    return whole_file(1, {.code = Code::TOO_LARGE,
                          .message = "a file of events is at most " +
                                     std::to_string(kEventFileBytesMax) + " bytes"});
  }
  CsvReader reader(text);
  if (reader.done()) {
    return whole_file(1, {.code = Code::BAD_REQUEST, .message = "the file has no header"});
  }
  Sheet sheet(reader.separator());
  auto header = reader.next();
  if (!header) return whole_file(reader.row(), std::move(header).error());
  if (auto set = sheet.set_header(*std::move(header)); !set) {
    return whole_file(reader.row(), std::move(set).error());
  }
  while (!reader.done()) {
    auto fields = reader.next();
    // Spreadsheets write rows that were once used and are now empty.
    if (fields && std::ranges::all_of(*fields, &std::string::empty)) continue;
    if (fields) {
      sheet.add(reader.row(), *fields);
    } else {
      sheet.add_unread(reader.row(), std::move(fields).error());
    }
  }
  return sheet.take();
}

}  // namespace suyuan
