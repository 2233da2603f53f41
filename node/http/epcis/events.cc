// Events: by the parameters of a URL, below a value, by eventID, by a named query.
#include "ledger/base/text.h"
#include "node/epcis/ledger_source.h"
#include "node/http/epcis/api.h"

namespace suyuan::http::epcis {
namespace {

constexpr size_t kSameIdUsual = 1000;  // events with one eventID on a page

// What each list's value requires of its events, and which parameters would state it twice.
struct PathRow {
  std::string_view list;
  api::Op op;
  std::vector<std::string> fields;
  std::string_view twice;
};
const std::vector<PathRow>& path_rows() {
  using api::Op;
  static const std::vector<PathRow> kRows = {
      {"eventTypes", Op::eq, {"eventType"}, "eventType"},
      {"epcs", Op::eq,
       {"epc", "parentID", "inputEPC", "outputEPC", "epcClass", "inputEPCClass", "outputEPCClass"},
       "MATCH_anyEPC"},
      {"bizSteps", Op::eq, {"bizStep"}, "EQ_bizStep"},
      {"bizLocations", Op::eq, {"bizLocation"}, "EQ_bizLocation"},
      {"readPoints", Op::eq, {"readPoint"}, "EQ_readPoint"},
      // The standard's description allows only this list's parameter here.
      {"dispositions", Op::eq, {"disposition"}, ""}};
  return kRows;
}

const PathRow& path_row(const EpcisApi::Asked& asked) {
  for (const PathRow& row : path_rows()) {
    if (row.list == asked.request.segments[1]) return row;
  }
  return path_rows().front();
}

std::string text_of(const std::vector<api::Parameter>& parameters) {
  std::string text;
  for (const auto& parameter : parameters) {
    text += parameter.name;
    for (const auto& value : parameter.values) text += "\n=" + value;
    text += "\n";
  }
  return text;
}

Response no_socket() {
  return exception(501, "ImplementationException", "Functionality not supported by server",
                   "no WebSocket here; subscribe with a webhook");
}

}  // namespace

Result<EpcisApi::EventsAsk> EpcisApi::events_ask(const Asked& asked,
                                                 std::vector<api::Parameter> more,
                                                 const api::Prefixes& prefixes) const {
  std::map<std::string, std::string> url = asked.request.query;
  std::erase_if(url, [](const auto& one) { return is_paging(one.first); });
  auto parameters = api::url_parameters(url);
  parameters.insert(parameters.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
  SUYUAN_TRY(query, api::make_query(parameters, prefixes));
  EventsAsk ask{.query = std::move(query), .asked = text_of(parameters)};
  for (const auto& [name, space] : prefixes) ask.asked += name + "=" + space + "\n";
  return ask;
}

// Runs on a worker.
Result<Response> EpcisApi::answer_events(const Asked& asked, const EventsAsk& ask,
                                         Paging paging) const {
  const auto state = parts_.service.parts().store.snapshot();
  SUYUAN_TRY(head, read_head(*state));
  const api::LedgerSource source(*state);
  api::PageCursor from{.size = std::min(head.leaves, parts_.indexed.size())};
  if (paging.from) from = paging.from->cursor;
  SUYUAN_TRY(scopes, api::scopes_of_party(*state, asked.party()));
  SUYUAN_TRY(page, api::search(parts_.index, source,
                               {.query = ask.query,
                                .scopes = std::move(scopes),
                                .from = from,
                                .limit = paging.limit}));
  for (const auto& event : page.events) {
    if (!event.for_everyone) asked.opened.add(event.place);
  }
  SUYUAN_TRY(body, write_query_document({.query_name = ask.query_name, .created_ms = head.time_ms},
                                        page.events, asked.wishes.format));
  Response response = json_response(asked, std::move(body));
  response.headers["GS1-EPC-Format"] = word(asked.wishes.format);
  if (page.next) add_next(response, asked, {.cursor = *page.next}, ask.asked);
  return response;
}

void EpcisApi::get_events(const AskedPtr& asked) const {
  on_index(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(ask, events_ask(one, {}, one.wishes.prefixes));
    SUYUAN_TRY(paging, paging_of(one, ask.asked));
    return answer_events(one, ask, std::move(paging));
  });
}

// Many parties may have used one eventID, so this has pages too.
void EpcisApi::get_event(const AskedPtr& asked) const {
  on_index(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(ask, events_ask(one, {{.name = "EQ_eventID", .values = {one.captured[0]}}},
                               one.wishes.prefixes));
    SUYUAN_TRY(paging, paging_of(one, ask.asked, kSameIdUsual));
    const auto state = parts_.service.parts().store.snapshot();
    SUYUAN_TRY(scopes, api::scopes_of_party(*state, one.party()));
    const api::LedgerSource source(*state);
    SUYUAN_TRY(head, read_head(*state));
    SUYUAN_TRY(any, api::search(parts_.index, source,
                                {.query = ask.query,
                                 .scopes = std::move(scopes),
                                 .from = {.size = head.leaves},
                                 .limit = 1}));
    const bool found = !any.events.empty() || any.next;
    if (!found && one.behind > 0) {
      return fail(Code::SIZE_NOT_REACHED,
                  "the index lacks the newest " + std::to_string(one.behind) +
                      " log entries, and what it has holds no such event; ask again");
    }
    if (!found)
      return fail(Code::NOT_FOUND, "no event that you may see has this eventID", "eventID");
    return answer_events(one, ask, std::move(paging));
  });
}

