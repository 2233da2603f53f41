#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "tests/unit/batch/batches.h"

namespace suyuan::testing {
namespace {

TEST(Verify, KeepsWhatTheLogNeeds) {
  const Ledger ledger;
  const auto batch = verify(ledger.batch({{kUnit, kCase}, {kCase}}), ledger.id, ledger.state());
  ASSERT_TRUE(batch) << outcome(batch);
  ASSERT_EQ(batch->events().size(), 2U);
  const VerifiedEvent& event = batch->events()[0];
  ASSERT_EQ(event.codes.size(), 2U);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(event.record.code_keys[i], code_key(event.codes[i]));
  EXPECT_EQ(event.record.payload, payload_hash({}, "payload"));
  EXPECT_EQ(decode_record(event.record_bytes).value(), event.record);
  EXPECT_EQ(batch->id(), batch_id(write_batch_text(batch->note())));
  EXPECT_EQ(parse_batch_note(batch->note_text())->batch, batch->note());
}

TEST(Verify, AnswersForEachFaultyEvent) {
  const Ledger ledger;
  auto batch = ledger.batch({{kUnit}, {kUnit}, {kCase}});
  std::get<TraceEvent>(batch.values[0]).event_time = {.ms = 1, .offset_minutes = 900};
  std::get<TraceEvent>(batch.values[2]).objects[0].code = "nonsense";
  const auto refused = verify(std::move(batch), ledger.id, ledger.state());
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().size(), 2U) << outcome(refused);
  EXPECT_EQ(refused.error()[0].event, 0);
  EXPECT_EQ(refused.error()[0].code, Code::INVALID_FIELD);
  EXPECT_EQ(refused.error()[1].event, 2);
  EXPECT_EQ(refused.error()[1].code, Code::CODE_SYNTAX);
}

TEST(Verify, AnswersWithABoundedNumberOfFaults) {
  const Ledger ledger;
  auto batch = ledger.batch(std::vector<std::vector<std::string>>(100, {kUnit}));
  for (auto& value : batch.values) std::get<TraceEvent>(value).objects.clear();
  const auto refused = verify(std::move(batch), ledger.id, ledger.state());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().size(), limits::kErrorsPerBatchMax);
}

// Whoever holds no key learns nothing of the events, and costs no more than the signature.
TEST(Verify, LooksAtSignaturesBeforeEvents) {
  const Ledger ledger;
  auto batch = ledger.batch({{kUnit}});
  std::get<TraceEvent>(batch.values[0]).objects.clear();
  batch.note.note.signatures[0].signature.data[0] ^= 1;
  EXPECT_EQ(ledger.verified(std::move(batch)), "SIGNATURE_INVALID signature line 1");
}

TEST(Verify, TakesKeysThatAreNoLongerInForce) {
  Ledger ledger;
  auto batch = ledger.batch({{kUnit}});
  PartyState farm = party_with("farm", {ledger.farm.key});
  farm.keys[0].revoked = 0;
  MemoryStore store;
  Overlay state(store.latest());
  state.put(Table::registry, party_row_key("farm"), encode(farm));
  EXPECT_EQ(outcome(verify(std::move(batch), ledger.id, state)), "OK");
}

TEST(Verify, TakesTheLargestSectionsAndPayloads) {
  const Ledger ledger;
  const auto sized = [&](size_t payload, size_t section) {
    auto draft = ledger.draft({{kUnit}});
    draft.events[0].body.payload.assign(payload, 'p');
    draft.events[0].body.sections = {{.salt = {}, .bytes = Bytes(section, 's')}};
    TraceEvent event = event_of({kUnit});
    event.sections = {{.digest = section_digest("farm", Audience::partner, {}, Bytes(section, 's')),
                       .audience = Audience::partner,
                       .label = "price"}};
    auto submission = sign_batch(std::move(draft), ledger.as_farm()).value();
    return ledger.verified(decoded(std::move(submission), {event}));
  };
  EXPECT_EQ(sized(limits::kPayloadBytesMax, limits::kSectionBytesMax), "OK");
  EXPECT_EQ(sized(limits::kPayloadBytesMax + 1, 0), "TOO_LARGE@0 payload");
  EXPECT_EQ(sized(0, limits::kSectionBytesMax + 1), "TOO_LARGE@0 sections[0]");
}

TEST(Verify, BoundsTheSectionsOfAnEvent) {
  const Ledger ledger;
  auto batch = ledger.batch({{kUnit}});
  batch.submission.events[0].sections.resize(limits::kSectionsPerEventMax + 1);
  EXPECT_EQ(ledger.verified(std::move(batch)), "TOO_MANY@0 sections");
}

