#include "node/http/documents.h"

#include <algorithm>

#include "ledger/batch/note.h"
#include "node/answer/answers.h"
#include "node/http/question.h"
#include "proto/submission_codec.h"

namespace suyuan::http {
namespace {

constexpr std::string_view kPictureType = "product_picture";

Error no_such_document() {
  return {.code = Code::NOT_FOUND,
          .message = "this event names no public file with this SHA-256",
          .field = "sha256"};
}

// Applies the rule to the signed event itself: the file is open to those who reach it through this
// event.
Result<Done> check_document_named(const Reader& reader, Place place, const Hash& name) {
  SUYUAN_TRY(view, answer_event(reader, place, false, Viewer{}));
  if (view.state != PayloadState::open) return Unexpected(no_such_document());
  SUYUAN_TRY(note, parse_batch_note(view.note));
  const auto value = decode_any_payload(note.batch.type, view.payload);
  const auto* event = value ? std::get_if<TraceEvent>(&*value) : nullptr;
  if (event == nullptr) return Unexpected(no_such_document());  // a registry act names no files
  const bool named = std::any_of(
      event->documents.begin(), event->documents.end(), [&](const Document& document) {
        return document.sha256 == name && is_public_document(*event, document);
      });
  if (!named) return Unexpected(no_such_document());
  return Done{};
}

Response to_document(Service::Attachment attachment) {
  return {.content_type = std::move(attachment.media_type),
          .body = std::move(attachment.bytes),
          // Opened by itself, the file cannot run anything here.
          .headers = {{"Content-Disposition", "attachment"},
                      {"Content-Security-Policy", "default-src 'none'; sandbox"},
                      {"Cache-Control", "public, max-age=31536000, immutable"}}};
}

}  // namespace

bool is_public_document(const TraceEvent& event, const Document& document) {
  return event.kind == Kind::inspection || document.type == kPictureType;
}

void add_documents(Router& router, Service& service) {
  const auto handle = [&service](const Request& request, const Captures& path,
                                 const Reply& reply) {
    const auto none = no_parameters(request);
    if (!none) return reply(problem(none.error()));
    const auto place = place_in_path(path[0], path[1]);
    if (!place) return reply(problem(place.error()));
    const auto name = hash_in_path(path[2], "sha256");
    if (!name) return reply(problem(name.error()));
    using Found = Service::Attachment;
    service.ask<Found>(
        request.client, {},
        [place = *place, name = *name](const Reader& reader, const LedgerHead&) -> Result<Found> {
          SUYUAN_TRY_DONE(check_document_named(reader, place, name));
          return Service::find_attachment(reader, name);
        },
        [reply](Answer<Found> answer) {
          if (!answer.value)
            return reply(problem({answer.value.error()}, answer.head.retry_after_ms));
          reply(to_document(*std::move(answer.value)));
        });
  };
  router.add(Method::get, "/v1/events/{leaf}/{event}/documents/{sha256}", handle);
}

}  // namespace suyuan::http
