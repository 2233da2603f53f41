#include "client/event_rows.h"

#include <algorithm>

#include "ledger/crypto/hash.h"
#include "ledger/event/codes_of.h"
#include "proto/epcis/document.h"
#include "proto/epcis/epcis.h"
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

void read_epcis_rows(std::string_view text, const SaltSource& salts,
                     std::optional<EventAudience> audience, EventRows& rows) {
  rows.type = PayloadType::epcis_json;
  auto document = split_epcis(text, {.audience = audience, .name_events = true});
  if (!document) {
    rows.bad.push_back({.row = 0, .error = std::move(document).error()});
    return;
  }
  rows.master_data = document->master_data;
  size_t row = 0;
  for (auto& one : document->events) {
    ++row;
    auto event = check_epcis(one.payload);
    if (event && !event->sections.empty()) {
      event = Unexpected(Errors{{.code = Code::SECTION_MISMATCH,
                                 .message = "the file lacks the bytes of sealed sections",
                                 .field = "/suyuan:sections"}});
    }
    if (!event) {
      for (Error error : event.error()) {
        error.field = one.pointer + error.field;
        rows.bad.push_back({.row = row, .error = std::move(error)});
      }
      continue;
    }
    if (one.payload.find("\"suyuan:audience\"") == std::string::npos) ++rows.unsaid;
    const Hash content = sha256(one.payload);
    rows.good.push_back(
        {.row = row,
         .sealed = {.event = {.body = {.salt = salts(), .payload = std::move(one.payload)},
                              .codes = codes_of(*event)},
                    .content = content}});
  }
}

// The start of a zip archive, which a workbook (.xlsx, .ods) is.
constexpr std::string_view kZip{"PK\x03\x04", 4};

bool is_csv(std::string_view name) {
  std::string ending(name.substr(name.size() - std::min<size_t>(name.size(), 4)));
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return ending == ".csv";
}

}  // namespace

EventRows read_event_rows(std::string_view name, std::string_view text, std::string_view party,
                          const SaltSource& salts, std::optional<EventAudience> audience) {
  EventRows rows;
  if (text.starts_with(kZip)) {
    rows.bad.push_back({.row = 0,
                        .error = {.code = Code::BAD_REQUEST,
                                  .message = "this is a workbook or another zip archive: save "
                                             "the sheet as CSV UTF-8",
                                  .field = {}}});
    return rows;
  }
  const bool epcis = !is_csv(name) && is_epcis_text(text);
  if (audience && !epcis) {
    rows.bad.push_back({.row = 0,
                        .error = {.code = Code::INVALID_FIELD,
                                  .message = "only EPCIS events have an audience; others are "
                                             "public, and seal what is not",
                                  .field = "--audience"}});
    return rows;
  }
  if (epcis) {
    read_epcis_rows(text, salts, audience, rows);
  } else if (is_csv(name)) {
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
