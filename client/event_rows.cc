#include "client/event_rows.h"

#include <algorithm>

#include "proto/json/event_csv.h"

namespace suyuan {
namespace {

void add_row(EventRows& rows, size_t row, JsonEvent event, std::string_view party,
             const SaltSource& salts) {
  auto sealed = seal_event(std::move(event), party, salts);
  if (sealed) {
    rows.good.push_back({.row = row, .sealed = *std::move(sealed)});
    return;
  }
  for (const auto& error : sealed.error()) rows.bad.push_back({.row = row, .error = error});
}

bool is_csv(std::string_view name) {
  std::string ending(name.substr(name.size() - std::min<size_t>(name.size(), 4)));
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return ending == ".csv";
}

}  // namespace

EventRows read_event_rows(std::string_view name, std::string_view text, std::string_view party,
                          const SaltSource& salts) {
  EventRows rows;
  if (is_csv(name)) {
    auto csv = parse_event_csv(text);
    for (const auto& fault : csv.faults)
      rows.bad.push_back({.row = fault.row, .error = fault.error});
    for (auto& one : csv.events) {
      const size_t row = one.rows.empty() ? 0 : one.rows.front();
      add_row(rows, row, {.event = std::move(one.event), .sealed = {}}, party, salts);
    }
  } else {
    for (auto& one : parse_events(text)) {
      if (one.event) {
        add_row(rows, one.row, *std::move(one.event), party, salts);
      } else {
        rows.bad.push_back({.row = one.row, .error = one.event.error()});
      }
    }
  }
  std::stable_sort(rows.bad.begin(), rows.bad.end(),
                   [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
  return rows;
}

}  // namespace suyuan
