// Batches whose note, signatures or proofs are wrong.
#include "ledger/batch/sign.h"
#include "ledger/event/record.h"
#include "ledger/os/files.h"
#include "tests/e2e/refusal_rows.h"

namespace suyuan::test {
namespace {

TraceEvent plain_event() {
  return testing::observe("09:30", "inspecting", {"sgtin:" + kFormula + ":F1"});
}

using SignedBy = std::function<Submission(SmallLedger&)>;

Row row(std::string name, Code code, std::string field, SignedBy make, int32_t event = -1) {
  return {.name = std::move(name),
          .code = code,
          .event = event,
          .field = std::move(field),
          .submission = std::move(make)};
}

// A batch whose text is changed and signed again, as a program with a fault would.
Row text_row(std::string name, Code code, std::string field, std::string from, std::string to) {
  return row(std::move(name), code, std::move(field),
             [from = std::move(from), to = std::move(to)](SmallLedger& ledger) {
               auto submission = ledger.batch("maker", {plain_event()});
               std::string text = signed_text(submission.note);
               const size_t at = text.find(from);
               SUYUAN_CHECK(at != std::string::npos);
               submission.note = ledger.sign_text(text.replace(at, from.size(), to), {"maker"});
               return submission;
             });
}

Row draft_row(std::string name, Code code, std::string field, std::string signer,
              std::function<void(BatchDraft&)> change) {
  return row(std::move(name), code, std::move(field),
             [signer = std::move(signer), change = std::move(change)](SmallLedger& ledger) {
               auto draft = ledger.draft({plain_event()});
               change(draft);
               return *sign_batch(std::move(draft), ledger.signer(signer));
             });
}

Submission with_another_section(SmallLedger& ledger) {
  auto event = plain_event();
  const Salt salt = random_fixed<Salt>();
  event.sections = {
      {.digest = section_digest("maker", Audience::partner, salt, "price 5"), .label = "price"}};
  auto draft = ledger.draft({event});
  draft.events[0].body.sections = {{.salt = salt, .bytes = "price 6"}};
  return *sign_batch(std::move(draft), ledger.signer("maker"));
}

Submission with_the_signature_of_another_text(SmallLedger& ledger) {
  auto submission = ledger.batch("maker", {plain_event()});
  const auto other = ledger.batch("maker", {plain_event()});
  submission.note =
      signed_text(submission.note) + other.note.substr(signed_text(other.note).size());
  return submission;
}

Submission with_two_lines(SmallLedger& ledger) {
  auto submission = ledger.batch("maker", {plain_event()});
  submission.note = ledger.sign_text(signed_text(submission.note), {"maker", "carrier"});
  return submission;
}

// The note names the maker, the line too; the key is another's.
Submission by_an_unknown_key(SmallLedger& ledger) {
  const auto& pair = ledger.key("some other key").pair;
  return *sign_batch(ledger.draft({plain_event()}),
                     Signer{.party = "maker", .secret = pair.secret, .key = pair.key});
}

Submission with_one_body_less(SmallLedger& ledger) {
  auto submission = ledger.batch("maker", {plain_event(), plain_event()});
  submission.events.pop_back();
  return submission;
}

Submission with_another_salt(SmallLedger& ledger) {
  auto submission = ledger.batch("maker", {plain_event()});
  submission.events[0].salt = random_fixed<Salt>();
  return submission;
}

}  // namespace

std::vector<Row> note_rows() {
  return {
      text_row("a line of two spaces", Code::NOTE_SYNTAX, "line 3", "party maker", "party  maker"),
      text_row("a number that begins with 0", Code::NOTE_SYNTAX, "line 5", "events 1", "events 01"),
      text_row("5,000 events in the note", Code::TOO_MANY, "events", "events 1\n", "events 5000\n"),
      text_row("a payload type of a later version", Code::UNSUPPORTED_TYPE, "type",
               "application/vnd.suyuan.event+capnp", "application/vnd.suyuan.event+cbor"),
      draft_row("a note for another ledger", Code::LEDGER_MISMATCH, "ledger", "maker",
                [](BatchDraft& draft) { draft.ledger.origin = "another.example/log"; }),
      draft_row("a note for another genesis", Code::LEDGER_MISMATCH, "ledger", "maker",
                [](BatchDraft& draft) { draft.ledger.genesis = {}; }),
      draft_row("a batch whose time is over", Code::BATCH_EXPIRED, "", "maker",
                [](BatchDraft& draft) { draft.until_ms = 1; }),
      draft_row("a party that nobody registered", Code::PARTY_UNKNOWN, "party", "stranger",
                [](BatchDraft&) {}),
      draft_row("a gateway without a delegation", Code::DELEGATION_MISSING, "", "gateway",
                [](BatchDraft& draft) { draft.on_behalf_of = "farm"; }),
      draft_row("a key that was revoked", Code::KEY_NOT_IN_FORCE, "", "retired",
                [](BatchDraft&) {}),
      row("a body less than the note says", Code::COUNT_MISMATCH, "", with_one_body_less),
      row("a salt that was not signed", Code::ROOT_MISMATCH, "root", with_another_salt),
      row("a section that is not the one named", Code::SECTION_MISMATCH, "sections[0]",
          with_another_section, 0),
      row("a signature line too many", Code::SIGNATURE_LINES, "", with_two_lines),
      row("the signature of another text", Code::SIGNATURE_INVALID, "signature line 1",
          with_the_signature_of_another_text),
      row("a key that is not the party's", Code::KEY_UNKNOWN, "", by_an_unknown_key),
  };
}

}  // namespace suyuan::test
