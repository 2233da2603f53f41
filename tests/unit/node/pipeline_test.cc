// The way of a batch through the node that the ledger knows already.
#include "node/pipeline/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "ledger/apply/head_rows.h"
#include "ledger/order/embedded.h"
#include "node/pipeline/held_order.h"
#include "node/pipeline/order_place.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

class CountingOrder final : public Order {
 public:
  OrderCapabilities capabilities() const override { return inner_.capabilities(); }
  Result<Done> check_takes() const override {
    if (is_silent) return fail(Code::BUSY, "etcd does not answer");
    return Done{};
  }
  Result<Done> check_room(size_t /*bytes*/) const override {
    if (is_full) return fail(Code::BUSY, "the queue is full");
    return Done{};
  }
  Result<Done> append(std::unique_ptr<Proposal>& proposal) override {
    ++appended;
    return inner_.append(proposal);
  }
  void follow(OrderPlace after, Follower& follower) override { inner_.follow(after, follower); }
  OrderTail tail() const override { return inner_.tail(); }
  void trim(uint64_t up_to) override { inner_.trim(up_to); }
  OrderLoad load() const override { return inner_.load(); }
  void stop() override { inner_.stop(); }

  std::atomic<size_t> appended = 0;
  std::atomic<bool> is_full = false;
  std::atomic<bool> is_silent = false;

 private:
  EmbeddedOrder inner_{{.clock = [] { return int64_t{1'780'400'000'000}; }}};
};

// Hands over what a test says that other nodes ordered.
class HandedOrder final : public Order {
 public:
  OrderCapabilities capabilities() const override {
    return {.shared = true, .max_entry_bytes = 1 << 20};
  }
  Result<Done> append(std::unique_ptr<Proposal>& /*proposal*/) override {
    return fail(Code::BUSY, "only others order");
  }
  void follow(OrderPlace /*after*/, Follower& follower) override { follower_ = &follower; }
  OrderTail tail() const override { return {}; }
  bool has_followed(uint64_t position) const override { return position <= followed; }
  void trim(uint64_t /*up_to*/) override {}
  OrderLoad load() const override { return {}; }
  void stop() override {}

  Result<Done> hand_over(OrderedGroup group) { return follower_->on_group(std::move(group)); }

  std::atomic<uint64_t> followed = 0;  // up to this position, as the log tells

 private:
  Follower* follower_ = nullptr;
};

