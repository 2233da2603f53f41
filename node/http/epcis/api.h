// The REST binding of EPCIS 2.0 under /epcis. docs/epcis_paths.md lists every path and parameter of
// the standard's OpenAPI file; a test compares.
#pragma once

#include "node/epcis/answer.h"
#include "node/epcis/capture.h"
#include "node/epcis/indexer.h"
#include "node/epcis/page_token.h"

namespace suyuan::http::epcis {

inline constexpr size_t kPerPageUsual = 30;

class EpcisApi {
 public:
  struct Parts {
    Service& service;
    const api::Index& index;
    SizeWaiters& indexed;             // the log size that the index has reached
    api::Indexer& indexer;
    const api::Gateway& gateway;
    api::State& state;
    api::Captures& captures;
    bool loopback_callbacks;     // webhooks may go to this machine
  };
  explicit EpcisApi(Parts parts);

  // On the network thread.
  void handle(Request request, Reply reply) const;
  static bool is_ours(const Request& request);
  // "GET /capture/{captureID}", ... as the standard's file writes them.
  std::vector<std::string> routes() const;

  // A request in progress.
  struct Asked {
    Request request;
    Wishes wishes;
    std::vector<std::string> captured;   // what the braces matched
    std::optional<api::Bearer> bearer;   // nullopt: anyone
    Reply reply;
    uint64_t behind = 0;                 // leaves that the index lacked when the wait ended
    // Restricted content in the answer. Only for the answering worker.
    mutable Opened opened = {};
    std::string party() const { return bearer ? bearer->party : std::string(); }
  };
  using AskedPtr = std::shared_ptr<Asked>;

 private:
  using Act = void (EpcisApi::*)(const AskedPtr&) const;
  enum class Door : uint8_t { anyone, bearer };
  // What a request counts as: a question of the client; a question that counts for a token's party
  // instead, if there is a token; a post.
  enum class Counts : uint8_t { question, logged, post };
  // Which parameters a URL may have; of a query its handler knows them.
  enum class Takes : uint8_t { none, paging, query };
  struct Route {
    Method method;
    std::string pattern;
    Door door;
    Act act;
    Counts counts = Counts::question;
    Takes takes = Takes::none;
  };
  struct EventsAsk {
    api::Query query;
    std::string asked;       // for the page token
    std::string query_name = "SimpleEventQuery";
  };

  // Pages of any kind: how many, from where, and the header for the next.
  struct Paging {
    size_t limit = 0;
    std::optional<api::PageToken> from;
  };
  Result<Paging> paging_of(const Asked& asked, const std::string& bound,
                           size_t usual = kPerPageUsual) const;
  void add_next(Response& response, const Asked& asked, api::PageToken next,
                const std::string& bound) const;

  void add_routes();
  // Counts a question. Returns the answer to one too many.
  std::optional<Response> over_quota(const Route& route, const Request& request,
                                     const std::optional<api::Bearer>& bearer) const;
  // Returns the answer to a parameter that the route does not take.
  static std::optional<Response> unknown_parameter(const Route& route, const Request& request);
  void dispatch(Request request, Reply reply) const;
  Response no_route(const Request& request) const;
  // Answers BUSY if no worker is free, and calls `not_taken` (may be null) before.
  void on_worker(const AskedPtr& asked, std::function<Result<Response>(const Asked&)> work,
                 const std::function<void()>& not_taken = {}) const;
  // Like on_worker; for a requester with a token, logged before it is answered (docs/access.md).
  Result<Response> answer_logged(const Asked& asked,
                                 const std::function<Result<Response>(const Asked&)>& work) const;
  // Like on_worker, once the index covers the log at the time of the request. If that takes too
  // long, answers from what the index has; the answer says so.
  void on_index(const AskedPtr& asked, std::function<Result<Response>(const Asked&)> work) const;

  // events.cc
  void get_events(const AskedPtr& asked) const;
  void get_event(const AskedPtr& asked) const;
  void get_events_of(const AskedPtr& asked) const;
  void get_query_events(const AskedPtr& asked) const;
  Result<EventsAsk> events_ask(const Asked& asked, std::vector<api::Parameter> more,
                               const api::Prefixes& prefixes) const;
  Result<Response> answer_events(const Asked& asked, const EventsAsk& ask, Paging paging) const;

  // collections.cc
  void get_top(const AskedPtr& asked) const;
  void get_values(const AskedPtr& asked) const;
  void get_value(const AskedPtr& asked) const;
  void delete_token(const AskedPtr& asked) const;

  // captures.cc
  bool admits_client(const AskedPtr& asked) const;
  Uncount uncount(const AskedPtr& asked) const;
  void post_capture(const AskedPtr& asked) const;
  void get_captures(const AskedPtr& asked) const;
  void get_capture(const AskedPtr& asked) const;
  void post_event(const AskedPtr& asked) const;

  // queries.cc
  void post_query(const AskedPtr& asked) const;
  void get_queries(const AskedPtr& asked) const;
  void get_query(const AskedPtr& asked) const;
  void delete_query(const AskedPtr& asked) const;
  void post_subscription(const AskedPtr& asked) const;
  void get_subscriptions(const AskedPtr& asked) const;
  void get_subscription(const AskedPtr& asked) const;
  void delete_subscription(const AskedPtr& asked) const;

  const Parts parts_;
  mutable api::PageTokens tokens_;  // its own lock; handlers change nothing else here
  std::vector<Route> routes_;
};

Response json_response(const EpcisApi::Asked& asked, std::string body, int status = 200);
// perPage, nextPageToken
bool is_paging(const std::string& name);

}  // namespace suyuan::http::epcis
