// When a node answers BUSY before the log, what that costs the sender, and what is charged.
#include "tests/unit/node/intake_fixture.h"

namespace suyuan {
namespace {

TEST_F(IntakeTest, WhileTheLogTakesNothingBusyIsAnsweredBeforeAnythingIsDecoded) {
  const Submission malformed{.note = "no note", .events = {}};
  const auto refused = submit(malformed);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().front().code, Code::BUSY);
  EXPECT_EQ(uncounted_, 0);
  order_.is_busy = true;
  const auto busy = submit(malformed);
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().front().code, Code::BUSY);
  EXPECT_NE(busy.error().front().message.find("etcd does not answer"), std::string::npos);
  EXPECT_EQ(uncounted_, 1);

  const auto busy_notice = submit_notice("no notice");
  ASSERT_FALSE(busy_notice);
  EXPECT_EQ(busy_notice.error().front().code, Code::BUSY);
  EXPECT_EQ(uncounted_, 2);

  order_.is_busy = false;
  const auto again = submit(malformed);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().front().code, refused.error().front().code);
  EXPECT_EQ(order_.appended, 0U);
}

TEST_F(IntakeTest, AFullQueueIsBusyBeforeABatchIsDecodedAndCountsInNoQuota) {
  const VerifiedBatch batch =
      builder_.batch("maker", {testing::commission("08:00", {"sgtin:09521104301011:A1"})});
  order_.room = 1;
  for (int i = 1; i <= 2; ++i) {
    const auto busy = submit(batch);
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().front().message, "the queue is full");
    EXPECT_EQ(uncounted_, i);
  }
  EXPECT_EQ(admitted_, 0);
  // A notice goes alone, whatever waits.
  const auto notice = submit_notice("no notice");
  ASSERT_FALSE(notice);
  EXPECT_NE(notice.error().front().code, Code::BUSY);
}

TEST_F(IntakeTest, WhatWasVerifiedCountsAlsoWhereTheAnswerIsBusyBecauseTheNodeIsBehind) {
  testing::LedgerBuilder further;
  further.encode_with(encode);
  further.party("stranger", {Role::manufacturer});
  const auto event = testing::commission("08:00", {"sgtin:09521104301011:A1"});
  behind_ = true;
  const std::vector<Results<BatchReceipt>> answers = {
      submit(further.batch("stranger", {event})), submit(batch_by_gateway()),
      submit_notice(erase_note(999, Hash::from(Bytes(32, 's'))))};
  for (const auto& busy : answers) {
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().front().code, Code::BUSY);
  }
  EXPECT_EQ(uncounted_, 0);
  EXPECT_EQ(admitted_, 1) << "the notice; a refusal of the two batches would count for no party";
}

TEST_F(IntakeTest, WhatWasVerifiedCountsAlsoWhereTheLogFallsSilentMeanwhile) {
  order_.falls_silent = true;
  const VerifiedBatch batch =
      builder_.batch("maker", {testing::commission("08:00", {"sgtin:09521104301011:A1"})});
  for (int i = 1; i <= 2; ++i) {
    const auto busy = submit(batch);
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().front().code, Code::BUSY);
    EXPECT_EQ(admitted_, i);
  }
  EXPECT_EQ(uncounted_, 0);
}

TEST_F(IntakeTest, BatchesOfOneCallStayChargedUntilTheLastIsAnswered) {
  order_.keeps = true;
  const VerifiedBatch batch =
      builder_.batch("maker", {testing::commission("08:00", {"sgtin:09521104301011:A1"})});
  const Submission malformed{.note = "no note", .events = {}};
  const Submission good = submission_of(batch);
  const size_t both = reserved_bytes(malformed) + reserved_bytes(good);
  std::atomic<int> answered = 0;
  std::vector<Submitted> call;
  for (const Submission& one : {malformed, good}) {
    call.push_back({.submission = one, .done = [&](const auto&) { ++answered; }});
  }
  intake_.submit(std::move(call));
  workers_.stop();
  EXPECT_EQ(answered, 1);
  EXPECT_EQ(intake_.reserved(), both);
  {
    const auto more = intake_.charge(1000);
    EXPECT_EQ(intake_.reserved(), both + 1000);
  }
  order_.kept.clear();
  EXPECT_EQ(intake_.reserved(), 0U);
}

