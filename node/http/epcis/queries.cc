// Named queries and their subscriptions. Each is visible to its party only.
#include "ledger/apply/apply.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "node/epcis/webhook.h"
#include "node/http/epcis/api.h"
#include "proto/jsontext/writer.h"

namespace suyuan::http::epcis {
namespace {

constexpr size_t kNameBytesMax = 128;
constexpr size_t kQueryBytesMax = 64 << 10;
constexpr size_t kTokenBytesMax = 1024;
// each look at the subscriptions reads all of them
constexpr size_t kSubscriptionBytesMax = 16 << 10;

using SubscriptionId = Fixed<16, struct SubscriptionIdTag>;

std::optional<JsonValue> query_member(JsonValue object, std::string_view name) {
  if (object.kind() != NodeKind::object) return std::nullopt;
  for (const JsonValue one : object) {
    if (one.name() == name) return one;
  }
  return std::nullopt;
}

// Returns the query with the prefixes that the request's header declared, so that its meaning is
// kept.
std::string with_context(JsonValue query, const api::Prefixes& prefixes) {
  JsonWriter out;
  out.begin_object();
  if (!prefixes.empty()) {
    out.key("@context");
    out.begin_array();
    out.begin_object();
    for (const auto& [name, space] : prefixes) out.field(name, space);
    out.end_object();
    if (const auto own = query_member(query, "@context")) {
      if (own->kind() == NodeKind::array) {
        for (const JsonValue one : *own) out.value(one);
      } else {
        out.value(*own);
      }
    }
    out.end_array();
  }
  for (const JsonValue one : query) {
    if (one.name() == "@context" && !prefixes.empty()) continue;
    out.key(one.name());
    out.value(one);
  }
  out.end_object();
  return std::move(out).str();
}

Result<api::NamedQuery> read_query(const EpcisApi::Asked& asked, int64_t now_ms) {
  if (asked.request.body.size() > kQueryBytesMax)
    return fail(Code::BAD_REQUEST, "a query has at most 64 KiB");
  SUYUAN_TRY(document, parse_json(asked.request.body));
  const auto name = query_member(document.root(), "name");
  const auto query = query_member(document.root(), "query");
  if (!name || name->kind() != NodeKind::text || !query || query->kind() != NodeKind::object)
    return fail(Code::BAD_REQUEST, R"(expected {"name":"...","query":{...}})");
  for (const JsonValue one : document.root()) {
    if (one.name() != "name" && one.name() != "query")
      return fail(Code::BAD_REQUEST, "there is no such member", "/" + one.name());
  }
  if (name->value().empty() || name->value().size() > kNameBytesMax ||
      name->value().find('/') != std::string::npos)
    return fail(Code::BAD_REQUEST, "a name has 1 to 128 bytes and no '/'", "/name");
  api::Prefixes prefixes = asked.wishes.prefixes;
  SUYUAN_TRY(parameters, api::json_parameters(*query, prefixes));
  SUYUAN_TRY_DONE(api::make_query(parameters, prefixes));
  return api::NamedQuery{.name = name->value(),
                         .party = asked.party(),
                         .query = with_context(*query, asked.wishes.prefixes),
                         .created_ms = now_ms};
}

std::optional<Response> refuse_query_body(const Request& request) {
  if (request.content_type == "application/json" || request.content_type == "application/ld+json")
    return std::nullopt;
  return exception(415, "UnsupportedMediaTypeException", "Unsupported Media Type",
                   quote(request.content_type) + ": expected application/json");
}

Result<Done> write_query(JsonWriter& out, const api::NamedQuery& query) {
  SUYUAN_TRY(document, parse_json(query.query));
  out.begin_object();
  out.field("name", query.name);
  out.key("query");
  out.value(document.root());
  out.end_object();
  return Done{};
}

Result<Done> write_subscription(JsonWriter& out, const api::Subscription& one) {
  out.begin_object();
  out.field("subscriptionID", one.id);
  out.field("queryName", one.query);
  out.field("dest", one.dest);
  out.field("createdAt", std::optional<Moment>(Moment{.ms = one.created_ms}));
  if (one.notified_ms)
    out.field("lastNotifiedAt", std::optional<Moment>(Moment{.ms = *one.notified_ms}));
  out.field("initialRecordTime", std::optional<Moment>(Moment{.ms = one.initial_record_ms}));
  out.field("epcFormat", one.epc_format);
  if (one.stream) {
    out.key("stream");
    out.boolean(true);
  } else {
    out.key("reportIfEmpty");
    out.boolean(one.report_if_empty);
    SUYUAN_TRY(schedule, parse_json(one.schedule));
    out.key("schedule");
    out.value(schedule.root());
  }
  out.field("suyuan:failure", one.failure);
  if (one.failures > 0) {
    out.key("suyuan:failures");
    out.number(static_cast<int64_t>(one.failures));
  }
  out.end_object();
  return Done{};
}

// SubscriptionControlsException is a type of its own.
Response bad_controls(const std::string& detail) {
  return exception(400, "SubscriptionControlsException", "Subscription error", detail);
}

Result<Done> read_control(JsonValue one, api::Subscription& out) {
  const std::string& name = one.name();
  const auto is = [&](NodeKind kind) { return one.kind() == kind; };
  if (name == "dest" && is(NodeKind::text)) {
    out.dest = one.value();
  } else if (name == "signatureToken" && is(NodeKind::text) &&
             one.value().size() <= kTokenBytesMax) {
    out.signature_token = one.value();
  } else if (name == "reportIfEmpty" && is(NodeKind::boolean)) {
    out.report_if_empty = one.value() == "true";
  } else if (name == "stream" && is(NodeKind::boolean)) {
    out.stream = one.value() == "true";
  } else if (name == "schedule" && is(NodeKind::object)) {
    JsonWriter text;
    text.value(one);
    out.schedule = std::move(text).str();
    SUYUAN_TRY_DONE(api::parse_schedule(out.schedule));
  } else if (name == "initialRecordTime" && is(NodeKind::text)) {
    const auto moment = from_rfc3339(one.value());
    if (!moment) return fail(Code::BAD_REQUEST, quote(one.value()) + " is not a time", name);
    out.initial_record_ms = moment->ms;
  } else {
    return fail(Code::BAD_REQUEST, "no such control, or a value of the wrong type", name);
  }
  return Done{};
}

Result<api::Subscription> read_subscription(const EpcisApi::Asked& asked, int64_t now_ms,
                                            int64_t log_ms, bool loopback) {
  if (asked.request.body.size() > kSubscriptionBytesMax)
    return fail(Code::BAD_REQUEST, "a subscription has at most 16 KiB");
  SUYUAN_TRY(document, parse_json(asked.request.body));
  if (document.root().kind() != NodeKind::object)
    return fail(Code::BAD_REQUEST, "a subscription is an object");
  api::Subscription one{.id = to_hex(random_fixed<SubscriptionId>().view()),
                        .query = asked.captured[0],
                        .party = asked.party(),
                        .dest = {},
                        .created_ms = now_ms,
                        .initial_record_ms = log_ms};
  for (const JsonValue control : document.root()) SUYUAN_TRY_DONE(read_control(control, one));
  if (one.stream != one.schedule.empty()) {
    return fail(Code::BAD_REQUEST,
                "give either stream: true or a schedule, not both");
  }
  SUYUAN_TRY_DONE(api::parse_destination(one.dest, loopback));
  one.epc_format = word(asked.wishes.format);
  return one;
}

}  // namespace

void EpcisApi::post_query(const AskedPtr& asked) const {
  if (auto refused = refuse_query_body(asked->request)) return asked->reply(*std::move(refused));
  on_worker(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(query, read_query(one, parts_.service.parts().clock()));
    SUYUAN_TRY_DONE(parts_.state.add_query(query));
    Response response{.status = 201, .body = {}};
    response.headers["Location"] = "/epcis/queries/" + encode_part(query.name);
    return response;
  });
}