class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() {
    builder_.encode_with(encode);
    builder_.party("maker", {Role::manufacturer});
    builder_.product("09521104301011", "maker");
    signer_.emplace(builder_.id(),
                    NamedKeyPair{.name = "node-1", .pair = key_from_seed(Hash{}.view())});
    map_.emplace(ChainMap::build(HeadRows(builder_.state())).value());
    start_on(order_);
  }
  ~PipelineTest() override {
    workers_.stop();
    order_.stop();
  }
  static Bytes encode(const EventValue& value) {
    const auto* act = std::get_if<RegistryEvent>(&value);
    return act != nullptr ? encode_registry(*act) : encode_event(std::get<TraceEvent>(value));
  }
  void start_on(Order& order, Pipeline::Options options = {}) {
    pipeline_.emplace(PipelineParts{.store = builder_.store(),
                                    .order = order,
                                    .workers = workers_,
                                    .metrics = metrics_,
                                    .signer = *signer_},
                      *map_,
                      Pipeline::Callbacks{.on_committed = on_committed_,
                                          .on_sealed = [](const Sealed&) {},
                                          .behind = [this](int64_t) { return behind_ms_; },
                                          .admit = count_party()},
                      options);
    EXPECT_TRUE(pipeline_->start());
  }
  AdmitParty count_party() {
    return [this](const BatchNote&, size_t bytes) {
      EXPECT_GT(bytes, 0U);
      ++counted_;
      return std::optional<Error>();
    };
  }
  Submission batch(const std::string& serial, std::string_view time = "08:00") {
    return submission_of(builder_.batch(
        "maker", {testing::commission(time, {"sgtin:09521104301011:" + serial})}));
  }
  static Submission submission_of(const VerifiedBatch& made) {
    Submission submission{.note = made.note_text(), .events = {}};
    for (const auto& event : made.events()) submission.events.push_back(event.body);
    return submission;
  }
  // As another node ordered it: a batch that makes `lots` lots of as many others.
  std::unique_ptr<Proposal> foreign(const std::string& serial, int lots) {
    testing::Words inputs;
    testing::Words outputs;
    for (int i = 0; i < lots; ++i) {
      const std::string lot = serial + std::to_string(i) + " 1 H87 1";
      inputs.push_back("lot:09521104301011:I" + lot);
      outputs.push_back("lot:09521104301011:O" + lot);
    }
    const BatchProposal made(
        builder_.batch("maker", {testing::transform("08:00", inputs, outputs)}), {});
    auto decoded = pipeline_->decode_proposal(made.encode());
    EXPECT_TRUE(decoded);
    return *std::move(decoded);
  }
  Results<BatchReceipt> submit(const Submission& submission) {
    std::promise<Results<BatchReceipt>> answer;
    std::vector<Submitted> one;
    one.push_back({.submission = submission,
                   .done = [&](Results<BatchReceipt> it) { answer.set_value(std::move(it)); },
                   .uncount = [this] { ++uncounted_of_client_; }});
    pipeline_->submit(std::move(one));
    return answer.get_future().get();
  }

  // Posts a batch, and again after its group is committed and before it is marked. Returns both
  // answers.
  std::pair<Results<BatchReceipt>, Results<BatchReceipt>> post_again_before_the_mark(
      Result<Done> mark) {
    order_.stop();
    std::promise<void> committed;
    std::promise<void> go;
    on_committed_ = [&](const TreeHead&) {
      committed.set_value();
      go.get_future().wait();
      return mark;
    };
    CountingOrder order;
    start_on(order);
    const Submission sent = batch("A1");
    auto first = std::async(std::launch::async, [&] { return submit(sent); });
    committed.get_future().wait();
    auto again = std::async(std::launch::async, [&] { return submit(sent); });
    const auto is_answered = [&] {
      return again.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready;
    };
    while (order.appended < 2 && !is_answered()) continue;
    EXPECT_EQ(order.appended, 2U) << "answered before the mark";
    go.set_value();
    std::pair answers{first.get(), again.get()};
    order.stop();
    workers_.stop();
    return answers;
  }

  std::function<Result<Done>(const TreeHead&)> on_committed_ = {};  // of the next start_on()
  int64_t behind_ms_ = 0;
  std::atomic<int> counted_ = 0;  // batches of the party
  std::atomic<int> uncounted_of_client_ = 0;
  testing::LedgerBuilder builder_;
  Metrics metrics_;
  Workers workers_{1, 64};
  CountingOrder order_;
  std::optional<ReceiptSigner> signer_;
  std::optional<MapKeeper> map_;
  std::optional<Pipeline> pipeline_;
};

TEST_F(PipelineTest, ABatchThatIsInTheLedgerIsAnsweredWithoutBeingOrderedAgain) {
  const Submission sent = batch("A1");
  const auto first = submit(sent);
  ASSERT_TRUE(first) << to_text(first.error().front());
  EXPECT_FALSE(first->repeated);
  EXPECT_EQ(order_.appended, 1U);
  const auto again = submit(sent);
  ASSERT_TRUE(again) << to_text(again.error().front());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->note, first->note) << "the same receipt";
  EXPECT_EQ(again->leaf, first->leaf);
  EXPECT_EQ(again->path, first->path);
  EXPECT_EQ(order_.appended, 1U);
  ASSERT_TRUE(submit(batch("A2")));
  EXPECT_EQ(order_.appended, 2U);
}

TEST_F(PipelineTest, ABatchThatComesAgainBeforeItsGroupIsMarkedGetsItsReceiptAfterTheMark) {
  const auto [first, again] = post_again_before_the_mark(Done{});
  ASSERT_TRUE(first && again);
  EXPECT_FALSE(first->repeated);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->note, first->note) << "the same receipt";
  EXPECT_EQ(again->heads, first->heads);
}