TEST_F(IntakeTest, WithoutRoomABodyIsNotReadAndABatchNotCheckedAndNeitherCountsInAQuota) {
  const Uncount uncount = [this] { ++uncounted_; };
  const auto batches = intake_.charge(limits::kQueueBytesMax);
  const auto unchecked = intake_.reserve(1, uncount);
  ASSERT_FALSE(unchecked);
  EXPECT_EQ(unchecked.error().code, Code::BUSY);
  EXPECT_EQ(uncounted_, 1);
  const auto bodies = intake_.reserve_parsing(kParsingBytesMax, uncount);
  const auto unread = intake_.reserve_parsing(1, uncount);
  ASSERT_FALSE(unread);
  EXPECT_EQ(unread.error().code, Code::BUSY);
  EXPECT_EQ(uncounted_, 2);
  EXPECT_EQ(intake_.reserved(), limits::kQueueBytesMax);
  EXPECT_EQ(intake_.parsing(), kParsingBytesMax);
}

TEST_F(IntakeTest, ABodyIsChargedWhileItIsReadAndAloneItHasRoom) {
  {
    const auto reading = intake_.reserve_parsing(1000);
    ASSERT_TRUE(reading);
    EXPECT_EQ(intake_.parsing(), 1000U);
    EXPECT_FALSE(intake_.reserve_parsing(kParsingBytesMax)) << "not alone";
  }
  EXPECT_EQ(intake_.parsing(), 0U);
  EXPECT_TRUE(intake_.reserve_parsing(2 * kParsingBytesMax));
}

// A body of `[0,0,...` is charged nearly all that bodies may hold, and costs its sender nothing.
TEST_F(IntakeTest, BodiesTakeNoRoomFromBatchesNorBatchesFromBodies) {
  auto bodies = intake_.reserve_parsing(kParsingBytesMax);
  ASSERT_TRUE(bodies);
  EXPECT_EQ(intake_.reserved(), 0U);
  const Submission malformed{.note = "no note", .events = {}};
  const auto refused = submit(malformed);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().front().code, Code::BUSY);
  bodies->reset();
  const auto batches = intake_.charge(limits::kQueueBytesMax);
  const auto body = intake_.reserve_parsing(kParsingBytesMax);
  EXPECT_TRUE(body);
  EXPECT_EQ(uncounted_, 0);
}

TEST_F(IntakeTest, WhileTheLogTakesNothingABatchInTheLedgerGetsItsReceipt) {
  const VerifiedBatch batch = delegated_batch_in_ledger();
  order_.is_busy = true;
  const auto again = submit(batch);
  ASSERT_TRUE(again) << to_text(again.error().front());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(order_.appended, 0U);
}

TEST_F(IntakeTest, WhileTheLogTakesNothingANoteWithoutItsEventsGetsNoReceipt) {
  auto event = testing::commission("08:00", {"sgtin:09521104301011:A1"});
  event.audience = EventAudience::partner;
  const VerifiedBatch batch = builder_.batch("maker", {event});
  ASSERT_TRUE(testing::is_accepted(builder_.apply_one(batch)));
  add_receipt();
  const Submission whole{.note = batch.note_text(), .events = {batch.events()[0].body}};
  Submission other_salt = whole;
  other_salt.events[0].salt = Salt::from(Bytes(Salt::kSize, 's'));
  Submission other_event = whole;
  event.objects[0] = testing::item("sgtin:09521104301011:A2");
  other_event.events[0].payload = encode(event);
  Submission noise = whole;
  noise.events[0].payload = "noise";
  order_.is_busy = true;
  for (const Submission& one :
       {Submission{.note = whole.note, .events = {}}, other_salt, other_event, noise}) {
    const auto answer = submit(one);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().front().code, Code::BUSY);
  }
  EXPECT_EQ(uncounted_, 0) << "each was decoded";
  const auto again = submit(whole);
  ASSERT_TRUE(again) << to_text(again.error().front());
  EXPECT_FALSE(again->heads.empty());
  EXPECT_EQ(order_.appended, 0U);
}

}  // namespace
}  // namespace suyuan