void EpcisApi::get_queries(const AskedPtr& asked) const {
  on_worker(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(paging, paging_of(one, "queries"));
    SUYUAN_TRY(queries, parts_.state.queries(one.party(), paging.from ? paging.from->name : "",
                                             paging.limit + 1));
    const bool more = queries.size() > paging.limit;
    if (more) queries.resize(paging.limit);
    JsonWriter out;
    out.begin_array();
    for (const auto& query : queries) SUYUAN_TRY_DONE(write_query(out, query));
    out.end_array();
    Response response = json_response(one, std::move(out).str());
    if (more) add_next(response, one, {.name = queries.back().name}, "queries");
    return response;
  });
}

void EpcisApi::get_query(const AskedPtr& asked) const {
  on_worker(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(query, parts_.state.query(one.captured[0], one.party()));
    JsonWriter out;
    SUYUAN_TRY_DONE(write_query(out, query));
    return json_response(one, std::move(out).str());
  });
}

void EpcisApi::delete_query(const AskedPtr& asked) const {
  on_worker(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY_DONE(parts_.state.remove_query(one.captured[0], one.party()));
    return Response{.status = 204, .body = {}};
  });
}

void EpcisApi::post_subscription(const AskedPtr& asked) const {
  if (auto refused = refuse_query_body(asked->request)) return asked->reply(*std::move(refused));
  on_index(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY_DONE(parts_.state.query(one.captured[0], one.party()));
    const int64_t now_ms = parts_.service.parts().clock();
    // Record times are log times: one by another node's clock may be behind ours.
    SUYUAN_TRY(head, read_head(parts_.service.parts().store.latest()));
    const int64_t log_ms = std::min(now_ms, head.time_ms);
    auto read = read_subscription(one, now_ms, log_ms, parts_.loopback_callbacks);
    if (!read) return bad_controls(to_text(read.error()));
    // A subscriber gets earlier events only if an earlier record time asks for them.
    read->next_leaf = read->initial_record_ms < log_ms ? 0 : parts_.indexed.size();
    SUYUAN_TRY_DONE(parts_.state.add_subscription(*read));
    JsonWriter out;
    SUYUAN_TRY_DONE(write_subscription(out, *read));
    Response response = json_response(one, std::move(out).str(), 201);
    response.headers["Location"] =
        "/epcis/queries/" + encode_part(read->query) + "/subscriptions/" + read->id;
    return response;
  });
}