TEST_F(PipelineTest, ABatchWhoseGroupCannotBeMarkedGetsNoReceiptWhenItComesAgain) {
  const auto [first, again] = post_again_before_the_mark(fail(Code::IO, "no space is left"));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().front().code, Code::IO);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().front().code, Code::READ_ONLY);
}

// Else a batch of a few hundred bytes would be answered with all that thousands of events say.
TEST_F(PipelineTest, AnEventThatComesAgainInAnotherBatchIsToldOfAlone) {
  std::vector<TraceEvent> events;  // each dated so long ago that it has a finding
  for (int i = 0; i < 3; ++i) {
    const std::string n = std::to_string(i);
    events.push_back(testing::named(
        testing::commission("2026-01-02T08:00:00Z", {"sgtin:09521104301011:A" + n}),
        "urn:x:" + n));
  }
  const auto first = submit(submission_of(builder_.batch("maker", events)));
  ASSERT_TRUE(first) << to_text(first.error().front());
  ASSERT_EQ(first->heads.size(), 3U);
  ASSERT_EQ(first->findings.size(), 3U);
  const auto again = submit(submission_of(builder_.batch("maker", {events[1]})));
  ASSERT_TRUE(again) << to_text(again.error().front());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->leaf, first->leaf);
  EXPECT_EQ(again->note, first->note);
  EXPECT_EQ(again->path, first->path);
  ASSERT_EQ(again->heads.size(), 1U);
  EXPECT_EQ(std::ranges::count(first->heads, again->heads.front()), 1);
  EXPECT_TRUE(again->heads.front().code.ends_with("A1")) << again->heads.front().code;
  EXPECT_EQ(again->findings, std::vector<Finding>{first->findings[1]});
}

// The same event, dated half an hour after the log's time.
TEST_F(PipelineTest, WhatIsAheadOfALogTimeThatStandsStillIsToComeAgainAndIsNotRefused) {
  const Submission sent = batch("A1", "2026-06-02T12:03:20Z");
  const auto wrong = submit(sent);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().front().code, Code::EVENT_TIME_AHEAD) << "its own clock is ahead";
  behind_ms_ = 30 * 60 * 1000;
  const auto early = submit(sent);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().front().code, Code::BUSY);
  EXPECT_NE(early.error().front().message.find("1800 s behind"), std::string::npos)
      << early.error().front().message;
  EXPECT_TRUE(submit(batch("A2"))) << "what lies before it is taken";
}

TEST_F(PipelineTest, WhoIsToldBusyIsCountedOnlyWhereTheLogHadTheBatch) {
  order_.is_full = true;
  const auto full = submit(batch("A1"));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().front().code, Code::BUSY);
  EXPECT_EQ(counted_, 0);
  EXPECT_EQ(uncounted_of_client_, 1);
  order_.is_full = false;
  EXPECT_TRUE(submit(batch("A1")));
  EXPECT_EQ(counted_, 1);
  // Else whoever dates ahead while log time stands still would have it order without end.
  behind_ms_ = 30 * 60 * 1000;
  const auto early = submit(batch("A2", "2026-06-02T12:03:20Z"));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().front().code, Code::BUSY);
  EXPECT_EQ(counted_, 2);
  EXPECT_EQ(uncounted_of_client_, 1);
}

TEST_F(PipelineTest, WhileTheLogTakesNothingNobodyIsCountedAndNothingIsVerified) {
  order_.is_silent = true;
  Submission forged = batch("A1");
  forged.note.replace(forged.note.find("nonce ") + 6, 4, "AAAA");
  for (const Submission& sent : {batch("A1"), forged}) {
    const auto busy = submit(sent);
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().front().code, Code::BUSY);
  }
  EXPECT_EQ(counted_, 0);
  EXPECT_EQ(uncounted_of_client_, 2);
  EXPECT_EQ(order_.appended, 0U);
  order_.is_silent = false;
  const auto refused = submit(forged);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().code, Code::SIGNATURE_INVALID);
  EXPECT_TRUE(submit(batch("A1")));
}

