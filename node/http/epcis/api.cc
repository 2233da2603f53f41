#include "node/http/epcis/api.h"

#include <algorithm>
#include <set>

#include "ledger/base/text.h"
#include "node/epcis/ledger_source.h"
#include "node/http/router.h"

namespace suyuan::http::epcis {
namespace {

constexpr size_t kPathBytesMax = 8 << 10;  // longer targets are 414
constexpr size_t kPerPageMax = 1000;
constexpr auto kIndexWait = std::chrono::seconds(5);
constexpr std::string_view kRoot = "epcis";

// The segments after /epcis; a slash at the end is not a segment.
std::vector<std::string> segments_of(const Request& request) {
  std::vector<std::string> segments(request.segments.begin() + 1, request.segments.end());
  if (!segments.empty() && segments.back().empty()) segments.pop_back();
  return segments;
}

std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              const std::vector<std::string>& segments) {
  std::vector<std::string> captured;
  std::vector<std::string_view> parts = split(pattern.substr(1), '/');
  if (pattern == "/") parts.clear();
  if (parts.size() != segments.size()) return std::nullopt;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].starts_with('{')) {
      if (segments[i].empty()) return std::nullopt;
      captured.push_back(segments[i]);
    } else if (parts[i] != segments[i]) {
      return std::nullopt;
    }
  }
  return captured;
}

Response unauthorised(const std::string& detail) {
  Response response = exception(401, "SecurityException", "Unauthorised request", detail);
  response.headers["WWW-Authenticate"] = "Bearer";
  return response;
}

}  // namespace

EpcisApi::EpcisApi(Parts parts) : parts_(parts), tokens_(parts.gateway.paging_secret()) {
  add_routes();
}

bool EpcisApi::is_ours(const Request& request) {
  return !request.segments.empty() && request.segments.front() == kRoot;
}

void EpcisApi::add_routes() {
  using enum Method;
  constexpr Door kAnyone = Door::anyone;
  constexpr Door kBearer = Door::bearer;
  constexpr Counts kLogged = Counts::logged;
  constexpr Counts kPost = Counts::post;
  constexpr Counts kQuestion = Counts::question;
  constexpr Takes kPaging = Takes::paging;
  constexpr Takes kQuery = Takes::query;
  routes_ = {{get, "/", kAnyone, &EpcisApi::get_top},
             // A signed batch needs no token.
             {post, "/capture", kAnyone, &EpcisApi::post_capture, kPost},
             {get, "/capture", kBearer, &EpcisApi::get_captures, kQuestion, kPaging},
             {get, "/capture/{captureID}", kAnyone, &EpcisApi::get_capture},
             {get, "/events", kAnyone, &EpcisApi::get_events, kLogged, kQuery},
             {post, "/events", kBearer, &EpcisApi::post_event, kPost},
             {get, "/events/{eventID}", kAnyone, &EpcisApi::get_event, kLogged, kPaging}};
  for (const std::string one : {"eventTypes/{eventType}", "epcs/{epc}", "bizSteps/{bizStep}",
                                "bizLocations/{bizLocation}", "readPoints/{readPoint}",
                                "dispositions/{disposition}"}) {
    routes_.push_back({get, "/" + one.substr(0, one.find('/')), kAnyone, &EpcisApi::get_values,
                       kLogged, kPaging});
    routes_.push_back({get, "/" + one, kAnyone, &EpcisApi::get_value, kLogged, kPaging});
    routes_.push_back(
        {get, "/" + one + "/events", kAnyone, &EpcisApi::get_events_of, kLogged, kQuery});
  }
  const std::string query = "/queries/{queryName}";
  const std::string subscriptions = query + "/subscriptions";
  const std::string subscription = subscriptions + "/{subscriptionID}";
  routes_.insert(routes_.end(),
                 {{get, "/queries", kBearer, &EpcisApi::get_queries, kQuestion, kPaging},
                  {post, "/queries", kBearer, &EpcisApi::post_query},
                  {get, query, kBearer, &EpcisApi::get_query},
                  {del, query, kBearer, &EpcisApi::delete_query},
                  {get, query + "/events", kBearer, &EpcisApi::get_query_events, kLogged, kQuery},
                  {get, subscriptions, kBearer, &EpcisApi::get_subscriptions, kQuestion, kPaging},
                  {post, subscriptions, kBearer, &EpcisApi::post_subscription, kLogged},
                  {get, subscription, kBearer, &EpcisApi::get_subscription},
                  {del, subscription, kBearer, &EpcisApi::delete_subscription},
                  {del, "/nextPageToken/{token}", kAnyone, &EpcisApi::delete_token}});
}

