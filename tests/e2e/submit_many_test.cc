// Many submissions in one call: each has its own verdict, and a call has bounds.
#include <capnp/ez-rpc.h>
#include <gtest/gtest.h>
#include <kj/async-io.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>

#include "proto/ledger.capnp.h"
#include "proto/rpc_codec.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

Submission stored(SmallLedger& ledger, const std::string& serial) {
  return ledger.batch("maker",
                      {testing::observe("09:30", "storing", {"sgtin:" + kFormula + ":" + serial})});
}

// Nullopt: the call failed. On a thread of its own, since KJ has one loop for a thread.
std::optional<std::vector<SubmitAnswer>> submit_many(SmallLedger& ledger,
                                                     const std::vector<Submission>& submissions) {
  std::optional<std::vector<SubmitAnswer>> answers;
  std::thread([&] {
    capnp::EzRpcClient client(ledger.running().rpc_address());
    auto request = client.getMain<wire::Ledger>().submitManyRequest();
    auto list = request.initSubmissions(static_cast<unsigned>(submissions.size()));
    for (unsigned i = 0; i < submissions.size(); ++i) to_wire(submissions[i], list[i]);
    kj::runCatchingExceptions([&] {
      const auto response = request.send().wait(client.getWaitScope());
      answers.emplace();
      for (const auto one : response.getAnswers()) answers->push_back(from_wire(one));
    });
  }).join();
  return answers;
}

Code code_of(const SubmitAnswer& answer) {
  EXPECT_FALSE(answer.outcome);
  return answer.outcome ? Code::BAD_REQUEST : answer.outcome.error().front().code;
}

TEST(SubmitMany, EachIsTakenOrRefusedByItself) {
  SmallLedger ledger;
  auto repeated = stored(ledger, "A");
  const auto first = ledger.accept(repeated);
  auto forged = stored(ledger, "B");
  forged.note.replace(forged.note.find("nonce ") + 6, 4, "AAAA");
  auto empty = stored(ledger, "C");
  empty.events.clear();
  std::vector<Submission> sent = {repeated, forged, empty, stored(ledger, "D")};
  for (int i = 0; i < 40; ++i) sent.push_back(stored(ledger, "E" + std::to_string(i)));

  const auto answers = submit_many(ledger, sent);
  ASSERT_TRUE(answers);
  ASSERT_EQ(answers->size(), sent.size());
  ASSERT_TRUE((*answers)[0].outcome);
  EXPECT_TRUE((*answers)[0].outcome->repeated);
  EXPECT_EQ((*answers)[0].outcome->note, first.note);
  EXPECT_EQ(code_of((*answers)[1]), Code::SIGNATURE_INVALID);
  EXPECT_EQ(code_of((*answers)[2]), Code::MALFORMED_SUBMISSION);
  for (size_t i = 3; i < sent.size(); ++i) {
    const auto& outcome = (*answers)[i].outcome;
    ASSERT_TRUE(outcome) << i << ": " << to_text(outcome.error().front());
    auto known = ledger.rpc().receipt(batch_id(signed_text(sent[i].note)));
    ASSERT_TRUE(known.value) << i;
    known.value->repeated = false;
    EXPECT_EQ(*known.value, *outcome) << i;
  }
  EXPECT_FALSE(ledger.rpc().receipt(batch_id(signed_text(forged.note))).value);
}

TEST(SubmitMany, NoneIsNone) {
  SmallLedger ledger;
  const auto answers = submit_many(ledger, {});
  ASSERT_TRUE(answers);
  EXPECT_TRUE(answers->empty());
}

TEST(SubmitMany, ACallOfTooManyOrTooMuchFailsWhole) {
  SmallLedger ledger;
  const auto one = stored(ledger, "F");
  EXPECT_FALSE(submit_many(ledger, std::vector<Submission>(257, one)));
  auto large = one;
  large.events.front().payload.assign(400 << 10, 'x');
  EXPECT_FALSE(submit_many(ledger, std::vector<Submission>(6, large)));
  EXPECT_FALSE(ledger.rpc().receipt(batch_id(signed_text(one.note))).value);
  const auto answers = submit_many(ledger, std::vector<Submission>(256, one));
  ASSERT_TRUE(answers) << "the node serves on";
  EXPECT_EQ(answers->size(), 256u);
  for (const auto& answer : *answers) EXPECT_TRUE(answer.outcome);
}

