// What is answered before the log: what the node cannot read, what it refuses, what it knows.
#include "node/pipeline/intake.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/notice.h"
#include "ledger/batch/notice.h"
#include "ledger/merkle/nodes.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "proto/submission_codec.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

// Takes everything and hands out nothing.
class SilentOrder final : public Order {
 public:
  OrderCapabilities capabilities() const override { return {}; }
  Result<Done> check_takes() const override {
    if (is_busy) return fail(Code::BUSY, "etcd does not answer");
    return Done{};
  }
  Result<Done> check_room(size_t bytes) const override {
    if (bytes > room) return fail(Code::BUSY, "the queue is full");
    return Done{};
  }
  Result<Done> append(std::unique_ptr<Proposal>& proposal) override {
    if (falls_silent) return fail(Code::BUSY, "etcd does not answer any more");
    std::unique_ptr<Proposal> taken = std::move(proposal);
    if (keeps) kept.push_back(std::move(taken));
    ++appended;
    return Done{};
  }
  void follow(OrderPlace, Follower&) override {}
  OrderTail tail() const override { return {}; }
  void trim(uint64_t) override {}
  OrderLoad load() const override { return {}; }
  void stop() override {}

  std::atomic<size_t> appended = 0;
  bool keeps = false;  // set before it is used
  Proposals kept;      // not answered
  std::atomic<bool> is_busy = false;
  std::atomic<size_t> room = SIZE_MAX;  // bytes
  std::atomic<bool> falls_silent = false;  // after it was asked whether it takes anything
};

// The rows of a store of which one table cannot be read when it is told so.
class FailingStore final : public Store, private Reader {
 public:
  explicit FailingStore(Store& inner) : inner_(inner) {}
  std::unique_ptr<Reader> snapshot() const override { return inner_.snapshot(); }
  const Reader& latest() const override { return *this; }
  Result<Done> commit(const Changes& changes) override { return inner_.commit(changes); }

  std::atomic<bool> batches_fail = false;
  std::function<void()> on_read = [] {};

 private:
  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    on_read();
    if (batches_fail && table == Table::batch) return fail(Code::IO, "the disk is gone");
    return inner_.latest().get(table, key);
  }
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    return inner_.latest().scan(table, from, to, direction, visit);
  }

  Store& inner_;
};

class IntakeTest : public ::testing::Test {
 protected:
  IntakeTest() {
    builder_.encode_with(encode);
    builder_.party("maker", {Role::manufacturer});
    builder_.party("gateway", {Role::logistics});
    builder_.product("09521104301011", "maker");
  }
  ~IntakeTest() override { workers_.stop(); }

  static Bytes encode(const EventValue& value) {
    const auto* act = std::get_if<RegistryEvent>(&value);
    return act != nullptr ? encode_registry(*act) : encode_event(std::get<TraceEvent>(value));
  }

  VerifiedBatch batch_by_gateway() {
    return builder_.batch("maker", {testing::commission("08:00", {"sgtin:09521104301011:A1"})},
                          {.signer = "gateway"});
  }
  Results<BatchReceipt> submit(Submission submission) {
    std::promise<Results<BatchReceipt>> answer;
    std::vector<Submitted> one;
    one.push_back({.submission = std::move(submission),
                   .done = [&](Results<BatchReceipt> it) { answer.set_value(std::move(it)); },
                   .uncount = [this] { ++uncounted_; }});
    intake_.submit(std::move(one));
    return answer.get_future().get();
  }
  static Submission submission_of(const VerifiedBatch& batch) {
    Submission submission{.note = batch.note_text(), .events = {}};
    for (const auto& event : batch.events()) submission.events.push_back(event.body);
    return submission;
  }
  Results<BatchReceipt> submit(const VerifiedBatch& batch) { return submit(submission_of(batch)); }
  Results<BatchReceipt> submit_notice(const std::string& note) {
    std::promise<Results<BatchReceipt>> answer;
    intake_.submit_notice(
        note, [&](Results<BatchReceipt> it) { answer.set_value(std::move(it)); },
        [this] { ++uncounted_; });
    return answer.get_future().get();
  }
  // By "maker": of the event's payload, or of a section that there may be.
  std::string erase_note(uint64_t leaf, std::optional<Hash> section = {}) {
    SignedNote note{.text = write_erase_text({.ledger = builder_.id(),
                                              .party = "maker",
                                              .leaf = leaf,
                                              .section = section,
                                              .ground = EraseGround::consent_withdrawn,
                                              .nonce = {}}),
                    .signatures = {}};
    const KeyPair& pair = builder_.keys("maker");
    note.signatures.push_back(sign_note(note.text, "maker", pair.secret, pair.key));
    return write_note(note);
  }
  // As the pipeline leaves a group: with its receipt.
  void add_receipt() {
    const LedgerHead head = builder_.head();
    const TreeRows rows(builder_.state());
    const Hash root = root_of(TiledNodes(rows), head.leaves).value();
    ASSERT_TRUE(builder_.store().commit({signer_.receipt_row(head, root)}));
  }

  testing::LedgerBuilder builder_;
  FailingStore store_{builder_.store()};
  SilentOrder order_;
  Workers workers_{1, 64};
  Metrics metrics_;
  ReceiptSigner signer_{builder_.id(), {.name = "node-1", .pair = key_from_seed(Hash{}.view())}};
  FaultLatch fault_;
  std::atomic<bool> behind_ = false;
  std::atomic<int> uncounted_ = 0;  // posts of a client
  std::atomic<int> admitted_ = 0;   // of a party
  const PipelineParts parts_{.store = store_,
                             .order = order_,
                             .workers = workers_,
                             .metrics = metrics_,
                             .signer = signer_};
  std::atomic<uint64_t> acknowledged_ = UINT64_MAX;
  Intake intake_{parts_, fault_,
                 {.admit =
                      [this](const BatchNote&) {
                        ++admitted_;
                        return std::optional<Error>();
                      },
                  .is_behind = [this] { return behind_.load(); },
                  .acknowledged = [this] { return acknowledged_.load(); }}};
};

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
  builder_.act(GrantDelegation{"maker", "gateway", testing::at("2026-06-03T00:00:00Z")});
  const VerifiedBatch batch = batch_by_gateway();
  ASSERT_TRUE(testing::is_accepted(builder_.apply_one(batch)));
  add_receipt();
  builder_.clock("2026-06-03T00:00:01Z");
  builder_.accept("maker", testing::commission("09:00", {"sgtin:09521104301011:A2"}));
  const auto again = submit(batch);
  ASSERT_TRUE(again) << to_text(again.error().front());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(order_.appended, 0U);
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

// Else a full queue would use up a sender's quota, and it would have to wait when there is room.
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

// Else a sender could have signatures verified without limit, as long as a node is behind.
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

// Their answers go out together: those that are there are held until the last one comes.
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

// It need not be ordered again, so its sender need not wait for the log.
TEST_F(IntakeTest, WhileTheLogTakesNothingABatchInTheLedgerGetsItsReceipt) {
  builder_.act(GrantDelegation{"maker", "gateway", testing::at("2026-06-03T00:00:00Z")});
  const VerifiedBatch batch = batch_by_gateway();
  ASSERT_TRUE(testing::is_accepted(builder_.apply_one(batch)));
  add_receipt();
  order_.is_busy = true;
  const auto again = submit(batch);
  ASSERT_TRUE(again) << to_text(again.error().front());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(order_.appended, 0U);
}

// Its note can be read in the log. The receipt names codes that are for partners only.
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