// What it does not know may be in a group that it knows of and has not followed yet.
TEST_F(PipelineTest, ANodeOfASharedLogRefusesNobodyForGoodBeforeItHasFollowed) {
  testing::LedgerBuilder further;
  further.encode_with(encode);
  further.party("stranger", {Role::manufacturer});
  const Submission unknown = submission_of(further.batch(
      "stranger", {testing::commission("08:00", {"sgtin:09521104301011:A1"})}));
  const auto code_of_answer = [&] {
    const auto answer = submit(unknown);
    EXPECT_FALSE(answer);
    return answer ? Code::BAD_REQUEST : answer.error().front().code;
  };
  order_.stop();
  const uint64_t position = builder_.head().position;
  ASSERT_TRUE(builder_.store().commit({order_place_row({.position = position})}));
  auto log = std::make_unique<HandedOrder>();
  HandedOrder& handed = *log;
  HeldOrder held(std::move(log));
  start_on(held, {.log_end = position + 1});
  EXPECT_EQ(code_of_answer(), Code::BUSY) << "the log ended there when the node started";
  // Only the log knows: groups that it leaves out whole never reach the pipeline.
  handed.followed = position + 1;
  EXPECT_EQ(code_of_answer(), Code::PARTY_UNKNOWN);
  workers_.stop();
}

// Of which each may be small, and many together are not.
TEST_F(PipelineTest, WhatBatchesHoldThatWaitIsBoundedAndGoesWithTheAnswer) {
  const size_t each = reserved_bytes(batch("A0"));
  order_.stop();
  CountingOrder order;
  std::promise<void> go;
  start_on(order, {.reserved_bytes_max = 3 * each});
  ASSERT_TRUE(workers_.post([held = go.get_future().share()] { held.wait(); }));
  std::vector<std::future<Results<BatchReceipt>>> answers;
  for (int i = 0; i < 5; ++i) {
    auto answer = std::make_shared<std::promise<Results<BatchReceipt>>>();
    answers.push_back(answer->get_future());
    pipeline_->submit(batch("A" + std::to_string(i)), [answer](Results<BatchReceipt> one) {
      answer->set_value(std::move(one));
    });
  }
  EXPECT_EQ(pipeline_->reserved(), 3 * each);
  for (size_t i = 3; i < 5; ++i) {
    const auto busy = answers[i].get();
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().front().code, Code::BUSY);
  }
  go.set_value();
  for (size_t i = 0; i < 3; ++i) EXPECT_TRUE(answers[i].get());
  order.stop();
  workers_.stop();
  EXPECT_EQ(pipeline_->reserved(), 0U);
}

// What a batch writes is bounded. So is what a group writes, also if a node that lies puts 50 of
// the heaviest batches into one.
TEST_F(PipelineTest, OfAGroupThatWeighsMoreThanANodeOrdersTogetherTheRestIsLeftOut) {
  order_.stop();
  const LedgerHead before = builder_.head();
  ASSERT_TRUE(builder_.store().commit({order_place_row({.position = before.position})}));
  HandedOrder order;
  start_on(order);
  const auto hand_over = [&](uint64_t position, Proposals proposals) {
    return order.hand_over({.position = position,
                            .time_ms = builder_.clock_now(),
                            .proposals = std::move(proposals)});
  };
  Proposals heavy;
  heavy.push_back(foreign("a", 2));
  heavy.push_back(foreign("b", 256));
  heavy.push_back(foreign("c", 2));
  ASSERT_TRUE(hand_over(before.position + 1, std::move(heavy)));
  EXPECT_EQ(builder_.head().leaves, before.leaves + 1) << "what is behind it is left out with it";
  Proposals alone;
  alone.push_back(foreign("b", 256));
  ASSERT_TRUE(hand_over(before.position + 2, std::move(alone)));
  EXPECT_EQ(builder_.head().leaves, before.leaves + 2) << "a group may be one batch of any weight";
  Proposals light;
  for (const char* serial : {"d", "e", "f"}) light.push_back(foreign(serial, 100));
  ASSERT_TRUE(hand_over(before.position + 3, std::move(light)));
  EXPECT_EQ(builder_.head().leaves, before.leaves + 5);
}

}  // namespace
}  // namespace suyuan
