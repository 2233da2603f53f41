// A batch as a whole: its keys, time, delegation, authority, and whether it was sent before.
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

using Admission = World;

TEST_F(Admission, AnswersTheSameBatchWithItsFirstLeafAndReceipt) {
  std::vector<VerifiedBatch> twice;
  twice.push_back(ledger.batch("maker", {commission("09:00", {can(1)})}));
  twice.push_back(twice.front());
  const auto group = ledger.apply_group(twice);
  const auto leaf = std::get<Accepted>(group.verdicts[0]).leaf;
  EXPECT_EQ(std::get<Repeated>(group.verdicts[1]).leaf, leaf);
  EXPECT_EQ(std::get<Repeated>(group.verdicts[1]).receipt_size, group.head.leaves);
  ledger.accept("maker", commission("09:00", {can(2)}));
  const auto later = ledger.apply_group({twice.front()});
  EXPECT_FALSE(later.grown);
  EXPECT_EQ(std::get<Repeated>(later.verdicts[0]).receipt_size, group.head.leaves);
}

TEST_F(Admission, AnswersARepeatEvenAfterItsUntilAndKey) {
  auto batch = ledger.batch("maker", {commission("09:00", {can(1)})},
                            {.until_ms = ms("2026-06-02T00:00:00Z")});
  ledger.apply_one(batch);
  ledger.clock("2026-07-01T00:00:00Z");
  ledger.act(RevokeKey{"maker", ledger.keys("maker").key});
  EXPECT_TRUE(std::holds_alternative<Repeated>(ledger.apply_one(batch)));
}

TEST_F(Admission, RefusesABatchAfterItsUntil) {
  const auto until = ms("2026-06-02T12:00:00Z");
  ledger.clock_at(until);
  EXPECT_TRUE(is_accepted(ledger.apply_one(
      ledger.batch("maker", {commission("09:00", {can(1)})}, {.until_ms = until}))));
  ledger.clock_at(until + 1);
  EXPECT_EQ(refusal(ledger.apply_one(
                ledger.batch("maker", {commission("09:00", {can(2)})}, {.until_ms = until}))),
            Code::BATCH_EXPIRED);
}

TEST_F(Admission, RefusesAKeyFromTheLeafAfterItsRevocation) {
  std::vector<VerifiedBatch> group;
  group.push_back(ledger.batch("maker", {commission("09:00", {can(1)})}));
  group.push_back(ledger.act_batch("registrar", {RevokeKey{"maker", ledger.keys("maker").key}}));
  group.push_back(ledger.batch("maker", {commission("09:00", {can(2)})}));
  const auto verdicts = ledger.apply_group(group).verdicts;
  EXPECT_TRUE(is_accepted(verdicts[0]));
  EXPECT_TRUE(is_accepted(verdicts[1])) << words(verdicts[1]);
  EXPECT_EQ(refusal(verdicts[2]), Code::KEY_NOT_IN_FORCE);
}

TEST_F(Admission, TakesARotatedKeyFromTheLeafAfterItsRegistration) {
  EXPECT_TRUE(is_accepted(ledger.act(AddKey{"maker", ledger.possession("maker", 1)})));
  EXPECT_TRUE(is_accepted(
      ledger.apply_one(ledger.batch("maker", {commission("09:00", {can(1)})}, {.key = 1}))));
}

TEST_F(Admission, TakesAGatewaysSignatureOnlyWhileItIsDelegated) {
  ledger.party("gateway", {Role::logistics});
  const auto post = [&](int number) {
    return ledger.apply_one(ledger.batch("maker", {commission("09:00", {can(number)})},
                                         {.signer = "gateway"}));
  };
  EXPECT_EQ(refusal(post(1)), Code::DELEGATION_MISSING);
  ledger.act(GrantDelegation{"maker", "gateway", at("2026-06-03T00:00:00Z")});
  EXPECT_TRUE(is_accepted(post(2)));
  EXPECT_EQ(custody(can(2)), "maker");  // the gateway speaks for the maker
  ledger.clock("2026-06-03T00:00:01Z");
  EXPECT_EQ(refusal(post(3)), Code::DELEGATION_MISSING);
}

TEST_F(Admission, RefusesARegistryActOfWhoIsNoAuthority) {
  const auto batch = ledger.act_batch(
      "maker", {RegisterProduct{{.gtin = "19521104301018", .name = "x", .owner = "maker"}}});
  EXPECT_EQ(refusal(ledger.apply_one(batch)), Code::NOT_AUTHORITY);
}

