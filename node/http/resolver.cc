#include "node/http/resolver.h"

#include <algorithm>
#include <array>
#include <variant>

#include "ledger/base/text.h"
#include "ledger/registry/state.h"
#include "node/answer/answers.h"
#include "node/http/accept.h"
#include "node/http/below.h"
#include "node/http/bundle.h"
#include "node/http/compress.h"
#include "node/http/pages.h"
#include "node/http/question.h"
#include "node/http/resolver_links.h"
#include "proto/json/answers_json.h"
#include "proto/json/bundle_json.h"

namespace suyuan::http {
namespace {

// Without its version, as a client may request it.
constexpr std::string_view kBundleType = kBundleMediaType.substr(0, kBundleMediaType.find(';'));
constexpr std::string_view kJsonType = "application/json";
constexpr std::string_view kHtmlType = "text/html";
constexpr std::string_view kEventsType = "application/ld+json";

enum class Form : uint8_t { page, provenance, bundle, linkset, events, link_type, none };

struct Asked {
  AskedLink link;
  Form form = Form::page;
  std::string link_type;  // of Form::link_type
};

// Accepts "trace.example:7480", as a header may hold it; anything else would let a client write
// into links.
bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("-.:[]").find(c) != std::string_view::npos;
  });
}

std::string base_of(const ResolverOptions& options, const Request& request) {
  if (!options.public_url.empty()) return options.public_url;
  return (request.over_tls ? "https://" : "http://") +
         (is_host(request.host) ? request.host : std::string("localhost"));
}

// Returns the path as a link of GS1's own host, so that only GS1 keys are accepted; and the names
// in the query that could be AIs, because no part of the identity may be there.
std::string as_link(const Request& request) {
  constexpr size_t kNameMax = 7;
  std::string link = "https://id.gs1.org" + request.path;
  if (link.ends_with('/')) link.pop_back();
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    if (name.empty() || name.size() > kNameMax || !is_host(name)) continue;
    link.append(1, separator).append(name).append("=1");
    separator = '&';
  }
  return link;
}

// Determines what the client wants, by ?linkType= and Accept.
Form form_of(const Request& request, bool epcis, std::string& link_type) {
  const auto asked = request.query.find("linkType");
  if (asked == request.query.end()) {
    const std::array<std::string_view, 5> offers = {kHtmlType, kJsonType, kBundleType, kLinksetType,
                                                    kEventsType};
    constexpr Form kForms[] = {Form::page, Form::provenance, Form::bundle, Form::linkset,
                               Form::events};
    const auto best = best_offer(request.accept, std::span(offers).first(epcis ? 5 : 4));
    return best ? kForms[*best] : Form::none;
  }
  const auto name = link_type_name(asked->second);
  if (name == "linkset" || name == "all") return Form::linkset;
  if (name == "pip" || name == "defaultLink") return Form::page;
  if (name == "traceability") {
    return names_type(request.accept, kBundleType) ? Form::bundle : Form::provenance;
  }
  link_type = std::string(name);
  return Form::link_type;
}

Result<Asked> read_asked(const ResolverOptions& options, const Request& request) {
  const std::string link = as_link(request);
  const auto in_path = [](auto result) {
    if (!result && result.error().field.empty()) result.error().field = "path";
    return result;
  };
  SUYUAN_TRY(code, in_path(parse_code(link)));
  SUYUAN_TRY(text, in_path(parse_gs1_text(link)));
  Asked asked{.link = {.code = std::move(code),
                       .text = std::move(text),
                       .base = base_of(options, request),
                       .epcis = options.epcis},
              .form = Form::page,
              .link_type = {}};
  asked.form = form_of(request, options.epcis, asked.link_type);
  return asked;
}

void add_cors(Response& response) {
  response.headers["Access-Control-Allow-Origin"] = "*";
  response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS";
  response.headers["Access-Control-Expose-Headers"] =
      "Link, Location, Content-Location, Retry-After";
}

