// Captures: documents as jobs, single events synchronously, batches that their client signed.
#include <algorithm>

#include "ledger/base/text.h"
#include "node/epcis/job_error.h"
#include "node/epcis/replies.h"
#include "node/http/epcis/api.h"
#include "node/http/epcis/signed_batch.h"
#include "proto/epcis/epcis.h"
#include "proto/epcis/gdst.h"
#include "proto/jsontext/writer.h"

namespace suyuan::http::epcis {
namespace {

// The bytes of one capture with the document's @context in each event: a long one must not be
// copied a thousand times.
constexpr size_t kPayloadsBytesMax = 4 * api::kCaptureBytesMax;

Response too_large(const std::string& detail, bool proceed) {
  Response response = exception(413, "CaptureLimitExceededException", "Capture Payload too large",
                                detail);
  add_capture_limits(response, proceed);
  return response;
}

// Returns nullopt if the body can be read.
std::optional<Response> refuse_body(const Request& request) {
  if (request.content_type != "application/json" &&
      request.content_type != "application/ld+json") {
    return exception(415, "UnsupportedMediaTypeException", "Unsupported Media Type",
                     quote(request.content_type) +
                         ": EPCIS is accepted as application/json or application/ld+json");
  }
  if (request.body.size() > api::kCaptureBytesMax)
    return too_large("a body has at most 8 MiB: send the events in several documents",
                     is_proceed(request).value_or(false));
  return std::nullopt;
}

// The audience of events that state none: from the request, else from the token.
Result<SplitRules> rules_of(const EpcisApi::Asked& asked) {
  const std::string said = header(asked.request, "suyuan-audience");
  if (said.empty()) {
    return SplitRules{.audience = asked.bearer->is_public ? EventAudience::everyone
                                                          : EventAudience::partner,
                      .name_events = true,
                      .bytes_max = kPayloadsBytesMax};
  }
  const auto audience = event_audience_from(said);
  if (!audience)
    return fail(Code::INVALID_FIELD, "Suyuan-Audience is public or partner");
  return SplitRules{
      .audience = *audience, .name_events = true, .bytes_max = kPayloadsBytesMax};
}

// A request that declares GDST's extension asks for GDST's rules.
api::CheckEvent check_of(const EpcisApi::Asked& asked) {
  const bool by_gdst = std::ranges::any_of(
      asked.wishes.prefixes, [](const auto& one) { return is_gdst_space(one.second); });
  return by_gdst ? &check_gdst : &check_epcis;
}

constexpr size_t kErrorsInListMax = 5;

// At most this many of its errors; one more says how many are left out.
void write_job(JsonWriter& out, const api::Job& job, size_t errors_max) {
  out.begin_object();
  out.field("captureID", job.id);
  out.field("createdAt", std::optional<Moment>(Moment{.ms = job.created_ms}));
  if (job.finished_ms)
    out.field("finishedAt", std::optional<Moment>(Moment{.ms = *job.finished_ms}));
  out.key("running");
  out.boolean(!job.finished_ms);
  out.key("success");
  out.boolean(job.success);
  out.field("captureErrorBehaviour", job.proceed ? "proceed" : "rollback");
  out.key("errors");
  out.begin_array();
  const size_t shown = std::min(job.errors.size(), errors_max);
  for (size_t i = 0; i < shown; ++i) write_error(out, job.errors[i]);
  if (shown < job.errors.size()) {
    write_error(out, {.type = "ValidationException",
                      .status = 400,
                      .title = "There are more",
                      .detail = std::to_string(job.errors.size() - shown) +
                                " more errors are in GET /epcis/capture/" + job.id});
  }
  out.end_array();
  out.end_object();
}

// For a batch refused as a whole: each error with the place of its event.
Response refused_batch(Errors errors) {
  for (Error& error : errors) {
    if (error.event < 0) continue;
    const bool is_pointer = error.field.empty() || error.field.starts_with('/');
    if (!is_pointer) error.message = error.field + ": " + error.message;
    error.field = "/" + std::to_string(error.event) + (is_pointer ? error.field : "");
  }
  return exception_of(errors);
}

Response accepted(const api::Job& job) {
  return {.status = 202, .body = {}, .headers = {{"Location", "/epcis/capture/" + job.id}}};
}

// What parsing holds is given back with it: a job is charged for itself.
Result<SplitDocument> split_charged(const Service& service, const EpcisApi::Asked& one,
                                    const Uncount& uncount) {
  SUYUAN_TRY(rules, rules_of(one));
  const std::string& body = one.request.body;
  SUYUAN_TRY(charged, service.parts().pipeline.reserve_parsing(split_bytes_max(body), uncount));
  return split_epcis(body, rules);
}

// As split_charged().
Result<Submission> parse_signed_charged(const Service& service, const EpcisApi::Asked& one,
                                        const Uncount& uncount) {
  const std::string& body = one.request.body;
  const size_t bytes = parse_signed_bytes_max(body);
  SUYUAN_TRY(charged, service.parts().pipeline.reserve_parsing(bytes, uncount));
  return parse_signed_batch(header(one.request, "content-type"), body);
}

// What these events take of one batch at least: their codes are not counted.
size_t batch_bytes_min(const std::vector<SplitEvent>& events) {
  size_t bytes = events.size() * api::kEventFrameBytes;
  for (const SplitEvent& one : events) bytes += one.payload.size();
  return bytes;
}

Result<Response> start_document(api::Captures& captures, const EpcisApi::Asked& one,
                                SplitDocument document, bool proceed) {
  if (document.type != "EPCISDocument" && document.type != "EPCISQueryDocument") {
    return fail(Code::INVALID_FIELD,
                "expected an EPCISDocument or an EPCISQueryDocument; a single event is posted to "
                "/epcis/events",
                "/type");
  }
  if (document.events.size() > api::kCaptureEventsMax)
    return too_large("a document has at most 1,000 events: send them in several", proceed);
  const size_t bytes = batch_bytes_min(document.events);
  if (!proceed && bytes > limits::kBatchBytesMax)
    return too_large(api::too_large_for_rollback(bytes), proceed);
  SUYUAN_TRY(job, captures.start(*one.bearer, std::move(document.events), proceed, check_of(one)));
  return accepted(job);
}

}  // namespace

// What is posted here is a batch like any other. Returns false if it was answered.
bool EpcisApi::admits_client(const AskedPtr& asked) const {
  const auto& parts = parts_.service.parts();
  const auto wait_ms = parts.quotas.post_of_client(asked->request.client,
                                                   asked->request.body.size(), parts.clock());
  if (wait_ms == 0) return true;
  asked->reply(exception_of(rate_limited("too many batches from this address", wait_ms), true));
  return false;
}

Uncount EpcisApi::uncount(const AskedPtr& asked) const {
  return parts_.service.parts().quotas.uncount_post_of_client(asked->request.client,
                                                              asked->request.body.size());
}

void EpcisApi::post_capture(const AskedPtr& asked) const {
  if (asked->request.content_type == kSignedBatchType) {
    const auto start = [this, not_read = uncount(asked)](const Asked& one) -> Result<Response> {
      auto submission = parse_signed_charged(parts_.service, one, not_read);
      if (!submission) return exception_of(submission.error(), true);
      auto job = parts_.captures.start_signed(*std::move(submission));
      if (!job) return refused_batch(std::move(job).error());
      return accepted(*job);
    };
    return on_worker(asked, start, uncount(asked));
  }
  if (!asked->bearer) {
    Response response = exception(401, "SecurityException", "Unauthorised request",
                                  "a capture needs a token, or a signed batch: docs/epcis_rest.md");
    response.headers["WWW-Authenticate"] = "Bearer";
    return asked->reply(std::move(response));
  }
  if (auto refused = refuse_body(asked->request)) return asked->reply(*std::move(refused));
  const auto proceed = is_proceed(asked->request);
  if (!proceed) {
    return asked->reply(exception(400, "ValidationException", "EPCIS validation exception",
                                  "GS1-Capture-Error-Behaviour is rollback or proceed"));
  }
  const auto start = [this, proceed = *proceed,
                      not_read = uncount(asked)](const Asked& one) -> Result<Response> {
    auto document = split_charged(parts_.service, one, not_read);
    if (!document) return exception_of(document.error(), true);
    auto started = start_document(parts_.captures, one, *std::move(document), proceed);
    if (!started) return exception_of(started.error(), true);
    return *std::move(started);
  };
  on_worker(asked, start, uncount(asked));
}

void EpcisApi::post_event(const AskedPtr& asked) const {
  if (auto refused = refuse_body(asked->request)) return asked->reply(*std::move(refused));
  const Uncount uncount = this->uncount(asked);
  const bool taken = parts_.service.parts().workers.post([this, asked, uncount] {
    const auto split = [&]() -> Result<SplitEvent> {
      SUYUAN_TRY(document, split_charged(parts_.service, *asked, uncount));
      if (document.events.size() == 1 && document.events[0].pointer.empty())
        return std::move(document.events[0]);
      return fail(Code::INVALID_FIELD, "expected a single event; a document is posted to "
                                       "/epcis/capture", "/type");
    }();
    if (!split) return asked->reply(exception_of(split.error(), true));
    const auto answer = [asked](Results<api::Captured> captured) {
      if (!captured) return asked->reply(exception_of(captured.error()));
      Response response = json_response(*asked, captured->payload, 201);
      response.headers["Location"] = "/epcis/events/" + encode_part(captured->event_id);
      asked->reply(std::move(response));
    };
    parts_.captures.capture(*asked->bearer, *split, check_of(*asked), answer);
  });
  if (taken) return;
  if (uncount) uncount();
  asked->reply(exception_of(
      {.code = Code::BUSY, .message = "too much is waiting for a thread"}, true));
}

void EpcisApi::get_captures(const AskedPtr& asked) const {
  on_worker(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(paging, paging_of(one, "jobs"));
    SUYUAN_TRY(page, parts_.state.jobs(one.party(), paging.from ? paging.from->name : "",
                                       paging.limit));
    JsonWriter out;
    out.begin_array();
    for (const auto& job : page.jobs) write_job(out, job, kErrorsInListMax);
    out.end_array();
    Response response = json_response(one, std::move(out).str());
    if (!page.next.empty()) add_next(response, one, {.name = page.next}, "jobs");
    return response;
  });
}

void EpcisApi::get_capture(const AskedPtr& asked) const {
  on_worker(asked, [this](const Asked& one) -> Result<Response> {
    SUYUAN_TRY(job, parts_.state.job(one.captured[0], one.party()));
    JsonWriter out;
    write_job(out, job, api::kErrorsPerJobMax);
    return json_response(one, std::move(out).str());
  });
}

}  // namespace suyuan::http::epcis