TEST_F(Admission, JudgesByTheRegistryOfTheSameGroup) {
  std::vector<VerifiedBatch> group;
  group.push_back(ledger.batch("maker", {commission("09:00", {"sgtin:19521104301018:C1"})}));
  group.push_back(ledger.act_batch(
      "registrar", {RegisterProduct{{.gtin = "19521104301018", .name = "x", .owner = "maker"}}}));
  group.push_back(ledger.batch("maker", {commission("09:00", {"sgtin:19521104301018:C1"})}));
  const auto verdicts = ledger.apply_group(group).verdicts;
  EXPECT_EQ(refusal(verdicts[0]), Code::UNAUTHORISED_PRODUCT);
  EXPECT_TRUE(is_accepted(verdicts[2])) << words(verdicts[2]);
}

TEST_F(Admission, ForgetsARefusedRegistryBatch) {
  const ProductData product{.gtin = "19521104301018", .name = "x", .owner = "maker"};
  std::vector<VerifiedBatch> group;
  group.push_back(ledger.act_batch("registrar", {RegisterProduct{product},
                                                 RegisterProduct{product}}));
  group.push_back(ledger.batch("maker", {commission("09:00", {"sgtin:19521104301018:C1"})}));
  const auto verdicts = ledger.apply_group(group).verdicts;
  EXPECT_EQ(refusal(verdicts[0]), Code::PRODUCT_EXISTS);
  EXPECT_EQ(refusal(verdicts[1]), Code::UNAUTHORISED_PRODUCT);
}

TEST_F(Admission, AnswersTheSameEventsInAnotherBatchWithTheFirstReceipt) {
  const auto event = named(commission("09:00", {can(1)}), "urn:x:1");
  const auto first = ledger.accept("maker", event);
  const auto again = ledger.post("maker", event);
  EXPECT_EQ(std::get<Repeated>(again).leaf, first.leaf);
  EXPECT_EQ(std::get<Repeated>(again).receipt_size, first.leaf + 1);
}

TEST_F(Admission, NamesOfTheFirstBatchWhatCameAgainOfItInAnother) {
  std::vector<TraceEvent> events;
  for (int i = 0; i < 4; ++i)
    events.push_back(named(commission("09:00", {can(i)}), "urn:x:" + std::to_string(i)));
  const auto first = ledger.batch("maker", {events[0], events[1], events[2]});
  EXPECT_TRUE(is_accepted(ledger.apply_one(first)));
  ledger.accept("maker", events[3]);
  const auto again = [&](const std::vector<TraceEvent>& sent) {
    return std::get<Repeated>(ledger.post("maker", sent)).events;
  };
  EXPECT_EQ(again({events[2], events[0]}), (std::vector<uint32_t>{0, 2}));
  EXPECT_EQ(again({events[1], events[1]}), (std::vector<uint32_t>{1}));
  EXPECT_EQ(again({events[2], events[3]}), (std::vector<uint32_t>{2}))
      << "the other is of another batch";
  EXPECT_EQ(std::get<Repeated>(ledger.apply_one(first)).events, std::nullopt);
}

TEST_F(Admission, RefusesABatchOfWhichPartWasAccepted) {
  const auto event = named(commission("09:00", {can(1)}), "urn:x:1");
  ledger.accept("maker", event);
  const auto mixed =
      ledger.post("maker", {named(commission("09:00", {can(2)}), "urn:x:2"), event});
  EXPECT_EQ(refusal(mixed), Code::EVENT_ID_REUSED);
  EXPECT_EQ(std::get<Refused>(mixed).errors.at(0).event, 1);
}

TEST_F(Admission, RefusesAnEventIdWithOtherBytes) {
  const auto event = named(commission("09:00", {can(1)}), "urn:x:1");
  ledger.accept("maker", event);
  EXPECT_EQ(refusal(ledger.apply_one(ledger.batch("maker", {event}, {.payloads = {"other"}}))),
            Code::EVENT_ID_REUSED);
}

TEST_F(Admission, RefusesAnEventIdTwiceInOneBatch) {
  const auto verdict = ledger.post("maker", {named(commission("09:00", {can(1)}), "urn:x:1"),
                                             named(commission("09:00", {can(2)}), "urn:x:1")});
  EXPECT_EQ(refusal(verdict), Code::EVENT_ID_REUSED);
}

TEST_F(Admission, LeavesEventIdsToEachParty) {
  ledger.accept("maker", named(commission("09:00", {can(1)}), "urn:x:1"));
  ledger.accept("carrier", named(observe("09:00", "arriving", {kBox}), "urn:x:1"));
}

}  // namespace
}  // namespace suyuan::testing
