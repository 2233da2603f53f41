#include "ledger/batch/sign.h"

#include "ledger/base/limits.h"
#include "tests/unit/batch/batches.h"

namespace suyuan::testing {
namespace {

std::string signed_outcome(const Result<Submission>& result) {
  return result ? "OK" : std::string(info(result.error().code).name);
}

TEST(SignBatch, OfAPartyThatSignsItselfNamesNoSigner) {
  const Ledger ledger;
  auto events = ledger.draft({{kUnit}}).events;
  const auto sent = sign_batch(ledger.id, PayloadType::epcis_json, std::move(events), 7, {},
                               ledger.as_farm(), {ledger.as_buyer()});
  const auto note = parse_batch_note(sent.value().note).value();
  EXPECT_EQ(note.batch.party, "farm");
  EXPECT_EQ(note.batch.signer, "");
  EXPECT_EQ(note.batch.with, std::vector<std::string>{"buyer"});
  EXPECT_EQ(note.batch.type, PayloadType::epcis_json);
}

TEST(SignBatch, ThroughAGatewayIsSignedByItAlone) {
  const Ledger ledger;
  auto draft = ledger.draft({{kUnit}});
  draft.on_behalf_of = "farm";
  const auto sent = sign_batch(std::move(draft), ledger.as_gate()).value();
  EXPECT_EQ(ledger.verified(decoded(sent, {event_of({kUnit})})), "OK");
  const auto note = parse_batch_note(sent.note).value();
  EXPECT_EQ(note.batch.party, "farm");
  ASSERT_EQ(note.note.signatures.size(), 1U);
  EXPECT_EQ(note.note.signatures[0].name, "gate");
}

TEST(SignBatch, RefusesMoreEventsThanABatchHolds) {
  const Ledger ledger;
  const std::vector<std::vector<std::string>> events(limits::kBatchEventsMax + 1, {kUnit});
  EXPECT_EQ(signed_outcome(sign_batch(ledger.draft(events), ledger.as_farm())), "TOO_MANY");
}

TEST(SignBatch, RefusesMoreCosignersThanANoteHolds) {
  const Ledger ledger;
  const std::vector<Signer> nine(9, ledger.as_buyer());
  const auto refused = sign_batch(ledger.draft({{kUnit}}), ledger.as_farm(), nine);
  EXPECT_EQ(signed_outcome(refused), "TOO_MANY");
}

TEST(SignBatch, RefusesWhatTheNodeWouldFindTooLarge) {
  const Ledger ledger;
  auto draft = ledger.draft({{kUnit}});
  const size_t room = limits::kBatchBytesMax - Salt::kSize - 82;
  draft.events[0].body.payload.assign(room, 'p');
  EXPECT_EQ(signed_outcome(sign_batch(draft, ledger.as_farm())), "OK");
  draft.events[0].body.payload.push_back('p');
  EXPECT_EQ(signed_outcome(sign_batch(draft, ledger.as_farm())), "TOO_LARGE");
}

TEST(BatchId, CoversTheTextAndNotTheSignatures) {
  const Ledger ledger;
  const auto one = parse_batch_note(sign_batch(ledger.draft({{kUnit}}), ledger.as_farm())->note);
  auto other_nonce = ledger.draft({{kUnit}});
  other_nonce.nonce.data[0] = 1;
  const auto other = parse_batch_note(sign_batch(other_nonce, ledger.as_farm())->note);
  EXPECT_NE(batch_id(one->note.text), batch_id(other->note.text));
  EXPECT_EQ(batch_id(one->note.text), batch_id(write_batch_text(one->batch)));
}

TEST(SubmissionBytes, CountPayloadsSaltsAndSections) {
  const Submission submission{
      .note = "x",
      .events = {{.payload = "12345", .sections = {{.bytes = "1"}, {.bytes = ""}}},
                 {.payload = "1"}}};
  EXPECT_EQ(submission.bytes(), 5U + 1 + 1 + 4 * Salt::kSize);
}

}  // namespace
}  // namespace suyuan::testing