std::vector<std::string> EpcisApi::routes() const {
  std::set<std::string> all;
  for (const Route& route : routes_) {
    all.insert(std::string(http::word(route.method)) + " " + route.pattern);
    all.insert("OPTIONS " + route.pattern);
  }
  return {all.begin(), all.end()};
}

void EpcisApi::handle(Request request, Reply reply) const {
  const bool head = request.method == Method::head;
  if (head) request.method = Method::get;
  dispatch(std::move(request), [reply = std::move(reply)](Response response) {
    add_versions(response);
    reply(std::move(response));
  });
}

// Requests without a handler: OPTIONS, an unknown path, a method that the path does not have.
Response EpcisApi::no_route(const Request& request) const {
  const auto segments = segments_of(request);
  std::string allow;
  bool captures = false;
  for (const Route& route : routes_) {
    if (!match(route.pattern, segments)) continue;
    allow += (allow.empty() ? "" : ", ") + std::string(http::word(route.method));
    captures = captures || route.pattern == "/capture";
  }
  if (allow.empty()) {
    return exception(404, "NoSuchResourceException", "Resource not found",
                     "there is nothing at this path; docs/epcis_paths.md lists what there is");
  }
  allow = "OPTIONS, " + allow;
  if (request.method == Method::options) {
    Response response = options_response(allow);
    if (!captures) return response;
    add_capture_limits(response, is_proceed(request).value_or(false));
    response.headers["GS1-Capture-Error-Behaviour"] = "all";  // rollback and proceed
    return response;
  }
  Response response = exception(405, "ImplementationException", "Method not allowed",
                                "this resource takes " + allow);
  response.headers["Allow"] = allow;
  return response;
}

std::optional<Response> EpcisApi::over_quota(const Route& route, const Request& request,
                                             const std::optional<api::Bearer>& bearer) const {
  if (route.counts == Counts::post) return std::nullopt;
  const Access& access = parts_.service.parts().access;
  const bool of_party = route.counts == Counts::logged && bearer;
  const auto admitted =
      of_party ? access.admit_party(bearer->party) : access.admit({.client = request.client});
  if (admitted) return std::nullopt;
  return exception_of(admitted.error(), false);
}

std::optional<Response> EpcisApi::unknown_parameter(const Route& route, const Request& request) {
  if (route.takes == Takes::query) return std::nullopt;
  const bool pages = route.takes == Takes::paging;
  for (const auto& [name, value] : request.query) {
    if (pages && is_paging(name)) continue;
    return exception_of({.code = Code::INVALID_FIELD,
                         .message = pages ? "only perPage and nextPageToken are taken here"
                                          : "there are no parameters here",
                         .field = name},
                        false);
  }
  return std::nullopt;
}

void EpcisApi::dispatch(Request request, Reply reply) const {
  size_t target_bytes = request.path.size();
  for (const auto& [name, value] : request.query) target_bytes += name.size() + value.size() + 2;
  if (target_bytes > kPathBytesMax)
    return reply(exception(414, "URITooLongException", "URI Too Long",
                           "a path and its query have at most 8 KiB; use a named query"));
  const auto segments = segments_of(request);
  const Route* found = nullptr;
  std::vector<std::string> captured;
  for (const Route& route : routes_) {
    auto taken = route.method == request.method ? match(route.pattern, segments) : std::nullopt;
    if (!taken) continue;
    found = &route;
    captured = *std::move(taken);
    break;
  }
  if (found == nullptr) return reply(no_route(request));
  if (is_encoded(request)) {
    Response response = exception(415, "UnsupportedMediaTypeException", "Unsupported Media Type",
                                  std::string(kNotEncoded));
    response.headers["Accept-Encoding"] = "identity";
    return reply(std::move(response));
  }
  auto wishes = wishes_of(request);
  if (!wishes) return reply(wishes.error());
  std::optional<api::Bearer> bearer;
  if (!request.authorization.empty()) {
    const auto token = credentials_of(request.authorization, "bearer");
    if (token) bearer = parts_.gateway.find(*token);
    if (!bearer) return reply(unauthorised("the token is not one of this node's"));
  }
  if (found->door == Door::bearer && !bearer)
    return reply(unauthorised("this needs a token: Authorization: Bearer <token>"));
  if (auto limited = over_quota(*found, request, bearer))
    return reply(*std::move(limited));
  auto asked = std::make_shared<Asked>(Asked{.request = std::move(request),
                                             .wishes = *std::move(wishes),
                                             .captured = std::move(captured),
                                             .bearer = std::move(bearer),
                                             .reply = std::move(reply)});
  if (found->counts == Counts::post && !admits_client(asked)) return;
  if (auto refused = unknown_parameter(*found, asked->request))
    return asked->reply(*std::move(refused));
  (this->*found->act)(asked);
}

