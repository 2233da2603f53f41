// Faults: a node that is full, that cannot write, that is stopping, says so over both wires, and
// what it took it answers.
#include <capnp/ez-rpc.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "proto/json/submission_json.h"
#include "proto/ledger.capnp.h"
#include "proto/rpc_codec.h"
#include "tests/e2e/refusal_rows.h"
#include "tests/support/full_disk.h"

namespace suyuan::test {
namespace {

TraceEvent plain(const std::string& serial) {
  return testing::observe("09:30", "storing", {"sgtin:" + kFormula + ":" + serial});
}

// Close to 1 MiB, so that a worker has something to do.
Submission heavy(SmallLedger& ledger, char first = 'H') {
  std::vector<TraceEvent> events;
  for (int i = 0; i < 1500; ++i) events.push_back(plain(first + std::to_string(i)));
  return ledger.batch("maker", std::move(events));
}

// The batches again and again, `count` in flight at once; what was answered. `taken`: is told once
// the node has read them all.
std::vector<SubmitAnswer> flood(SmallLedger& ledger, const std::vector<Submission>& batches,
                                size_t count, std::promise<void>* taken = nullptr) {
  capnp::EzRpcClient client(ledger.running().rpc_address());
  auto node = client.getMain<wire::Ledger>();
  std::vector<capnp::RemotePromise<wire::Ledger::SubmitResults>> in_flight;
  for (size_t i = 0; i < count; ++i) {
    auto request = node.submitRequest();
    to_wire(batches[i % batches.size()], request.initSubmission());
    in_flight.push_back(request.send());
  }
  if (taken != nullptr) {
    // Calls of one connection arrive in order, and this one waits for no worker.
    node.asSessionRequest().send().wait(client.getWaitScope());
    taken->set_value();
  }
  std::vector<SubmitAnswer> answers;
  for (auto& one : in_flight)
    answers.push_back(from_wire(one.wait(client.getWaitScope()).getAnswer()));
  return answers;
}

TEST(Faults, AFullNodeSaysWhenToTryAgain) {
  ServeOptions options;
  options.workers = 1;
  options.queue = 4;
  options.quotas = {.party_posts = 0, .party_mib = 0};  // the flood is of one party
  SmallLedger ledger(options);
  const std::vector<Submission> submission = {heavy(ledger)};
  std::atomic<bool> flooding{true};
  std::atomic<bool> seen{false};
  size_t busy = 0;
  std::thread flooder([&] {
    // A fast node is full for moments only: so the other client gets many of them.
    for (int round = 0; round < 100 && !seen; ++round) {
      for (const auto& answer : flood(ledger, submission, 48)) {
        if (answer.outcome) continue;
        EXPECT_EQ(answer.outcome.error()[0].code, Code::BUSY);
        EXPECT_GT(answer.head.retry_after_ms, 0U);
        ++busy;
      }
    }
    flooding = false;
  });
  std::optional<HttpAnswer> refused;
  while (flooding && !refused) {
    auto answer = ledger.http().get("/v1/status");
    if (answer.status != 200) refused = std::move(answer);
    seen = refused.has_value();
  }
  flooder.join();
  EXPECT_GT(busy, 0U);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->header("retry-after"), "1");
  EXPECT_EQ(heard_over_http(*refused).errors.at(0).code, Code::BUSY);
  EXPECT_EQ(ledger.http().get("/v1/status").status, 200);
}

TEST(Faults, AfterAFailedWriteTheNodeAnswersQuestionsOnly) {
  SmallLedger ledger;
  ledger.accept("maker", {plain("A1")});
  const auto lost = ledger.batch("maker", {plain("A2")});
  {
    const FullDisk full;
    const auto answer = ledger.rpc().submit(lost);
    ASSERT_FALSE(answer.outcome);
    EXPECT_FALSE(info(answer.outcome.error()[0].code).refusal)
        << to_text(answer.outcome.error()[0]);
  }
  const auto over_rpc = ledger.rpc().submit(lost);
  ASSERT_FALSE(over_rpc.outcome);
  EXPECT_EQ(over_rpc.outcome.error()[0].code, Code::READ_ONLY)
      << to_text(over_rpc.outcome.error()[0]);
  const auto over_http =
      heard_over_http(ledger.http().post("/v1/batches", write_submission_json(lost)));
  ASSERT_FALSE(over_http.errors.empty());
  EXPECT_EQ(over_http.errors[0].code, Code::READ_ONLY);
  EXPECT_EQ(over_http.status, 503);

  const auto status = ledger.rpc().status();
  ASSERT_TRUE(status.value);
  EXPECT_FALSE(status.value->read_only.empty());
  EXPECT_EQ(status.head.size, 5U);
  EXPECT_EQ(ledger.http().get("/readyz").status, 503);
  EXPECT_EQ(ledger.http().get("/healthz").status, 200);
  EXPECT_FALSE(ledger.rpc().receipt(batch_id(signed_text(lost.note))).value);
}

TEST(Faults, AStoppingNodeSaysSo) {
  ServeOptions options = without_seals();
  options.workers = 1;
  SmallLedger ledger(options);
  const auto submission = ledger.batch("maker", {plain("S1")});
  std::vector<Submission> busy_with;  // what may wait for its answer is about 25 of these
  for (char first = 'A'; first < 'U'; ++first) busy_with.push_back(heavy(ledger, first));
  const std::string body = write_submission_json(submission);
  HttpClient half(ledger.running().http_port());
  half.write(
      "POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body.substr(0, 10));
  ASSERT_EQ(ledger.http().get("/healthz").status, 200);  // So the half request has arrived too.

  // What drains for a while keeps the connections open.
  std::promise<void> taken;
  std::thread drained([&] {
    for (const auto& answer : flood(ledger, busy_with, busy_with.size(), &taken))
      EXPECT_TRUE(answer.outcome);
  });
  taken.get_future().wait();
  ledger.running().begin_stop();
  const auto over_rpc = ledger.rpc().submit(submission);
  half.write(body.substr(10));
  const auto answer = half.read();
  drained.join();
  ASSERT_FALSE(over_rpc.outcome);
  EXPECT_EQ(over_rpc.outcome.error()[0].code, Code::STOPPING)
      << to_text(over_rpc.outcome.error()[0]);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503) << answer->body;
  EXPECT_EQ(heard_over_http(*answer).errors.at(0).code, Code::STOPPING);
}

}  // namespace
}  // namespace suyuan::test
