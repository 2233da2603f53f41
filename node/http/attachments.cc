#include "node/http/attachments.h"

#include <algorithm>
#include <array>

#include "ledger/base/text.h"
#include "node/http/permit.h"
#include "node/http/question.h"

namespace suyuan::http {
namespace {

Result<Done> check_permit(const Reader& reader, const LedgerHead& head, int64_t now_ms,
                          const Permit& permit, std::string_view act, const Hash& sha256) {
  SUYUAN_TRY_DONE(
      check_use(permit, {.ledger = {.origin = head.origin, .genesis = head.genesis},
                         .now_ms = now_ms,
                         .act = act,
                         .sha256 = sha256}));
  SUYUAN_TRY(party, find_party(reader, permit.party));
  if (!party) return fail(Code::PARTY_UNKNOWN, "'" + permit.party + "' is not registered", "party");
  return check_signature(permit, *party, head.leaves);
}

template <class T>
Response refusal_of(const Answer<T>& answer) {
  return problem({answer.value.error()}, answer.head.retry_after_ms);
}

struct Kept {};  // The answer to a put.

void put(Service& service, Request request, const Captures& path, const Reply& reply) {
  auto none = no_parameters(request);
  if (!none) return reply(problem(none.error()));
  auto name = hash_in_path(path[0], "sha256");
  if (!name) return reply(problem(name.error()));
  if (request.body.size() > limits::kAttachmentBytesMax) {
    return reply(problem(Error{
        .code = Code::TOO_LARGE, .message = "an attachment has at most 16 MiB", .field = "body"}));
  }
  if (!is_attachment_type(request.content_type)) {
    return reply(problem(Error{.code = Code::UNSUPPORTED_TYPE,
                               .message = "'" + request.content_type +
                                          "' is not one of the types that are kept: PDF, JPEG, "
                                          "PNG, WebP, plain text, CSV, JSON, XML",
                               .field = "Content-Type"}));
  }
  auto permit = parse_permit(request.authorization);
  if (!permit) return reply(problem(permit.error()));
  // Shared, because tasks waiting for a worker are copied, and this is too large for that.
  const auto kept = std::make_shared<const Service::Attachment>(Service::Attachment{
      .media_type = std::move(request.content_type), .bytes = std::move(request.body)});
  service.ask<Kept>(
      request.client, {},
      [&service, name = *name, permit = *permit, kept](
          const Reader& reader, const LedgerHead& head) -> Result<Kept> {
        SUYUAN_TRY_DONE(check_permit(reader, head, service.parts().clock(), permit, "put", name));
        SUYUAN_TRY_DONE(service.keep_attachment(name, *kept, permit.party));
        return Kept{};
      },
      [reply](Answer<Kept> answer) {
        if (!answer.value) return reply(refusal_of(answer));
        reply({.status = 201, .body = "{}"});
      });
}

void get(Service& service, const Request& request, const Captures& path, const Reply& reply) {
  auto none = no_parameters(request);
  if (!none) return reply(problem(none.error()));
  auto name = hash_in_path(path[0], "sha256");
  if (!name) return reply(problem(name.error()));
  auto permit = parse_permit(request.authorization);
  if (!permit) return reply(problem(permit.error()));
  using Found = Service::Attachment;
  service.ask<Found>(
      request.client, {},
      [&service, name = *name, permit = *permit, client = request.client](
          const Reader& reader, const LedgerHead& head) -> Result<Found> {
        SUYUAN_TRY_DONE(check_permit(reader, head, service.parts().clock(), permit, "get", name));
        // A permit says who reads, as a session does: counted and logged alike. Where the party is
        // over its limit the question stays the client's, since its signature was verified.
        return service.parts().access.answer_signed<Found>(
            permit.party, permit.note.signatures[0].key_id,
            {.question = "attachment", .code = to_hex(name.view())},
            [&] {
              service.parts().quotas.uncount_read_of_client(client);
              return Service::find_attachment(reader, name);
            });
      },
      [reply](Answer<Found> answer) {
        if (!answer.value) return reply(refusal_of(answer));
        reply({.content_type = answer.value->media_type,
               .body = std::move(answer.value->bytes),
               .headers = {{"Content-Disposition", "attachment"},
                           {"Cache-Control", "private, immutable"}}});
      });
}

}  // namespace

void add_attachments(Router& router, Service& service) {
  router.add(Method::put, "/v1/attachments/{sha256}",
             [&service](Request request, Captures path, Reply reply) {
               put(service, std::move(request), path, reply);
             });
  router.add(Method::get, "/v1/attachments/{sha256}",
             [&service](Request request, Captures path, Reply reply) {
               get(service, request, path, reply);
             });
}

}  // namespace suyuan::http