void EpcisApi::on_worker(const AskedPtr& asked,
                         std::function<Result<Response>(const Asked&)> work,
                         const std::function<void()>& not_taken) const {
  const bool taken =
      parts_.service.parts().workers.post([asked, work = std::move(work)] {
        auto worked = work(*asked);
        Response response = worked ? *std::move(worked) : exception_of(worked.error(), false);
        if (asked->behind > 0)
          response.headers["Suyuan-Index-Behind"] = std::to_string(asked->behind);
        asked->reply(std::move(response));
      });
  if (taken) return;
  if (not_taken) not_taken();
  asked->reply(exception_of({.code = Code::BUSY, .message = "too many questions are waiting"},
                            false));
}

Result<Response> EpcisApi::answer_logged(
    const Asked& asked, const std::function<Result<Response>(const Asked&)>& work) const {
  if (!asked.bearer) return work(asked);
  const auto segments = segments_of(asked.request);
  Asker asker{.question = std::string(kRoot) + "/" + segments.front()};
  if (segments.size() > 2) asker.question += "/" + segments.back();
  if (!asked.captured.empty()) asker.code = encode_part(asked.captured.front());
  return parts_.service.parts().access.answer_program<Response>(
      {.party = asked.bearer->party, .token_id = asked.bearer->token_id}, asker,
      [&](Opened& opened) {
        auto response = work(asked);
        opened = asked.opened;
        return response;
      });
}

void EpcisApi::on_index(const AskedPtr& asked,
                        std::function<Result<Response>(const Asked&)> work) const {
  parts_.service.parts().metrics.questions.Increment();
  const uint64_t size = parts_.service.parts().size_waiters.size();
  if (parts_.indexed.size() < size) parts_.indexer.want(size);
  parts_.indexed.when(size, kIndexWait, [this, asked, size, work](bool reached) {
    // One event may have a million rows. No other question waits for all of them.
    if (!reached) asked->behind = size - std::min(size, parts_.indexed.size());
    on_worker(asked, [this, work](const Asked& one) { return answer_logged(one, work); });
  });
}

Result<EpcisApi::Paging> EpcisApi::paging_of(const Asked& asked, const std::string& bound,
                                             size_t usual) const {
  const auto& query = asked.request.query;
  Paging paging{.limit = usual, .from = {}};
  if (const auto found = query.find("perPage"); found != query.end()) {
    const auto number = from_decimal(found->second);
    if (!number || *number == 0)
      return fail(Code::INVALID_FIELD, "expected a number, 1 or more", "perPage");
    paging.limit = std::min<size_t>(*number, kPerPageMax);
  }
  if (const auto found = query.find("nextPageToken"); found != query.end()) {
    SUYUAN_TRY(token, tokens_.read(found->second, asked.request.path + "\n" + asked.party() +
                                                      "\n" + bound,
                                   parts_.service.parts().clock()));
    paging.from = std::move(token);
  }
  return paging;
}

void EpcisApi::add_next(Response& response, const Asked& asked, api::PageToken next,
                        const std::string& bound) const {
  next.expires_ms = parts_.service.parts().clock() + api::kTokenLifeMs;
  std::string target = asked.request.path + "?";
  for (const auto& [name, value] : asked.request.query) {
    if (name != "nextPageToken") target += encode_part(name) + "=" + encode_part(value) + "&";
  }
  target += "nextPageToken=" +
            tokens_.write(next, asked.request.path + "\n" + asked.party() + "\n" + bound);
  response.headers["Link"] = "<" + target + ">; rel=\"next\"";
  response.headers["GS1-Next-Page-Token-Expires"] = to_rfc3339({.ms = next.expires_ms});
}

bool is_paging(const std::string& name) { return name == "perPage" || name == "nextPageToken"; }

Response json_response(const EpcisApi::Asked& asked, std::string body, int status) {
  return {.status = status,
          .content_type = asked.wishes.linked_data ? "application/ld+json" : "application/json",
          .body = std::move(body)};
}

}  // namespace suyuan::http::epcis