// Every answer says that others are available here, where they are listed, and who may read it.
Reply finished(Reply reply, const AskedLink& link) {
  const std::string path = link_path(link.text, link.text.path.size());
  std::string links = "<" + link.base + path +
                      "?linkType=linkset>; rel=\"linkset\"; type=\"application/linkset+json\"; "
                      "title=\"Links\", <" +
                      link.code.text() + ">; rel=\"canonical\"; title=\"GS1 Digital Link\"";
  return [reply = std::move(reply), links = std::move(links)](Response response) {
    add_cors(response);
    response.headers.emplace("Vary", "Accept");
    if (response.status < 400) {
      if (response.content_type == kLinksetType) {
        response.headers["Link"] = links + ", <" + std::string(kLinksetContext) +
                                   ">; rel=\"http://www.w3.org/ns/json-ld#context\"; "
                                   "type=\"application/ld+json\"; title=\"JSON-LD context\"";
      } else {
        response.headers["Link"] = links;
      }
    }
    reply(std::move(response));
  };
}

// Tells caches that the answer depends on who asked, also where nobody was named.
Reply by_asker(Reply reply) {
  return [reply = std::move(reply)](Response response) {
    response.headers["Vary"] = "Accept, Authorization";
    reply(std::move(response));
  };
}

// Serves the page even if the code is unknown or malformed: the page says so itself.
Response page_with_status(Request request, int status) {
  request.if_none_match.clear();
  Response response = page(request);
  response.status = status;
  response.headers.erase("ETag");
  response.headers["Cache-Control"] = "no-store";
  return response;
}

void reply_with_page(Service& service, const Request& request, const std::string& code,
                     const Reply& reply) {
  service.ask<bool>(
      request.client, {},
      [code](const Reader& reader, const LedgerHead&) { return is_known(reader, code); },
      [request, reply](Answer<bool> answer) {
        if (answer.value && !*answer.value) return reply(page_with_status(request, 404));
        // If the ledger cannot be read now, the page asks again, and says what it hears.
        if (answer.value || answer.value.error().code != Code::RATE_LIMITED)
          return reply(page(request));
        Response limited = page_with_status(request, 429);
        limited.headers["Retry-After"] = retry_after(answer.head.retry_after_ms);
        reply(std::move(limited));
      });
}

using Provenance = std::variant<TracePage, LotPage, Below, Page<SiteData>, Page<PartyState>>;

Result<Provenance> read_place(const Reader& reader, const Error& no_events, bool site,
                              std::string_view gln) {
  if (site) {
    SUYUAN_TRY(found, find_site(reader, gln));
    if (!found) return Unexpected(no_events);
    return Provenance(Page<SiteData>{.items = {*std::move(found)}, .next = {}});
  }
  SUYUAN_TRY(parties, list_parties(reader, {}, limits::kPageMax));
  std::erase_if(parties, [&](const PartyState& party) { return party.data.gln != gln; });
  if (parties.empty()) return Unexpected(no_events);
  return Provenance(Page<PartyState>{.items = std::move(parties), .next = {}});
}

// For an item, reads its trace; for a class, what is listed below it; for a lot, both; for a place
// or party that no event names, the registry entry.
Result<Provenance> read_provenance(const Reader& reader, const CodeQuestion& question,
                                   CodeType type, std::string_view kind, bool with_events) {
  if (type == CodeType::gtin_class) {
    SUYUAN_TRY(below, answer_list(reader, question, kind));
    return Provenance(std::move(below));
  }
  if (type == CodeType::lot) {
    SUYUAN_TRY(lot, answer_lot(reader, question, kind, with_events));
    return Provenance(std::move(lot));
  }
  auto trace = answer_trace(reader, question, with_events);
  if (trace) return Provenance(*std::move(trace));
  const std::string_view text = question.code;
  constexpr std::string_view kSite = "https://id.gs1.org/414/";
  constexpr std::string_view kParty = "https://id.gs1.org/417/";
  if (trace.error().code != Code::NOT_FOUND ||
      !(text.starts_with(kSite) || text.starts_with(kParty))) {
    return Unexpected(std::move(trace).error());
  }
  return read_place(reader, trace.error(), text.starts_with(kSite), text.substr(kSite.size()));
}