TEST(Verify, AsksForAsManySectionsAsThePayloadNames) {
  const Ledger ledger;
  auto batch = ledger.batch({{kUnit}});
  batch.submission.events[0].sections.resize(1);
  EXPECT_EQ(ledger.verified(std::move(batch)), "SECTION_MISMATCH@0 sections");
}

TEST(Verify, SaysWhichSectionDoesNotFit) {
  const Ledger ledger;
  auto batch = ledger.batch({{kUnit}});
  batch.submission.events[0].sections.resize(2);
  const SectionRef good{.digest = section_digest("farm", Audience::owner, {}, ""),
                        .audience = Audience::owner,
                        .label = "a"};
  const SectionRef other{.digest = section_digest("farm", Audience::partner, {}, ""),
                         .audience = Audience::customs,
                         .label = "b"};
  std::get<TraceEvent>(batch.values[0]).sections = {good, other};
  EXPECT_EQ(ledger.verified(std::move(batch)), "SECTION_MISMATCH@0 sections[1]");
}

TEST(Verify, CountsRecordsIntoTheLargestSize) {
  const Ledger ledger;
  // Two payloads that fit alone; each record has 16 + 2 + 32 + 32 bytes.
  const size_t room = limits::kBatchBytesMax - 2 * (Salt::kSize + 82);
  const auto sized = [&](size_t bytes) {
    auto draft = ledger.draft({{kUnit}, {kUnit}});
    auto batch = decoded(sign_batch(draft, ledger.as_farm()).value(),
                         {event_of({kUnit}), event_of({kUnit})});
    batch.submission.events[0].payload.assign(bytes / 2, 'p');
    batch.submission.events[1].payload.assign(bytes - bytes / 2, 'p');
    return ledger.verified(std::move(batch));
  };
  EXPECT_EQ(sized(room), "ROOT_MISMATCH root");  // large enough to be hashed
  EXPECT_EQ(sized(room + 1), "TOO_LARGE");
  EXPECT_EQ(sized(limits::kBatchBytesMax), "TOO_LARGE");
}

TEST(Verify, TakesTheLargestNumberOfEvents) {
  const Ledger ledger;
  const std::vector<std::vector<std::string>> events(limits::kBatchEventsMax, {kUnit});
  EXPECT_EQ(ledger.verified(ledger.batch(events)), "OK");
}

RegistryEvent act() {
  return RegisterSite{{.gln = "9521104000013", .party = "farm", .name = "Dryer"}};
}

DecodedBatch act_batch(const Ledger& ledger, const RegistryEvent& event) {
  auto draft = ledger.draft({{code_of(event)}});
  draft.type = PayloadType::registry_capnp;
  return decoded(sign_batch(std::move(draft), ledger.as_farm()).value(), {event});
}

// That the signer is an authority is a question to the state, so apply's.
TEST(VerifyActs, TakesAnActOfAnyParty) {
  const Ledger ledger;
  const auto batch = verify(act_batch(ledger, act()), ledger.id, ledger.state());
  ASSERT_TRUE(batch) << outcome(batch);
  EXPECT_EQ(batch->events()[0].codes, std::vector<std::string>{"urn:suyuan:site:9521104000013"});
}

TEST(VerifyActs, AnswersWithTheActsOwnFaults) {
  const Ledger ledger;
  auto event = std::get<RegisterSite>(act());
  event.site.name.clear();
  EXPECT_EQ(ledger.verified(act_batch(ledger, event)), "MISSING_FIELD@0 site.name");
}

TEST(VerifyActs, TakeNoSections) {
  const Ledger ledger;
  auto batch = act_batch(ledger, act());
  batch.submission.events[0].sections.resize(1);
  EXPECT_EQ(ledger.verified(std::move(batch)), "SECTION_MISMATCH@0 sections");
}

TEST(VerifyActs, AreNotMixedWithEvents) {
  const Ledger ledger;
  auto batch = ledger.batch({{kUnit}});
  batch.values[0] = act();
  EXPECT_EQ(ledger.verified(std::move(batch)), "UNSUPPORTED_TYPE@0 payload");
}

TEST(Verify, PassesOnThatTheRegistryIsCorrupt) {
  const Ledger ledger;
  MemoryStore store;
  Overlay state(store.latest());
  state.put(Table::registry, party_row_key("farm"), "x");
  EXPECT_EQ(outcome(verify(ledger.batch({{kUnit}}), ledger.id, state)), "CORRUPT");
}

}  // namespace
}  // namespace suyuan::testing
