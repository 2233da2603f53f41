#include "proto/json/event_csv_row.h"

#include <algorithm>
#include <array>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"

namespace suyuan {
namespace {

constexpr std::string_view kExtensionPrefix = "data.";
constexpr std::string_view kIlmdPrefix = "ilmd.";

// Columns about the event: the same in all its rows, or empty in all except the first.
constexpr std::array<std::string_view, 18> kEventColumns = {
    "type",     "kind",   "action",       "event_id",   "time",         "step",
    "disposition", "lot", "parent",       "location",   "read_point",   "custody_from",
    "custody_to", "result", "whole_lot", "confirms", "transformation_id", "transaction"};
// Columns about the thing, loss or document in the row.
constexpr std::array<std::string_view, 10> kRowColumns = {
    "event",  "role",        "code",          "quantity",        "uom",
    "net_kg", "reason",      "document_no",   "document_type",   "document_sha256"};

template <size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_data_column(std::string_view name) {
  return (name.starts_with(kExtensionPrefix) && name.size() > kExtensionPrefix.size()) ||
         (name.starts_with(kIlmdPrefix) && name.size() > kIlmdPrefix.size());
}

// "9.5211E+12": what a spreadsheet makes of a long number.
bool is_rounded(std::string_view sent) {
  const size_t exponent = sent.find_first_of("eE");
  return exponent != 0 && exponent != std::string_view::npos &&
         sent.substr(0, exponent).find_first_not_of("0123456789.,") == std::string_view::npos &&
         sent.substr(exponent + 1).starts_with('+') && exponent + 2 < sent.size() &&
         sent.substr(exponent + 2).find_first_not_of("0123456789") == std::string_view::npos;
}

Result<Done> check_not_rounded(const CsvRow& row, std::string_view column) {
  const std::string_view sent = cell(row, column);
  if (!is_rounded(sent)) return Done{};
  return fail(Code::CODE_SYNTAX,
              quoted(sent) + " is a number that the spreadsheet rounded, so its last digits are "
                             "lost: format the column as text and enter the codes again",
              std::string(column));
}

Result<std::string> code_in(const CsvRow& row, std::string_view column) {
  SUYUAN_TRY_DONE(check_not_rounded(row, column));
  auto code = parse_code(cell(row, column));
  if (!code) return fail(code.error().code, code.error().message, std::string(column));
  return code->text();
}

Result<std::string> place_in(const CsvRow& row, std::string_view column) {
  SUYUAN_TRY_DONE(check_not_rounded(row, column));
  const std::string_view sent = cell(row, column);
  const bool gln =
      sent.size() == 13 && sent.find_first_not_of("0123456789") == std::string_view::npos;
  auto code = parse_code(gln ? "(414)" + std::string(sent) : std::string(sent));
  if (!code) return fail(code.error().code, code.error().message, std::string(column));
  return code->text();
}

Result<std::optional<Decimal>> decimal_in(const CsvRow& row, std::string_view column) {
  const std::string_view sent = cell(row, column);
  if (sent.empty()) return std::optional<Decimal>{};
  if (const auto value = Decimal::parse(sent)) return std::optional(*value);
  const bool has_comma = sent.find(',') != std::string_view::npos;
  return fail(Code::INVALID_FIELD,
              quoted(sent) + " is not a decimal, such as 24000 or 0.125" +
                  (has_comma ? "; a comma may separate thousands" : ""),
              std::string(column));
}

template <class E>
Result<E> word_in(const CsvRow& row, std::string_view column,
                  std::optional<E> (*from)(std::string_view), std::string_view known) {
  const std::string_view sent = cell(row, column);
  if (sent.empty()) {
    return fail(Code::MISSING_FIELD, "one of: " + std::string(known), std::string(column));
  }
  if (const auto value = from(sent)) return *value;
  return fail(Code::INVALID_FIELD, quoted(sent) + " is not one of: " + std::string(known),
              std::string(column));
}

// Party ids, separated by semicolons.
Result<std::vector<Reference>> holders_in(const CsvRow& row, std::string_view column) {
  std::vector<Reference> holders;
  if (cell(row, column).empty()) return holders;
  for (const std::string_view id : split(cell(row, column), ';')) {
    if (id == kConsumer) {
      holders.push_back({.type = std::string(kPossessingParty), .id = std::string(id)});
      continue;
    }
    if (auto party = check_party_id(id); !party) {
      return fail(Code::INVALID_FIELD, party.error().message, std::string(column));
    }
    holders.push_back(
        {.type = std::string(kPossessingParty), .id = std::string(kPartyUrn).append(id)});
  }
  return holders;
}

// What all rows of an event say together.
Result<Done> read_head(const CsvRow& row, TraceEvent& event) {
  SUYUAN_TRY(type, word_in(row, "type", event_type_from,
                           "object, aggregation, transaction, transformation, association"));
  SUYUAN_TRY(kind, word_in(row, "kind", kind_from,
                           "origin, supply, logistics, transaction, inspection"));
  event.type = type;
  event.kind = kind;
  if (!cell(row, "action").empty()) {
    SUYUAN_TRY(action, word_in(row, "action", action_from, "ADD, OBSERVE, DELETE"));
    event.action = action;
  }
  const auto time = from_rfc3339(cell(row, "time"));
  if (!time) {
    return fail(cell(row, "time").empty() ? Code::MISSING_FIELD : Code::INVALID_FIELD,
                "a time with its offset, such as 2026-06-02T05:30:00+12:00", "time");
  }
  event.event_time = *time;
  event.event_id = cell(row, "event_id");
  event.step = cell(row, "step");
  event.disposition = cell(row, "disposition");
  event.result = cell(row, "result");
  event.confirms = cell(row, "confirms");
  event.transformation_id = cell(row, "transformation_id");
  const std::string_view whole = cell(row, "whole_lot");
  if (!whole.empty() && whole != "yes" && whole != "no") {
    return fail(Code::INVALID_FIELD, quoted(whole) + " is neither yes nor no", "whole_lot");
  }
  event.whole_lot = whole == "yes";
  return Done{};
}

Result<Done> read_names(const CsvRow& row, TraceEvent& event) {
  for (const auto& [column, out] : {std::pair<std::string_view, std::string*>{"lot", &event.lot},
                                    {"parent", &event.parent}}) {
    if (cell(row, column).empty()) continue;
    SUYUAN_TRY(code, code_in(row, column));
    *out = std::move(code);
  }
  for (const auto& [column, out] :
       {std::pair<std::string_view, std::string*>{"location", &event.biz_location},
        {"read_point", &event.read_point}}) {
    if (cell(row, column).empty()) continue;
    SUYUAN_TRY(place, place_in(row, column));
    *out = std::move(place);
  }
  SUYUAN_TRY(from, holders_in(row, "custody_from"));
  event.sources = std::move(from);
  SUYUAN_TRY(to, holders_in(row, "custody_to"));
  event.destinations = std::move(to);
  if (const auto sent = cell(row, "transaction"); !sent.empty()) {
    const size_t colon = sent.find(':');
    if (colon == std::string_view::npos) {
      return fail(Code::INVALID_FIELD, quoted(sent) + " is not like po:PO-77120",
                  "transaction");
    }
    event.transactions.push_back(
        {.type = std::string(sent.substr(0, colon)), .id = std::string(sent.substr(colon + 1))});
  }
  for (const auto& [column, value] : row) {
    if (!is_data_column(column)) continue;
    const bool ilmd = column.starts_with(kIlmdPrefix);
    const std::string name = column.substr((ilmd ? kIlmdPrefix : kExtensionPrefix).size());
    (ilmd ? event.ilmd : event.extensions)
        .push_back({.kind = NodeKind::text, .name = name, .value = value});
  }
  return Done{};
}

Result<Done> read_document_columns(const CsvRow& row, TraceEvent& event) {
  if (cell(row, "document_no").empty()) {
    for (const std::string_view column : {"document_type", "document_sha256"}) {
      if (cell(row, column).empty()) continue;
      return fail(Code::MISSING_FIELD, "a document needs a number", "document_no");
    }
    return Done{};
  }
  Document document{.number = std::string(cell(row, "document_no")),
                    .type = std::string(cell(row, "document_type"))};
  if (const auto sent = cell(row, "document_sha256"); !sent.empty()) {
    document.sha256 = fixed_from_hex<Hash>(sent);
    if (!document.sha256) {
      return fail(Code::INVALID_FIELD,
                  quoted(sent) + " is not a SHA-256: 64 lower-case hexadecimal digits",
                  "document_sha256");
    }
  }
  auto& documents = event.documents;
  if (std::find(documents.begin(), documents.end(), document) == documents.end()) {
    documents.push_back(std::move(document));
  }
  return Done{};
}

// The list for a row's thing.
Result<std::vector<Item>*> list_of(const CsvRow& row, TraceEvent& event) {
  const std::string_view role = cell(row, "role");
  if (role == "object") return &event.objects;
  if (role == "child") return &event.children;
  if (role == "input") return &event.inputs;
  if (role == "output") return &event.outputs;
  if (role.empty() && event.type == EventType::transformation) {
    return fail(Code::MISSING_FIELD, "in a transformation a row is an input, output or loss",
                "role");
  }
  if (role.empty()) {
    const bool packs =
        event.type == EventType::aggregation || event.type == EventType::association;
    return packs ? &event.children : &event.objects;
  }
  return fail(Code::INVALID_FIELD,
              quoted(role) + " is not one of: object, child, input, output, loss", "role");
}

Result<Done> read_thing(const CsvRow& row, TraceEvent& event) {
  SUYUAN_TRY(quantity, decimal_in(row, "quantity"));
  SUYUAN_TRY(net_kg, decimal_in(row, "net_kg"));
  const std::string uom(cell(row, "uom"));
  if (cell(row, "role") == "loss") {
    if (!quantity) return fail(Code::MISSING_FIELD, "a loss needs a quantity", "quantity");
    event.losses.push_back(
        {.reason = std::string(cell(row, "reason")), .quantity = *quantity, .uom = uom});
    return Done{};
  }
  if (cell(row, "code").empty()) {
    for (const std::string_view column : {"quantity", "uom", "net_kg", "role"}) {
      if (cell(row, column).empty()) continue;
      return fail(Code::MISSING_FIELD, "a thing needs its code", "code");
    }
    return Done{};
  }
  SUYUAN_TRY(list, list_of(row, event));
  SUYUAN_TRY(code, code_in(row, "code"));
  if (list->size() >= limits::kCodesPerEventMax) {
    return fail(Code::TOO_MANY, "an event names at most " +
                                    std::to_string(limits::kCodesPerEventMax) + " codes", "code");
  }
  list->push_back({.code = std::move(code), .quantity = quantity, .uom = uom, .net_kg = net_kg});
  return Done{};
}

}  // namespace

std::string_view cell(const CsvRow& row, std::string_view column) {
  const auto found = row.find(column);
  return found == row.end() ? std::string_view{} : std::string_view(found->second);
}

bool is_event_column(std::string_view name) {
  return is_in(kEventColumns, name) || is_data_column(name);
}

std::string csv_column(std::string_view name) {
  std::string small(name);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const auto prefix : {kExtensionPrefix, kIlmdPrefix}) {
    if (small.starts_with(prefix))
      return std::string(prefix).append(name.substr(prefix.size()));
  }
  return small;
}

bool is_number_column(std::string_view name) { return name == "quantity" || name == "net_kg"; }

std::string with_decimal_point(std::string_view sent) {
  constexpr size_t kThousands = 3;
  const size_t comma = sent.find(',');
  if (comma == std::string_view::npos) return std::string(sent);
  const bool may_be_thousands = sent.size() - comma - 1 == kThousands &&
                                sent.substr(0, comma) != "0" && sent.substr(0, comma) != "-0";
  if (may_be_thousands || sent.find_first_of(",.", comma + 1) != std::string_view::npos ||
      sent.find('.') < comma) {
    return std::string(sent);
  }
  std::string point(sent);
  point[comma] = '.';
  return point;
}

bool is_csv_column(std::string_view name) {
  return is_event_column(name) || is_in(kRowColumns, name);
}

Result<Done> read_csv_event(const CsvRow& row, TraceEvent& event) {
  SUYUAN_TRY_DONE(read_head(row, event));
  return read_names(row, event);
}

Result<Done> read_csv_thing(const CsvRow& row, TraceEvent& event) {
  SUYUAN_TRY_DONE(read_document_columns(row, event));
  return read_thing(row, event);
}

}  // namespace suyuan