void reply_with_provenance(Service& service, Request request, const Asker& asker,
                           const ProductCode& code, const Reply& reply) {
  // A Digital Link's query may hold other parameters, so unknown ones are ignored.
  std::erase_if(request.query, [](const auto& parameter) {
    constexpr std::string_view kOurs[] = {"at",   "knownAt", "size", "wait",
                                          "limit", "page",   "events", "kind"};
    return std::ranges::find(kOurs, parameter.first) == std::end(kOurs);
  });
  const auto question = code_question(request, code.text(), {"events", "kind"});
  if (!question) return reply(problem(question.error()));
  const auto events = flag(request, "events");
  if (!events) return reply(problem(events.error()));
  const auto kind = request.query.find("kind");
  service.ask_as<Provenance>(
      asker, question->at_least,
      [question = *question, type = code.type(), with = *events,
       kind = kind == request.query.end() ? std::string() : kind->second](
          const Reader& reader, const Viewer& viewer) {
        CodeQuestion seen = question;
        seen.viewer = viewer;
        return read_provenance(reader, seen, type, kind, with);
      },
      [reply, asker](Answer<Provenance> answer) {
        if (!answer.value) {
          return reply(as_answered(
              asker, problem({answer.value.error()}, answer.head.retry_after_ms)));
        }
        answer.head.code = asker.code;
        std::string body =
            std::visit([&](const auto& value) { return to_json(answer.head, value); },
                       *answer.value);
        Response response{.body = std::move(body)};
        // No other address has a lot's trace and its units in one answer.
        const auto* lot = std::get_if<LotPage>(&*answer.value);
        if (lot == nullptr || !lot->units)
          response.headers["Content-Location"] = code_path(asker.code, asker.question);
        reply(as_answered(asker, std::move(response)));
      });
}

Response redirect(const std::string& url) {
  return {.status = 307, .content_type = "text/plain", .body = {}, .headers = {{"Location", url}}};
}

Response linkset_response(const Linkset& linkset, int status) {
  return {.status = status, .content_type = std::string(kLinksetType), .body = to_json(linkset)};
}

Response by_link_type(const Linkset& linkset, const Asked& asked, const std::string& accept) {
  auto links = links_of_type(linkset, asked.link_type);
  if (links.empty()) {
    return problem(Error{.code = Code::NOT_FOUND,
                         .message = "there is no link of type " + quoted(asked.link_type) +
                                    "; ?linkType=linkset lists what there is",
                         .field = "query.linkType"});
  }
  if (asked.link_type == "epcis" && names_type(accept, kJsonType)) {
    return {.body = epcis_repositories(asked.link.base)};
  }
  if (links.size() == 1) return redirect(links[0].href);
  return linkset_response({{.anchor = linkset[0].anchor,
                            .description = linkset[0].description,
                            .links = std::move(links)}},
                          300);
}

void reply_with_links(Service& service, const Request& request, const Asked& asked,
                      const Reply& reply) {
  service.ask<Linkset>(
      request.client, {},
      [link = asked.link](const Reader& reader, const LedgerHead&) {
        return read_linkset(reader, link);
      },
      [reply, asked, accept = request.accept](Answer<Linkset> answer) {
        if (!answer.value) {
          return reply(problem({answer.value.error()}, answer.head.retry_after_ms));
        }
        if (asked.form == Form::link_type) {
          return reply(by_link_type(*answer.value, asked, accept));
        }
        reply(linkset_response(*answer.value, 200));
      });
}

