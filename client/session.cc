#include "client/session.h"

#include "ledger/batch/note.h"
#include "ledger/event/record.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

Unexpected<Error> other_bytes(const std::string& what) {
  return fail(Code::SECTION_MISMATCH, what + " is not what the ledger commits to", "sections");
}

// Returns nullopt if the event is not open, or is a registry act.
Result<std::optional<TraceEvent>> open_event(const EventView& view, const BatchNote& note) {
  if (view.state != PayloadState::open) return std::optional<TraceEvent>{};
  SUYUAN_TRY(value, decode_any_payload(note.type, view.payload));
  auto* event = std::get_if<TraceEvent>(&value);
  return event == nullptr ? std::nullopt : std::optional(std::move(*event));
}

}  // namespace

Result<Done> open_session(Connection& connection, const NamedKeyPair& key,
                          const std::optional<LedgerId>& expected) {
  const auto status = connection.status();
  if (!status.value) return Unexpected(status.value.error());
  const auto challenge = connection.challenge();
  if (!challenge.value) return Unexpected(challenge.value.error());
  if (expected && challenge.value->ledger != *expected)
    return fail(Code::LEDGER_MISMATCH, "the node's challenge is of another ledger", "ledger");
  if (challenge.value->node != status.value->node || !is_note_name(challenge.value->node))
    return fail(Code::INVALID_FIELD, "the node's challenge is of another node", "node");
  if (!is_party_id(key.name) || challenge.value->until_ms < 0)
    return fail(Code::INVALID_FIELD, quote(key.name) + " is not a party id", "name");
  const std::string text = write_session_text({.ledger = challenge.value->ledger,
                                               .node = challenge.value->node,
                                               .party = key.name,
                                               .key = key.pair.key,
                                               .nonce = challenge.value->nonce,
                                               .until_ms = challenge.value->until_ms});
  const SignedNote note{.text = text,
                        .signatures = {sign_note(text, key.name, key.pair.secret, key.pair.key)}};
  const auto session = connection.session(write_note(note));
  if (!session.value) return Unexpected(session.value.error());
  return connection.ask_as(session.value->token);
}

Result<Done> check_sections(const EventView& view) {
  if (view.sections.empty()) return Done{};
  SUYUAN_TRY(note, parse_batch_note(view.note));
  SUYUAN_TRY(record, decode_record(view.record));
  SUYUAN_TRY(event, open_event(view, note.batch));
  if (!event || payload_hash(view.salt, view.payload) != record.payload)
    return other_bytes("the payload");
  for (const OpenSection& section : view.sections) {
    if (section.index >= event->sections.size()) return other_bytes("a section");
    const SectionRef& named = event->sections[section.index];
    if (section_digest(note.batch.party, named.audience, section.salt, section.bytes) !=
        named.digest)
      return other_bytes("section " + std::to_string(section.index));
  }
  return Done{};
}

Result<Done> fetch_sections(Connection& connection, std::vector<EventView>& events) {
  for (EventView& view : events) {
    if (view.place.event == kNoticeEvent) continue;
    SUYUAN_TRY(note, parse_batch_note(view.note));
    SUYUAN_TRY(event, open_event(view, note.batch));
    if (!event || event->sections.empty()) continue;
    auto alone = connection.event(view.place, false);
    if (!alone.value) return Unexpected(std::move(alone.value).error());
    if (alone.value->record != view.record || alone.value->payload != view.payload)
      return other_bytes("the event when asked for alone");
    SUYUAN_TRY_DONE(check_sections(*alone.value));
    view.sections = std::move(alone.value->sections);
  }
  return Done{};
}

}  // namespace suyuan
