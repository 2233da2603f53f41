// Quotas of addresses and parties, over both wires: who asks too much waits, and nobody else does.
#include "node/access/quotas.h"

#include <capnp/ez-rpc.h>
#include <gtest/gtest.h>

#include <thread>

#include "proto/json/submission_json.h"
#include "proto/ledger.capnp.h"
#include "tests/e2e/session_fixture.h"

namespace suyuan::test {
namespace {

const int64_t kNow = testing::ms("2026-06-02T00:00:00Z");

ServeOptions with_quotas(const QuotaOptions& quotas) {
  ServeOptions options = without_seals();
  options.quotas = quotas;
  return options;
}

Submission milk(SmallLedger& ledger, const std::string& party, int n) {
  return ledger.batch(party, {testing::commission("09:00", {"lot:" + kMilk + ":Q" + party +
                                                            std::to_string(n) + " 5 KGM"})});
}

// Over one connection; the tokens are 65 that are known.
void hold_sessions(const std::string& address, const std::vector<std::string>& tokens) {
  capnp::EzRpcClient client(address);
  auto ledger = client.getMain<wire::Ledger>();
  std::vector<wire::Ledger::Client> held;
  const auto hold = [&](const std::string& token) {
    auto request = ledger.asSessionRequest();
    request.setToken(token);
    auto exception = kj::runCatchingExceptions([&] {
      held.push_back(request.send().wait(client.getWaitScope()).getLedger());
    });
    return exception == nullptr;
  };
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(hold("nobody-" + std::to_string(i))) << i;
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(hold(tokens[0])) << "one object for one token";
  for (size_t i = 1; i < 63; ++i) ASSERT_TRUE(hold(tokens[i])) << i;
  EXPECT_FALSE(hold(tokens[63]));
  EXPECT_TRUE(hold(tokens[7]));
  held.clear();
  ledger.statusRequest().send().wait(client.getWaitScope());  // after what was dropped
  EXPECT_TRUE(hold(tokens[63]));
}

TEST(Quotas, OfAPartyCountItsBatchesAlone) {
  SmallLedger ledger(with_quotas({.party_posts = 5}));
  for (int i = 0; i < 5; ++i) ledger.accept(milk(ledger, "farm", i));
  const auto next = milk(ledger, "farm", 5);
  const auto answer = ledger.rpc().submit(next);
  ASSERT_FALSE(answer.outcome);
  EXPECT_EQ(answer.outcome.error().front().code, Code::RATE_LIMITED);
  EXPECT_EQ(answer.head.retry_after_ms, 12'000u);
  const auto over_http = ledger.http().post("/v1/batches", write_submission_json(next));
  EXPECT_EQ(over_http.status, 429) << over_http.body;
  EXPECT_EQ(over_http.header("retry-after"), "12");
  // Others go on.
  ledger.accept(ledger.acts("registrar", {registered_party("dairy", Role::producer, {})}));
  ledger.running().set_clock(kNow + 12'000);
  EXPECT_TRUE(ledger.rpc().submit(next).outcome) << "a fifth of a minute later";
}

TEST(Quotas, OfAPartyAreNotUsedUpByForgeries) {
  SmallLedger ledger(with_quotas({.party_posts = 5}));
  for (int i = 0; i < 8; ++i) {
    Submission forged = milk(ledger, "farm", i);
    const size_t at = forged.note.size() - 8;
    forged.note[at] = forged.note[at] == 'A' ? 'B' : 'A';
    const auto answer = ledger.rpc().submit(forged);
    ASSERT_FALSE(answer.outcome);
    EXPECT_NE(answer.outcome.error().front().code, Code::RATE_LIMITED);
  }
  ledger.accept(milk(ledger, "farm", 9));
}

// Every party may sign a batch as if it were another's gateway. It is told so before it is counted
// and ordered, however many parties it names in turn.
TEST(Quotas, OfAPartyAreNotUsedUpByWhoSignsForItWithoutBeingAsked) {
  SmallLedger ledger(with_quotas({.party_posts = 3}));
  for (int i = 0; i < 6; ++i) {
    BatchDraft draft = ledger.draft({testing::commission(
        "09:00", {"lot:" + kMilk + ":V" + std::to_string(i) + " 5 KGM"})});
    draft.on_behalf_of = "farm";
    const auto batch = sign_batch(std::move(draft), ledger.signer("carrier"));
    ASSERT_TRUE(batch);
    const auto answer = ledger.rpc().submit(*batch);
    ASSERT_FALSE(answer.outcome);
    EXPECT_EQ(answer.outcome.error().front().code, Code::DELEGATION_MISSING) << i;
  }
  ledger.accept(milk(ledger, "farm", 1));
}

TEST(Quotas, OfAddressesPushOutNoPartys) {
  Quotas quotas({.client_posts = 1, .party_posts = 1});
  EXPECT_EQ(quotas.post_of_party("farm", kNow), 0u);
  for (int i = 0; i < 70'000; ++i) quotas.post_of_client(std::to_string(i), kNow);
  EXPECT_NE(quotas.post_of_party("farm", kNow), 0u);
}

TEST(Quotas, CountNoMoreWhatIsTakenBackAndNeverHoldMoreThanAMinutes) {
  Quotas quotas({.client_posts = 1});
  const auto uncount = quotas.uncount_post_of_client("192.0.2.7");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(quotas.post_of_client("192.0.2.7", kNow), 0u);
    uncount();
  }
  uncount();
  EXPECT_EQ(quotas.post_of_client("192.0.2.7", kNow), 0u);
  EXPECT_NE(quotas.post_of_client("192.0.2.7", kNow), 0u);
  EXPECT_EQ(Quotas({}).uncount_post_of_client("192.0.2.7"), nullptr);
}

TEST(Quotas, OfAnAddressStopItsBatchesAndNotItsQuestions) {
  SmallLedger ledger(with_quotas({.client_posts = 10}));
  int taken = 0;
  while (taken < 20 && ledger.rpc().submit(milk(ledger, "farm", taken)).outcome) ++taken;
  EXPECT_EQ(taken, 7) << "the fixture has posted three";
  const auto over_http =
      ledger.http().post("/v1/batches", write_submission_json(milk(ledger, "maker", 1)));
  EXPECT_EQ(over_http.status, 429) << over_http.body;
  EXPECT_FALSE(over_http.header("retry-after").empty());
  EXPECT_TRUE(ledger.rpc().status().value);
  EXPECT_EQ(ledger.http().get("/v1/status").status, 200);
}

// Two of these find no room at once: 1 MiB is for what batches hold that are not answered.
HttpAsked large_batch(SmallLedger& ledger, int n) {
  std::vector<TraceEvent> events;
  for (int i = 0; i < 240; ++i) {
    events.push_back(testing::observe("09:30", "storing",
                                      {"sgtin:" + kFormula + ":H" + std::to_string(n) + "x" +
                                       std::to_string(i)}));
  }
  return {.method = "POST",
          .target = "/v1/batches",
          .body = write_submission_json(ledger.batch("maker", std::move(events))),
          .headers = {{"Content-Type", "application/json"}}};
}

TEST(Quotas, CountNoBatchOverHttpThatWasBusy) {
  constexpr int kSent = 24;
  ServeOptions options = with_quotas({.client_posts = kSent + 3});  // the fixture posts three
  options.rpc_memory_mib = 2;
  SmallLedger ledger(options);
  std::vector<HttpAsked> all;
  for (int i = 0; i < kSent; ++i) all.push_back(large_batch(ledger, i));
  auto statuses = send_until_taken(ledger.running().http_port(), all, 6);
  EXPECT_EQ(statuses[201], all.size());
  EXPECT_GT(statuses[503], 0U) << "else this shows nothing";
  EXPECT_EQ(statuses.size(), 2U) << "no other answer comes";
  EXPECT_EQ(ledger.http().send(large_batch(ledger, kSent)).status, 429) << "what was taken counts";
}

TEST(Quotas, OfPrivilegedReadsCountThePartyAcrossItsSessions) {
  SmallLedger ledger(with_quotas({.party_reads = 3}));
  const auto receipt = ledger.accept(milk(ledger, "farm", 1));
  const std::string target = "/v1/events/" + std::to_string(receipt.leaf) + "/0";
  const std::string first = token_over_http(ledger, "farm");
  const std::string second = token_over_http(ledger, "farm");
  EXPECT_EQ(get_as(ledger, target, first).status, 200);
  EXPECT_EQ(get_as(ledger, target, second).status, 200);
  EXPECT_EQ(get_as(ledger, target, first).status, 200);
  const auto limited = get_as(ledger, target, second);
  EXPECT_EQ(limited.status, 429) << limited.body;
  EXPECT_EQ(limited.header("retry-after"), "20");
  std::thread([&] {
    const auto connection = Connection::open({.node = ledger.running().rpc_address()});
    ASSERT_TRUE(connection);
    ASSERT_TRUE((*connection)->ask_as(first));
    const auto answer = (*connection)->event({.leaf = receipt.leaf, .event = 0}, false);
    ASSERT_FALSE(answer.value);
    EXPECT_EQ(answer.value.error().code, Code::RATE_LIMITED);
    EXPECT_EQ(answer.head.retry_after_ms, 20'000u);
  }).join();
  EXPECT_EQ(get_as(ledger, target, token_over_http(ledger, "maker")).status, 200);
  EXPECT_EQ(ledger.http().get(target).status, 200) << "anyone";
}

TEST(Quotas, OfSessionsBoundWhatOneConnectionHolds) {
  SmallLedger ledger;
  std::vector<std::string> tokens;
  for (const std::string party : {"registrar", "farm", "maker", "carrier", "gateway"}) {
    for (int i = 0; i < 13; ++i) tokens.push_back(token_over_http(ledger, party));
  }
  std::thread([&] { hold_sessions(ledger.running().rpc_address(), tokens); }).join();
}

TEST(Quotas, TakeANetworkOfIpv6ForOneClient) {
  const auto client = [](const char* text) {
    return client_of(boost::asio::ip::make_address(text));
  };
  EXPECT_EQ(client("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client("2001:db8:1:2:3:4:5:6"), client("2001:db8:1:2:ffff::1"));
  EXPECT_NE(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
}

TEST(Quotas, OfBatchesAreOffUnlessTheyAreSetAndReadsHaveOneFromTheFirst) {
  Quotas quotas({});
  for (int i = 0; i < 3000; ++i) {
    EXPECT_EQ(quotas.post_of_client("192.0.2.7", kNow), 0u);
    EXPECT_EQ(quotas.post_of_party("farm", kNow), 0u);
    EXPECT_EQ(quotas.read_of_party("farm", kNow), 0u);
  }
  EXPECT_EQ(quotas.post_of_party("farm", kNow), 0u);
  EXPECT_EQ(quotas.read_of_party("farm", kNow), 20u);
  EXPECT_EQ(quotas.read_of_party("maker", kNow), 0u);
}

}  // namespace
}  // namespace suyuan::test