TEST(SubmitMany, AQuotaCountsEachOfThem) {
  ServeOptions options = without_seals();
  options.quotas = {.client_posts = 10, .proxies = {"127.0.0.1"}};
  SmallLedger ledger(options);
  std::vector<Submission> sent;
  for (int i = 0; i < 9; ++i) sent.push_back(stored(ledger, "G" + std::to_string(i)));
  const auto answers = submit_many(ledger, sent);
  ASSERT_TRUE(answers);
  size_t taken = 0;
  for (const auto& answer : *answers) {
    if (answer.outcome) {
      ++taken;
      continue;
    }
    EXPECT_EQ(code_of(answer), Code::RATE_LIMITED);
    EXPECT_GT(answer.head.retry_after_ms, 0u);
  }
  EXPECT_EQ(taken, 7u) << "the fixture has posted three";
}

// A call that is sent, and that nobody waits for any more once this ends.
class CallUnderWay {
 public:
  CallUnderWay(capnp::EzRpcClient& client, const std::vector<Submission>& submissions)
      : client_(client), answers_(send(client, submissions)) {}
  // The node has read it: calls of one connection arrive in order.
  void wait_until_read() {
    client_.getMain<wire::Ledger>().statusRequest().send().wait(client_.getWaitScope());
  }

 private:
  using Promise = capnp::RemotePromise<wire::Ledger::SubmitManyResults>;
  static Promise send(capnp::EzRpcClient& client, const std::vector<Submission>& submissions) {
    auto request = client.getMain<wire::Ledger>().submitManyRequest();
    auto list = request.initSubmissions(static_cast<unsigned>(submissions.size()));
    for (unsigned i = 0; i < submissions.size(); ++i) to_wire(submissions[i], list[i]);
    return request.send();
  }

  capnp::EzRpcClient& client_;
  Promise answers_;
};

// A mebibyte of it is for what batches hold that are not answered yet
// (node/pipeline/memory_reservation.h).
ServeOptions of_little_memory() {
  ServeOptions options = without_seals();
  options.rpc_memory_mib = 2;
  return options;
}

// Each holds more than 5 KiB.
std::vector<Submission> several(SmallLedger& ledger, const std::string& serial, int count) {
  std::vector<Submission> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(stored(ledger, serial + "x" + std::to_string(i)));
  }
  return all;
}

// Sends again what was BUSY until all is taken; no other refusal comes. A call's batches are
// charged before the first is answered, so in the first some are BUSY.
void send_until_taken(SmallLedger& ledger, std::vector<Submission> left) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(50);
  for (size_t round = 1; !left.empty() && std::chrono::steady_clock::now() < give_up; ++round) {
    const auto answers = submit_many(ledger, left);
    ASSERT_TRUE(answers);
    ASSERT_EQ(answers->size(), left.size());
    std::vector<Submission> busy;
    for (size_t i = 0; i < left.size(); ++i) {
      const auto& answer = (*answers)[i];
      if (answer.outcome) {
        EXPECT_FALSE(answer.outcome->repeated);
        continue;
      }
      EXPECT_EQ(code_of(answer), Code::BUSY);
      EXPECT_GT(answer.head.retry_after_ms, 0u);
      busy.push_back(left[i]);
    }
    // All are busy only while what was sent before still holds its memory.
    if (busy.size() == left.size()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (round == 1) {
      EXPECT_FALSE(busy.empty());
    }
    left = std::move(busy);
  }
  EXPECT_TRUE(left.empty());
}

TEST(SubmitMany, WhatFindsNoRoomIsBusyByItselfAndTheOthersAreTaken) {
  SmallLedger ledger(of_little_memory());
  send_until_taken(ledger, several(ledger, "H", 250));
}

TEST(SubmitMany, AClientSendsAgainWhatWasBusyAndNothingElse) {
  constexpr size_t kSent = 1000;  // several times what there is room for, all in flight
  SmallLedger ledger(of_little_memory());
  const auto all = several(ledger, "L", kSent);
  size_t next = 0;
  size_t busy = 0;
  std::vector<int> settled(kSent, 0);
  const auto done = ledger.rpc().submit_many(
      {.next = [&]() -> std::optional<Outgoing> {
         if (next == kSent) return std::nullopt;
         return Outgoing{.number = next, .submission = all[next++]};
       },
       .done = [&](const Outgoing& out, const SubmitAnswer& answer) -> std::optional<uint32_t> {
         if (!answer.outcome && code_of(answer) == Code::BUSY) {
           ++busy;
           return answer.head.retry_after_ms;
         }
         EXPECT_TRUE(answer.outcome && !answer.outcome->repeated) << out.number;
         ++settled[out.number];
         return std::nullopt;
       }},
      kSent);
  ASSERT_TRUE(done);
  EXPECT_GT(busy, 0u);
  EXPECT_TRUE(std::ranges::all_of(settled, [](int times) { return times == 1; }));
}

