// Notices that are not taken, over both wires.
#include <memory>

#include "tests/e2e/refusal_rows.h"
#include "tests/e2e/sealed_events.h"

namespace suyuan::test {
namespace {

using Spoil = std::function<std::string(SmallLedger&, const SealedEvent&)>;

// Sent over RPC about an event that was posted for it, and over HTTP about the same.
Row notice_row(std::string name, Code code, std::string field, Spoil spoil) {
  const auto sealed = std::make_shared<SealedEvent>();
  static int made = 0;
  const std::string serial = "E" + std::to_string(++made);
  return {.name = std::move(name),
          .code = code,
          .field = std::move(field),
          .rpc =
              [=](SmallLedger& ledger) {
                *sealed = post_sealed(ledger, serial, {"a secret"});
                const auto answer = ledger.rpc().submit_notice(spoil(ledger, *sealed));
                return Heard{.errors = answer.outcome ? Errors{} : answer.outcome.error()};
              },
          .http =
              [=](SmallLedger& ledger) {
                return heard_over_http(post_notice(ledger, spoil(ledger, *sealed)));
              }};
}

std::string erased_again(SmallLedger& ledger, const SealedEvent& sealed) {
  const auto notice = signed_notice(ledger, erasure_of(ledger, sealed, 0));
  const auto taken = ledger.rpc().submit_notice(notice);
  if (!taken.outcome) return notice;  // the second time
  return signed_notice(ledger, erasure_of(ledger, sealed, 0));
}

}  // namespace

std::vector<Row> notice_rows() {
  const auto changed = [](void (*change)(EraseNotice&)) -> Spoil {
    return [change](SmallLedger& ledger, const SealedEvent& sealed) {
      EraseNotice notice = erasure_of(ledger, sealed, 0);
      change(notice);
      return signed_notice(ledger, notice);
    };
  };
  return {
      notice_row("by who did not state the event", Code::NOT_AUTHORITY, "party",
                 changed([](EraseNotice& notice) { notice.party = "farm"; })),
      notice_row("of a payload", Code::NOT_AUTHORITY, "part",
                 changed([](EraseNotice& notice) { notice.section.reset(); })),
      notice_row("of what is erased", Code::NOT_FOUND, "part", erased_again),
      notice_row("of a section that is not there", Code::NOT_FOUND, "part",
                 changed([](EraseNotice& notice) { notice.section->data[0] ^= 1; })),
      notice_row("of an event that is not there", Code::NOT_FOUND, "leaf",
                 changed([](EraseNotice& notice) { notice.event = 9; })),
      notice_row("for another ledger", Code::LEDGER_MISMATCH, "ledger",
                 changed([](EraseNotice& notice) { notice.ledger.origin = "other.example"; })),
      notice_row("by nobody", Code::PARTY_UNKNOWN, "party",
                 changed([](EraseNotice& notice) { notice.party = "nobody"; })),
      notice_row("by a key that was revoked", Code::KEY_NOT_IN_FORCE, "",
                 changed([](EraseNotice& notice) { notice.party = "retired"; })),
      notice_row("that is no notice", Code::NOTE_SYNTAX, "line 1",
                 [](SmallLedger& ledger, const SealedEvent&) {
                   return ledger.sign_text("suyuan/other/v1\n", {"maker"});
                 }),
      notice_row("signed by two", Code::SIGNATURE_LINES, "",
                 [](SmallLedger& ledger, const SealedEvent& sealed) {
                   return ledger.sign_text(write_erase_text(erasure_of(ledger, sealed, 0)),
                                           {"maker", "farm"});
                 }),
      notice_row("with the signature of another text", Code::SIGNATURE_INVALID,
                 "signature line 1",
                 [](SmallLedger& ledger, const SealedEvent& sealed) {
                   std::string note = signed_notice(ledger, erasure_of(ledger, sealed, 0));
                   const std::string other = signed_notice(ledger, erasure_of(ledger, sealed, 0));
                   note.replace(note.find("\n\n"), std::string::npos,
                                other.substr(other.find("\n\n")));
                   return note;
                 }),
  };
}

}  // namespace suyuan::test
