#include "node/http/attachments.h"

#include <algorithm>
#include <array>

#include "ledger/base/text.h"
#include "ledger/crypto/note.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/registry/state.h"
#include "node/http/question.h"

namespace suyuan::http {
namespace {

constexpr std::string_view kScheme = "Suyuan-Note ";
constexpr int64_t kAheadMsMax = 60 * 60 * 1000;
constexpr std::array<std::string_view, 8> kTypes = {
    "application/json", "application/pdf", "image/jpeg", "image/png",
    "image/webp",       "text/csv",        "text/plain", "application/xml"};

struct Permit {
  LedgerId ledger;
  std::string party;
  std::string act;
  Hash sha256;
  uint64_t until_ms = 0;
  SignedNote note;
};

Result<Permit> parse_permit(const std::string& authorization) {
  const bool shaped = authorization.starts_with(kScheme);
  const auto text =
      shaped ? from_base64(std::string_view(authorization).substr(kScheme.size())) : std::nullopt;
  if (!text) {
    return fail(
        Code::SIGNATURE_LINES,
        "send Authorization: Suyuan-Note <base64 of a signed note>; docs/operating.md shows it",
        "Authorization");
  }
  Permit permit;
  SUYUAN_TRY(note, parse_note(*text));
  SUYUAN_TRY(lines, TextLines::open(note.text, "suyuan/attachment/v1"));
  SUYUAN_TRY(ledger, lines.take_fields("ledger", 2));
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(ledger[1]));
  permit.ledger = {.origin = std::string(ledger[0]), .genesis = genesis};
  SUYUAN_TRY(party, lines.take("party"));
  SUYUAN_TRY(act, lines.take("act"));
  SUYUAN_TRY(digest, lines.take("sha256"));
  const auto sha256 = fixed_from_hex<Hash>(digest);
  if (!sha256) return lines.refuse("expected 64 lower-case hex digits");
  SUYUAN_TRY(until, lines.take_decimal("until"));
  SUYUAN_TRY_DONE(lines.finish());
  permit.party = std::string(party);
  permit.act = std::string(act);
  permit.sha256 = *sha256;
  permit.until_ms = until;
  permit.note = std::move(note);
  return permit;
}

Result<Done> check_permit(const Reader& reader, const LedgerHead& head, int64_t now_ms,
                          const Permit& permit, std::string_view act, const Hash& sha256) {
  if (permit.ledger != LedgerId{.origin = head.origin, .genesis = head.genesis}) {
    return fail(Code::LEDGER_MISMATCH, "the permit is for another ledger", "ledger");
  }
  if (permit.act != act || permit.sha256 != sha256) {
    return fail(Code::SIGNATURE_INVALID, "the permit is for another act or attachment",
                "Authorization");
  }
  const auto now = static_cast<uint64_t>(now_ms);
  if (permit.until_ms < now || permit.until_ms > now + kAheadMsMax) {
    return fail(Code::BATCH_EXPIRED, "the permit's `until` must lie within the next hour", "until");
  }
  SUYUAN_TRY(party, find_party(reader, permit.party));
  if (!party) return fail(Code::PARTY_UNKNOWN, "'" + permit.party + "' is not registered", "party");
  if (permit.note.signatures.size() != 1 || permit.note.signatures[0].name != permit.party) {
    return fail(Code::SIGNATURE_LINES, "one signature line, of the party", "Authorization");
  }
  SUYUAN_TRY(key, key_in_force(*party, permit.note.signatures[0].key_id, head.leaves));
  if (!verify_note_signature(permit.note.text, permit.note.signatures[0], key.key)) {
    return fail(Code::SIGNATURE_INVALID, "the signature does not verify under the party's key",
                "Authorization");
  }
  return Done{};
}

struct Kept {};  // The answer to a put.

void put(Service& service, const Request& request, const Captures& path, const Reply& reply) {
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
                                          "' is none of the types that are kept: PDF, JPEG, PNG, "
                                          "WebP, plain text, CSV, JSON, XML",
                               .field = "Content-Type"}));
  }
  auto permit = parse_permit(request.authorization);
  if (!permit) return reply(problem(permit.error()));
  service.ask<Kept>(
      {},
      [&service, name = *name, permit = *permit, type = request.content_type, body = request.body](
          const Reader& reader, const LedgerHead& head) -> Result<Kept> {
        SUYUAN_TRY_DONE(check_permit(reader, head, service.parts().clock(), permit, "put", name));
        SUYUAN_TRY_DONE(service.keep_attachment(name, {.media_type = type, .bytes = body}));
        return Kept{};
      },
      [reply](Answer<Kept> answer) {
        if (!answer.value) return reply(problem(answer.value.error()));
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
      {},
      [&service, name = *name, permit = *permit](const Reader& reader,
                                                 const LedgerHead& head) -> Result<Found> {
        SUYUAN_TRY_DONE(check_permit(reader, head, service.parts().clock(), permit, "get", name));
        return Service::find_attachment(reader, name);
      },
      [reply](Answer<Found> answer) {
        if (!answer.value) return reply(problem(answer.value.error()));
        reply({.content_type = answer.value->media_type,
               .body = std::move(answer.value->bytes),
               .headers = {{"Content-Disposition", "attachment"},
                           {"Cache-Control", "private, immutable"}}});
      });
}

}  // namespace

bool is_attachment_type(std::string_view media_type) {
  return std::find(kTypes.begin(), kTypes.end(), media_type) != kTypes.end();
}

void add_attachments(Router& router, Service& service) {
  router.add(Method::put, "/v1/attachments/{sha256}",
             [&service](Request request, Captures path, Reply reply) {
               put(service, request, path, reply);
             });
  router.add(Method::get, "/v1/attachments/{sha256}",
             [&service](Request request, Captures path, Reply reply) {
               get(service, request, path, reply);
             });
}

}  // namespace suyuan::http