void EpcisApi::get_events_of(const AskedPtr& asked) const {
  on_index(asked, [this](const Asked& one) -> Result<Response> {
    const PathRow& row = path_row(one);
    if (one.request.query.contains(std::string(row.twice)))
      return fail(Code::INVALID_FIELD, "the path says it already", std::string(row.twice));
    SUYUAN_TRY(ask, events_ask(one, {}, one.wishes.prefixes));
    const bool is_code = row.list == "epcs" || row.list == "bizLocations" ||
                         row.list == "readPoints";
    api::Condition condition{.parameter = std::string(row.list),
                             .op = row.op,
                             .fields = row.fields,
                             .any_of = {}};
    const std::string& value = one.captured[0];
    condition.any_of.push_back({.text = is_code ? api::code_in(value, one.wishes.prefixes)
                                                : api::word_of(value, one.wishes.prefixes)});
    if (row.list == "epcs") {
      auto pattern = api::pattern_operand(value, one.wishes.prefixes);
      if (pattern && pattern->pattern.exact.empty()) {
        condition.op = api::Op::match;
        condition.any_of.front() = *std::move(pattern);
      }
    }
    ask.query.conditions.push_back(std::move(condition));
    SUYUAN_TRY(paging, paging_of(one, ask.asked));
    return answer_events(one, ask, std::move(paging));
  });
}

void EpcisApi::get_query_events(const AskedPtr& asked) const {
  for (const auto& [name, value] : asked->request.query) {
    if (is_paging(name)) continue;
    const bool socket = name == "stream" || name == "reportIfEmpty" || name == "second" ||
                        name == "minute" || name == "hour" || name == "dayOfMonth" ||
                        name == "month" || name == "dayOfWeek" || name == "initialRecordTime";
    if (!socket)
      return asked->reply(exception_of(
          {.code = Code::INVALID_FIELD, .message = "a named query has its own parameters",
           .field = name}, false));
    return asked->reply(no_socket());
  }
  // HTTP allows a server to ignore an upgrade; a subscriber would then wait forever.
  if (!header(asked->request, "upgrade").empty()) return asked->reply(no_socket());
  on_index(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(named, parts_.state.query(one.captured[0], one.party()));
    SUYUAN_TRY(document, parse_json(named.query));
    api::Prefixes prefixes;
    SUYUAN_TRY(parameters, api::json_parameters(document.root(), prefixes));
    SUYUAN_TRY(ask, events_ask(one, std::move(parameters), prefixes));
    ask.query_name = named.name;
    SUYUAN_TRY(paging, paging_of(one, ask.asked));
    return answer_events(one, ask, std::move(paging));
  });
}

}  // namespace suyuan::http::epcis
