// Lists of the values that events have: /eventTypes, /epcs, /bizSteps, and so on.
#include <algorithm>

#include "node/epcis/ledger_source.h"
#include "node/http/epcis/api.h"
#include "node/http/epcis/words.h"

namespace suyuan::http::epcis {
namespace {

struct ListRow {
  std::string_view list;
  api::ValueKind kind;
  bool is_code;
};
constexpr ListRow kLists[] = {{"eventTypes", api::ValueKind::event_type, false},
                              {"epcs", api::ValueKind::epc, true},
                              {"bizSteps", api::ValueKind::biz_step, false},
                              {"bizLocations", api::ValueKind::biz_location, true},
                              {"readPoints", api::ValueKind::read_point, true},
                              {"dispositions", api::ValueKind::disposition, false}};

const ListRow& list_of(const EpcisApi::Asked& asked) {
  return *std::find_if(std::begin(kLists), std::end(kLists), [&](const ListRow& row) {
    return row.list == asked.request.segments[1];
  });
}

bool is_standard(const ListRow& row, const std::string& value) {
  const auto words = standard_words(row.list);
  return std::find(words.begin(), words.end(), value) != words.end();
}

}  // namespace

void EpcisApi::get_top(const AskedPtr& asked) const {
  asked->reply(json_response(
      *asked, write_collection({"queries", "capture", "events", "eventTypes", "epcs", "readPoints",
                                "bizLocations", "dispositions", "bizSteps"})));
}

// The standard's words first, whether or not an event has them; then those of events, in order.
void EpcisApi::get_values(const AskedPtr& asked) const {
  on_index(asked, [this](const Asked& one) -> Result<Response> {
    const ListRow& row = list_of(one);
    SUYUAN_TRY(paging, paging_of(one, ""));
    const auto state = parts_.service.parts().store.snapshot();
    SUYUAN_TRY(head, read_head(*state));
    SUYUAN_TRY(scopes, api::scopes_of_party(*state, one.party()));
    const auto words = standard_words(row.list);
    api::PageToken at;
    at.cursor.size = head.leaves;
    if (paging.from) at = *paging.from;
    std::vector<std::string> members;
    size_t word_at = std::min<size_t>(at.cursor.rank, words.size());
    while (word_at < words.size() && members.size() < paging.limit)
      members.emplace_back(words[word_at++]);
    at.cursor.rank = word_at;
    bool more = word_at < words.size();
    if (members.size() < paging.limit || !more) {
      const size_t room = std::max<size_t>(paging.limit - members.size(), 1);
      SUYUAN_TRY(values, parts_.index.values(row.kind, scopes, at.name,
                                             at.cursor.size, room));
      more = more || values.more || (members.size() == paging.limit && !values.values.empty());
      for (auto& value : values.values) {
        if (members.size() == paging.limit) break;
        at.name = value;
        if (!is_standard(row, value)) members.push_back(std::move(value));
      }
    }
    Response response = json_response(one, write_collection(members));
    if (more) add_next(response, one, std::move(at), "");
    return response;
  });
}

void EpcisApi::get_value(const AskedPtr& asked) const {
  on_index(asked, [this](const Asked& one) -> Result<Response> {
    const ListRow& row = list_of(one);
    const std::string& sent = one.captured[0];
    const std::string value = row.is_code ? api::code_in(sent, one.wishes.prefixes)
                                          : api::word_of(sent, one.wishes.prefixes);
    const auto state = parts_.service.parts().store.snapshot();
    SUYUAN_TRY(head, read_head(*state));
    SUYUAN_TRY(scopes, api::scopes_of_party(*state, one.party()));
    bool known = is_standard(row, value);
    if (!known) {
      SUYUAN_TRY(found, parts_.index.has_value(row.kind, scopes, value,
                                               head.leaves));
      known = found;
    }
    if (!known) return fail(Code::NOT_FOUND, "no event that you may see has this value");
    return json_response(one, write_collection({"events"}));
  });
}

void EpcisApi::delete_token(const AskedPtr& asked) const {
  // Does not reveal whether it was a token: there is nothing under it now.
  tokens_.end(asked->captured[0], parts_.service.parts().clock());
  asked->reply({.status = 204, .body = {}});
}

}  // namespace suyuan::http::epcis