Response not_acceptable() {
  Response response = problem(
      Error{.code = Code::BAD_REQUEST,
            .message = "a Digital Link is answered as text/html, application/json, "
                       "application/linkset+json or " + std::string(kBundleType),
            .field = "Accept"});
  response.status = 406;
  return response;
}

// Provenance and bundle, which depend on who asks: a registered party with its session's token, or
// anyone.
void reply_to_asker(Service& service, const Request& request, const Asked& asked,
                    const Reply& reply) {
  const ProductCode& code = asked.link.code;
  const bool bundle = asked.form == Form::bundle;
  const bool of_class = code.type() == CodeType::gtin_class;
  const Reply finish = by_asker(finished(bundle ? compressing(request, reply) : reply, asked.link));
  const auto asker =
      public_asker_of(request, bundle ? "bundle" : of_class ? "below" : "trace", code.text());
  if (!asker) return finish(problem(asker.error()));
  if (bundle) return reply_with_bundle(service, {}, *asker, finish);
  reply_with_provenance(service, request, *asker, code, finish);
}

void resolve(Service& service, const ResolverOptions& options, const Request& request,
             const Reply& reply) {
  const auto asked = read_asked(options, request);
  if (!asked) {
    const std::array<std::string_view, 2> offers = {kHtmlType, "application/problem+json"};
    const bool html = names_type(request.accept, kHtmlType) &&
                      best_offer(request.accept, offers) == size_t{0};
    Response response = html ? page_with_status(request, 400) : problem(asked.error());
    add_cors(response);
    response.headers.emplace("Vary", "Accept");
    return reply(std::move(response));
  }
  const Reply finish = finished(reply, asked->link);
  const std::string& code = asked->link.code.text();
  switch (asked->form) {
    case Form::page: return reply_with_page(service, request, code, finish);
    case Form::provenance:
    case Form::bundle: return reply_to_asker(service, request, *asked, reply);
    case Form::events: return finish(redirect(asked->link.base + epcis_path(asked->link.code)));
    case Form::linkset:
    case Form::link_type: return reply_with_links(service, request, *asked, finish);
    case Form::none: return finish(not_acceptable());
  }
}

void add_description(Router& router, Service& service, const ResolverOptions& options) {
  router.add(Method::get, "/.well-known/gs1resolver",
             [&service, options](const Request& request, const Captures&, const Reply& reply) {
               service.ask<std::string>(
                   request.client, {},
                   [base = base_of(options, request)](
                       const Reader&, const LedgerHead& head) -> Result<std::string> {
                     return resolver_description(base, "Suyuan 溯源 " + head.origin);
                   },
                   [reply](Answer<std::string> answer) {
                     Response response =
                         answer.value ? Response{.body = *std::move(answer.value)}
                                      : problem({answer.value.error()}, answer.head.retry_after_ms);
                     add_cors(response);
                     reply(std::move(response));
                   });
             });
}

}  // namespace

Result<Done> check_public_url(const std::string& url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (url.starts_with(scheme) && is_host(url.substr(scheme.size()))) return Done{};
  }
  return fail(Code::INVALID_FIELD, "'" + url + "' is not like https://trace.example", "public-url");
}

void add_resolver(Router& router, Service& service, const ResolverOptions& options) {
  for (const std::string_view key : gs1_keys()) {
    const std::string path = "/" + std::string(key) + "/{code.../}";
    router.add(Method::get, path,
               [&service, options](const Request& request, const Captures&, const Reply& reply) {
                 resolve(service, options, request, reply);
               });
    router.add(Method::options, path, [](const Request&, const Captures&, const Reply& reply) {
      Response response{.status = 204, .content_type = "text/plain"};
      add_cors(response);
      response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Authorization";
      response.headers["Access-Control-Max-Age"] = "86400";
      response.headers["Allow"] = "GET, HEAD, OPTIONS";
      reply(std::move(response));
    });
  }
  add_description(router, service, options);
}

}  // namespace suyuan::http
