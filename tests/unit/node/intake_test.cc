// What is answered before the log: what the node cannot read, what it refuses, what it knows.
#include "ledger/apply/notice.h"
#include "tests/unit/node/intake_fixture.h"

namespace suyuan {
namespace {

TEST_F(IntakeTest, ALookupThatFailsIsAFaultAndNoRefusalOfTheDelegation) {
  const VerifiedBatch batch = batch_by_gateway();
  const auto refused = submit(batch);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().code, Code::DELEGATION_MISSING);
  store_.batches_fail = true;
  const auto failed = submit(batch);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().front().code, Code::IO);
  EXPECT_EQ(order_.appended, 0U);
}

TEST_F(IntakeTest, ABatchInTheLedgerGetsItsReceiptWhenItsDelegationHasEnded) {
  const VerifiedBatch batch = delegated_batch_in_ledger();
  builder_.clock("2026-06-03T00:00:01Z");
  builder_.accept("maker", testing::commission("09:00", {"sgtin:09521104301011:A2"}));
  const auto again = submit(batch);
  ASSERT_TRUE(again) << to_text(again.error().front());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(order_.appended, 0U);
}

// Its note and events can be read in the ledger: else anyone could use up another party's quota.
TEST_F(IntakeTest, ABatchInTheLedgerCountsForNoPartyWhenItComesAgain) {
  const VerifiedBatch batch =
      builder_.batch("maker", {testing::commission("08:00", {"sgtin:09521104301011:A1"})});
  ASSERT_TRUE(testing::is_accepted(builder_.apply_one(batch)));
  add_receipt();
  for (int i = 0; i < 3; ++i) {
    const auto again = submit(batch);
    ASSERT_TRUE(again) << to_text(again.error().front());
    EXPECT_TRUE(again->repeated);
  }
  EXPECT_EQ(admitted_, 0);
  EXPECT_EQ(uncounted_, 0) << "its sender is counted";
  acknowledged_ = 0;
  order_.falls_silent = true;
  EXPECT_FALSE(submit(batch));
  EXPECT_EQ(admitted_, 1) << "not acknowledged yet, so it is ordered again";
}

// The registrar's act may be in a group that the node has not followed yet.

TEST_F(IntakeTest, ANodeThatIsBehindRefusesNobodyForGood) {
  testing::LedgerBuilder further;
  further.encode_with(encode);
  further.party("stranger", {Role::manufacturer});
  const auto event = testing::commission("08:00", {"sgtin:09521104301011:A1"});
  const VerifiedBatch batch = further.batch("stranger", {event});
  const auto refused = submit(batch);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().code, Code::PARTY_UNKNOWN);
  behind_ = true;
  const auto later = submit(batch);
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().front().code, Code::BUSY);
  const auto damaged = submit(Submission{.note = batch.note_text(), .events = {}});
  ASSERT_FALSE(damaged);
  EXPECT_NE(damaged.error().front().code, Code::BUSY);
  EXPECT_EQ(order_.appended, 0U);
}

// Such a BUSY counts in no quota, so it must not cost the node a signature check.

// Else a full queue would use up a sender's quota, and it would have to wait when there is room.

// Else a sender could have signatures verified without limit, as long as a node is behind.

// Their answers go out together: those that are there are held until the last one comes.

// It need not be ordered again, so its sender need not wait for the log.

// Its note can be read in the log. The receipt names codes that are for partners only.

// Judged again it would be refused: what it erases is erased.

TEST_F(IntakeTest, ANoticeThatComesAgainBeforeItIsAcknowledgedIsBusy) {
  auto event = testing::commission("08:00", {"sgtin:09521104301011:A1"});
  const SectionBody price{.salt = Salt::from(Bytes(32, 's')), .bytes = "7"};
  const Hash section = section_digest("maker", Audience::partner, price.salt, price.bytes);
  event.sections = {{.digest = section, .audience = Audience::partner, .label = "price"}};
  testing::LedgerBuilder::BatchOptions options;
  options.sections = {{price}};
  const auto posted = builder_.apply_one(builder_.batch("maker", {event}, options));
  ASSERT_TRUE(testing::is_accepted(posted));
  const std::string note = erase_note(std::get<Accepted>(posted).leaf, section);
  const auto verified = verify_notice(note, builder_.id(), builder_.state());
  ASSERT_TRUE(verified) << to_text(verified.error());
  const auto applied = apply_notice(builder_.state(), builder_.head().position + 1,
                                    builder_.clock_now(), *verified, decode_any_payload);
  ASSERT_TRUE(applied);
  ASSERT_TRUE(applied->grown);
  ASSERT_TRUE(builder_.store().commit(applied->changes));
  add_receipt();
  acknowledged_ = std::get<Accepted>(applied->verdicts.front()).leaf;
  const auto early = submit_notice(note);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().front().code, Code::BUSY);
  EXPECT_EQ(uncounted_, 0);
  ++acknowledged_;
  const auto again = submit_notice(note);
  ASSERT_TRUE(again) << to_text(again.error().front());
  EXPECT_TRUE(again->repeated);
}

// The group with the registrar's act may be followed while the batch is judged, after its party was

// looked up.

TEST_F(IntakeTest, ANodeThatIsBehindAsItReadsRefusesNobodyForGood) {
  testing::LedgerBuilder further;
  further.encode_with(encode);
  further.party("stranger", {Role::manufacturer});
  behind_ = true;
  store_.on_read = [this] { behind_ = false; };
  const auto later = submit(
      further.batch("stranger", {testing::commission("08:00", {"sgtin:09521104301011:A1"})}));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().front().code, Code::BUSY);
  EXPECT_FALSE(behind_);
  behind_ = true;
  const auto delegation = submit(batch_by_gateway());
  ASSERT_FALSE(delegation);
  EXPECT_EQ(delegation.error().front().code, Code::BUSY);
}

// An erasure may be a legal duty: nobody is told that there is nothing to erase, if there may be.

TEST_F(IntakeTest, ANodeThatIsBehindRefusesNoNoticeForGood) {
  const auto refused = submit_notice(erase_note(999, Hash::from(Bytes(32, 's'))));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().code, Code::NOT_FOUND);
  behind_ = true;
  const auto later = submit_notice(erase_note(999, Hash::from(Bytes(32, 's'))));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().front().code, Code::BUSY);
  EXPECT_NE(later.error().front().message.find("NOT_FOUND"), std::string::npos)
      << later.error().front().message;
  EXPECT_EQ(order_.appended, 0U);
}

TEST_F(IntakeTest, AReadOnlyNodeSaysSoBeforeItDecodes) {
  const auto malformed = submit(Submission{.note = "no note", .events = {}});
  ASSERT_FALSE(malformed);
  EXPECT_NE(malformed.error().front().code, Code::READ_ONLY);
  fault_.keep({.code = Code::IO, .message = "no space is left"});
  const auto refused = submit(Submission{.note = "no note", .events = {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().code, Code::READ_ONLY);
  EXPECT_NE(refused.error().front().message.find("no space is left"), std::string::npos);
}

}  // namespace
}  // namespace suyuan