TEST(SubmitMany, WhatIsBusyUsesUpNoQuota) {
  constexpr int kSent = 250;
  ServeOptions options = of_little_memory();
  // The fixture has posted three.
  options.quotas = {.client_posts = kSent + 3, .proxies = {"127.0.0.1"}};
  SmallLedger ledger(options);
  send_until_taken(ledger, several(ledger, "J", kSent));
  const auto over = submit_many(ledger, {stored(ledger, "J")});
  ASSERT_TRUE(over);
  EXPECT_EQ(code_of(over->front()), Code::RATE_LIMITED) << "each that was taken counts";
}

TEST(SubmitMany, AClientThatGoesAwayLeavesNothingBehindButWhatItSent) {
  SmallLedger ledger(of_little_memory());
  const auto sent = several(ledger, "K", 100);
  for (int round = 0; round < 20; ++round) {
    std::thread([&] {
      capnp::EzRpcClient client(ledger.running().rpc_address());
      CallUnderWay call(client, sent);
      call.wait_until_read();
    }).join();
  }
  // More was sent than may wait: what was held is given back, and what was read is there once.
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  std::optional<std::vector<SubmitAnswer>> answers;
  bool taken = false;
  while (!taken && std::chrono::steady_clock::now() < give_up) {
    answers = submit_many(ledger, sent);
    ASSERT_TRUE(answers);
    taken = std::ranges::all_of(*answers, [](const auto& one) { return one.outcome.has_value(); });
  }
  EXPECT_TRUE(taken);
  for (const auto& one : *answers) EXPECT_TRUE(one.outcome && one.outcome->repeated);
}

// KJ's servers have no virtual destructor: kj::Own knows how to end them.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
// A node of a version that has submit alone.
class EarlierNode final : public wire::Ledger::Server {
 public:
  kj::Promise<void> submit(SubmitContext context) override {
    const auto submission = from_wire(context.getParams().getSubmission());
    const SubmitAnswer answer{.head = {}, .outcome = BatchReceipt{.note = submission->note}};
    to_wire(answer, context.getResults().initAnswer());
    return kj::READY_NOW;
  }
};
#pragma GCC diagnostic pop

TEST(SubmitMany, AnEarlierNodeIsSentEachAlone) {
  std::promise<uint16_t> port;
  std::promise<void> over;
  std::thread node([&] {
    capnp::EzRpcServer server(kj::heap<EarlierNode>(), "127.0.0.1", 0);
    port.set_value(static_cast<uint16_t>(server.getPort().wait(server.getWaitScope())));
    // Serves while it waits.
    auto ended = over.get_future();
    while (ended.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      server.getIoProvider().getTimer().afterDelay(5 * kj::MILLISECONDS).wait(
          server.getWaitScope());
    }
  });
  {
    const auto connection = Connection::open(
        {.node = "127.0.0.1:" + std::to_string(port.get_future().get())});
    ASSERT_TRUE(connection);
    constexpr size_t kCount = 100;
    size_t next = 0;
    std::vector<std::string> notes(kCount);
    const auto done = (*connection)->submit_many(
        {.next = [&]() -> std::optional<Outgoing> {
           if (next == kCount) return std::nullopt;
           return Outgoing{.number = next,
                           .submission = {.note = std::to_string(next++)}};
         },
         .done = [&](const Outgoing& out, SubmitAnswer answer) -> std::optional<uint32_t> {
           if (answer.outcome) notes[out.number] = answer.outcome->note;
           return std::nullopt;
         }},
        64);
    EXPECT_TRUE(done);
    for (size_t i = 0; i < kCount; ++i) EXPECT_EQ(notes[i], std::to_string(i));
  }
  over.set_value();
  node.join();
}

// What a bench at a steady rate sends.
TEST(SubmitMany, WhatIsSentLaterHoldsNothingElseUp) {
  constexpr size_t kLater = 3;
  constexpr std::chrono::seconds kAfter{3};
  SmallLedger ledger;
  std::vector<Submission> sent;
  for (int i = 0; i < 8; ++i) sent.push_back(stored(ledger, "H" + std::to_string(i)));
  size_t next = 0;
  std::vector<size_t> answered;
  const auto start = std::chrono::steady_clock::now();
  const auto done = ledger.rpc().submit_many(
      {.next = [&]() -> std::optional<Outgoing> {
         if (next == sent.size()) return std::nullopt;
         Outgoing out{.number = next, .submission = sent[next]};
         if (next++ == kLater) out.after = kAfter;
         return out;
       },
       .done = [&](const Outgoing& out, const SubmitAnswer& answer) -> std::optional<uint32_t> {
         EXPECT_TRUE(answer.outcome);
         answered.push_back(out.number);
         return std::nullopt;
       }},
      64);
  ASSERT_TRUE(done);
  EXPECT_GE(std::chrono::steady_clock::now() - start, kAfter);
  ASSERT_EQ(answered.size(), sent.size());
  EXPECT_EQ(answered.back(), kLater);
}

}  // namespace
}  // namespace suyuan::test