void EpcisApi::get_subscriptions(const AskedPtr& asked) const {
  on_worker(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(of, parts_.state.query(one.captured[0], one.party()));
    SUYUAN_TRY(paging, paging_of(one, "subscriptions"));
    SUYUAN_TRY(all, parts_.state.subscriptions(of));
    const std::string after = paging.from ? paging.from->name : std::string();
    std::erase_if(all, [&](const api::Subscription& each) { return each.id <= after; });
    const bool more = all.size() > paging.limit;
    if (more) all.resize(paging.limit);
    JsonWriter out;
    out.begin_array();
    for (const auto& each : all) SUYUAN_TRY_DONE(write_subscription(out, each));
    out.end_array();
    Response response = json_response(one, std::move(out).str());
    if (more) add_next(response, one, {.name = all.back().id}, "subscriptions");
    return response;
  });
}

void EpcisApi::get_subscription(const AskedPtr& asked) const {
  on_worker(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(of, parts_.state.query(one.captured[0], one.party()));
    SUYUAN_TRY(found, parts_.state.subscription(of, one.captured[1]));
    JsonWriter out;
    SUYUAN_TRY_DONE(write_subscription(out, found));
    return json_response(one, std::move(out).str());
  });
}

void EpcisApi::delete_subscription(const AskedPtr& asked) const {
  on_worker(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(of, parts_.state.query(one.captured[0], one.party()));
    SUYUAN_TRY_DONE(parts_.state.remove_subscription(of, one.captured[1]));
    return Response{.status = 204, .body = {}};
  });
}

}  // namespace suyuan::http::epcis
