// Quotas of addresses and parties, over both wires: who asks too much waits, and nobody else does.
#include <capnp/ez-rpc.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "client/http_log.h"
#include "proto/json/submission_json.h"
#include "proto/ledger.capnp.h"
#include "tests/e2e/session_fixture.h"

namespace suyuan::test {
namespace {

const int64_t kNow = testing::ms("2026-06-02T00:00:00Z");

// Loopback, where the tests are, is a proxy: its address counts, or that of the client it names.
ServeOptions with_quotas(QuotaOptions quotas) {
  ServeOptions options = without_seals();
  options.quotas = std::move(quotas);
  options.quotas.proxies = {"127.0.0.1"};
  return options;
}

// A question that comes through the proxy.
HttpAnswer ask_from(SmallLedger& ledger, const std::string& client, const std::string& target,
                    const std::string& token = "") {
  HttpAsked asked{.target = target, .headers = {{"X-Forwarded-For", client}}};
  if (!token.empty()) asked.headers["Authorization"] = "Bearer " + token;
  return ledger.http().send(asked);
}

void expect_limited(const HttpAnswer& answer, const std::string& wait_s) {
  EXPECT_EQ(answer.status, 429) << answer.body;
  EXPECT_EQ(answer.header("retry-after"), wait_s);
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

// Else a sender could have bodies parsed without limit, as long as there is no room.
TEST(Quotas, CountABatchOverHttpThatWasBusyOnceItWasParsed) {
  constexpr int kSent = 24;
  ServeOptions options = with_quotas({.client_posts = kSent + 3});  // the fixture posts three
  options.rpc_memory_mib = 2;
  SmallLedger ledger(options);
  std::vector<HttpAsked> all;
  for (int i = 0; i < kSent; ++i) all.push_back(large_batch(ledger, i));
  auto statuses = send_until_taken(ledger.running().http_port(), all, 6);
  EXPECT_GT(statuses[503], 0U) << "else this shows nothing";
  EXPECT_EQ(statuses[201] + statuses[503], all.size());
  EXPECT_EQ(statuses[429], statuses[503]) << "what was busy is counted, and not taken again";
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
    const auto connection =
        Connection::open({.node = ledger.running().rpc_address(), .limited_ms = 0});
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

// A MiB takes half a minute of the two that are allowed in one.
TEST(Quotas, OfAPartyCountWhatItPosts) {
  SmallLedger ledger(with_quotas({.party_mib = 2}));
  const auto large = [&](int n) {
    std::vector<TraceEvent> events;
    for (int i = 0; i < 1500; ++i) {
      events.push_back(testing::observe(
          "09:30", "storing",
          {"sgtin:" + kFormula + ":L" + std::to_string(n) + "x" + std::to_string(i)}));
    }
    return ledger.batch("maker", std::move(events));
  };
  int taken = 0;
  Submission next = large(taken);
  SubmitAnswer answer = ledger.rpc().submit(next);
  while (answer.outcome && taken < 100) answer = ledger.rpc().submit(next = large(++taken));
  EXPECT_GT(taken, 1);
  ASSERT_FALSE(answer.outcome) << "far fewer batches than a party may post";
  EXPECT_EQ(answer.outcome.error().front().code, Code::RATE_LIMITED);
  EXPECT_GT(answer.head.retry_after_ms, 0u);
  EXPECT_LE(answer.head.retry_after_ms, 30'000u);
  ledger.accept(milk(ledger, "farm", 1));
  ledger.running().set_clock(kNow + answer.head.retry_after_ms);
  EXPECT_TRUE(ledger.rpc().submit(next).outcome);
}

TEST(Quotas, OfAnAddressCountWhatItPosts) {
  SmallLedger ledger(with_quotas({.client_mib = 32}));
  const auto post_from = [&](const std::string& client) {
    return ledger.http().send(
        {.method = "POST",
         .target = "/v1/batches",
         .body = std::string(size_t{12} << 20, ' '),
         .headers = {{"Content-Type", "application/json"}, {"X-Forwarded-For", client}}});
  };
  EXPECT_EQ(post_from("192.0.2.7").status, 413) << "it counts all the same";
  EXPECT_EQ(post_from("192.0.2.7").status, 413);
  expect_limited(post_from("192.0.2.7"), "8");
  EXPECT_EQ(post_from("192.0.2.8").status, 413) << "others go on";
}

// On every route that asks the ledger; what costs nothing, and what watches the node, is free.
TEST(Quotas, OfAnAddressStopItsQuestionsAndNobodyElses) {
  SmallLedger ledger(with_quotas({.client_reads = 2}));
  const std::string of_lot = "/v1/codes/" + percent_encode(testing::code("lot:" + kMilk + ":A"));
  EXPECT_EQ(ask_from(ledger, "192.0.2.7", "/v1/status").status, 200);
  EXPECT_EQ(ask_from(ledger, "203.0.113.1, 192.0.2.7", "/v1/status").status, 200);
  const std::vector<std::string> counted = {
      "/v1/status", "/v1/registry/parties", "/v1/genesis", "/v1/consistency?from=1",
      of_lot + "/trace", of_lot + "/verdict", of_lot + "/bundle", of_lot + "/below",
      "/log/checkpoint", "/log/genesis.leaf", "/log/tile/0/000", "/.well-known/gs1resolver",
      "/01/" + kMilk + "/10/A?linkType=linkset", "/epcis/events", "/epcis/bizSteps"};
  for (const std::string& target : counted)
    expect_limited(ask_from(ledger, "192.0.2.7", target), "30");
  // A page of another origin reads these two, so it has to see how long to wait.
  for (const std::string& target :
       {std::string("/log/checkpoint"), "/01/" + kMilk + "/10/A?linkType=linkset"}) {
    const auto answer = ask_from(ledger, "192.0.2.7", target);
    EXPECT_NE(answer.header("access-control-expose-headers").find("Retry-After"),
              std::string::npos) << target;
  }
  const auto page = ledger.http().send(
      {.target = "/01/" + kMilk + "/10/A",
       .headers = {{"X-Forwarded-For", "192.0.2.7"}, {"Accept", "text/html"}}});
  expect_limited(page, "30");
  EXPECT_TRUE(page.header("content-type").starts_with("text/html")) << "which says what it is";
  for (const std::string target : {"/", "/v1/policy", "/healthz", "/readyz", "/metrics"})
    EXPECT_EQ(ask_from(ledger, "192.0.2.7", target).status, 200) << target;
  EXPECT_EQ(ask_from(ledger, "192.0.2.8", "/v1/status").status, 200) << "another client";
  EXPECT_EQ(ask_from(ledger, "unknown", "/v1/status").status, 200) << "the proxy itself";
  ledger.running().set_clock(kNow + 30'000);
  EXPECT_EQ(ask_from(ledger, "192.0.2.7", "/v1/status").status, 200);
}

// A limited client's scans use up nothing of the code that it scans.
TEST(Quotas, OfAnAddressStopItsScansToo) {
  SmallLedger ledger(with_quotas({.client_reads = 1}));
  const auto scan_from = [&](const std::string& client) {
    return ledger.http().send(
        {.method = "POST",
         .target = "/v1/scans",
         .body = R"({"code":")" + testing::code("lot:" + kMilk + ":A") + "\"}",
         .headers = {{"Content-Type", "application/json"}, {"X-Forwarded-For", client}}});
  };
  EXPECT_EQ(scan_from("192.0.2.7").status, 200);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(scan_from("192.0.2.7").status, 429);
  EXPECT_EQ(scan_from("192.0.2.8").status, 200);
}

TEST(Quotas, OfAnAddressStopItsQuestionsOverRpc) {
  SmallLedger ledger(with_quotas({.client_reads = 2}));
  EXPECT_TRUE(ledger.rpc().status().value);
  EXPECT_TRUE(ledger.rpc().parties({}).value);
  const auto limited = ledger.rpc().status();
  ASSERT_FALSE(limited.value);
  EXPECT_EQ(limited.value.error().code, Code::RATE_LIMITED);
  EXPECT_EQ(limited.head.retry_after_ms, 30'000u);
  EXPECT_EQ(ledger.rpc().challenge().head.retry_after_ms, 30'000u);
  EXPECT_EQ(ledger.rpc().checkpoint(0).head.retry_after_ms, 30'000u);
  const std::string lot = testing::code("lot:" + kMilk + ":A");
  EXPECT_EQ(ledger.rpc().trace({.code = lot}, false).head.retry_after_ms, 30'000u);
  EXPECT_EQ(ledger.rpc().bundle({.code = lot}).head.retry_after_ms, 30'000u);
  EXPECT_EQ(ledger.rpc().verdict({.code = lot}).head.retry_after_ms, 30'000u);
  EXPECT_EQ(ask_from(ledger, "192.0.2.8", "/v1/status").status, 200);
  ledger.accept(milk(ledger, "farm", 1));
}

// A session's questions count for its party alone; a token that opens nothing is no session.
TEST(Quotas, OfAnAddressDoNotCountWhatCountsForAParty) {
  SmallLedger ledger(with_quotas({.client_reads = 3, .party_reads = 20}));
  const auto receipt = ledger.accept(milk(ledger, "farm", 1));
  const std::string target = "/v1/events/" + std::to_string(receipt.leaf) + "/0";
  const std::string token = token_over_http(ledger, "farm");  // two questions of the proxy's
  for (int i = 0; i < 20; ++i)
    ASSERT_EQ(ask_from(ledger, "192.0.2.7", target, token).status, 200) << i;
  expect_limited(ask_from(ledger, "192.0.2.7", target, token), "3");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask_from(ledger, "192.0.2.7", target, "sys_0").status, 401);
  expect_limited(ask_from(ledger, "192.0.2.7", target, "sys_0"), "20");
  expect_limited(ask_from(ledger, "192.0.2.7", "/v1/status", token), "20");
}

// Before it waits for anything, as every other question is.
TEST(Quotas, OfPrivilegedReadsAreAskedFirst) {
  SmallLedger ledger(with_quotas({.party_reads = 1}));
  const auto receipt = ledger.accept(milk(ledger, "farm", 1));
  const std::string target = "/v1/events/" + std::to_string(receipt.leaf) + "/0";
  const std::string token = token_over_http(ledger, "farm");
  EXPECT_EQ(get_as(ledger, target, token).status, 200);
  const auto limited = get_as(ledger, target + "?size=1000000&wait=20000", token);
  expect_limited(limited, "60");
}

// A session whose key is revoked asks once more for its party, and from then on for its address.
TEST(Quotas, OfAnAddressCountWhatARevokedKeysSessionAsks) {
  SmallLedger ledger(with_quotas({.client_reads = 3}));
  const auto receipt = ledger.accept(milk(ledger, "farm", 1));
  const std::string target = "/v1/events/" + std::to_string(receipt.leaf) + "/0";
  const std::string token = token_over_http(ledger, "farm");  // two questions of the proxy's
  ledger.accept(ledger.acts(
      "registrar", {RevokeKey{.party = "farm", .key = ledger.key("farm").pair.key}}));
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(ask_from(ledger, "192.0.2.7", target, token).status, 401) << i;
  expect_limited(ask_from(ledger, "192.0.2.7", target, token), "20");
}

TEST(Quotas, OfAddressesAreNotTheMachinesOwn) {
  ServeOptions options = without_seals();
  options.quotas = {.client_posts = 1, .client_mib = 32, .client_reads = 1};
  SmallLedger ledger(options);
  for (int i = 0; i < 5; ++i) {
    ledger.accept(milk(ledger, "farm", i));
    EXPECT_TRUE(ledger.rpc().status().value);
    EXPECT_EQ(ask_from(ledger, "192.0.2.7", "/v1/status").status, 200) << "no proxy is named";
  }
}

// Sets the clock a minute ahead after a moment.
class MinuteLater {
 public:
  explicit MinuteLater(RunningNode& node)
      : thread_([&node] {
          std::this_thread::sleep_for(std::chrono::milliseconds(150));
          node.set_clock(kNow + 60'000);
        }) {}
  ~MinuteLater() { thread_.join(); }
  MinuteLater(const MinuteLater&) = delete;
  MinuteLater& operator=(const MinuteLater&) = delete;

 private:
  std::thread thread_;
};

TEST(Quotas, MakeOurOwnReadersWait) {
  constexpr int kReads = 600;  // one comes back in 100 ms
  SmallLedger ledger(with_quotas({.client_reads = kReads}));
  const auto ask_until_limited = [&] {
    int asked = 0;
    while (ledger.http().get("/v1/status").status == 200 && asked < 2 * kReads) ++asked;
    EXPECT_EQ(asked, kReads);
  };
  ask_until_limited();
  std::thread([&] {
    const auto connection = Connection::open({.node = ledger.running().rpc_address()});
    ASSERT_TRUE(connection);
    const MinuteLater later(ledger.running());
    EXPECT_TRUE((*connection)->status().value);
  }).join();
  ledger.running().set_clock(kNow + 30'000);  // a clock that is set back gives nothing
  while (ledger.http().get("/v1/status").status == 200) {
  }
  const auto log =
      HttpLog::open("http://127.0.0.1:" + std::to_string(ledger.running().http_port()) + "/log");
  ASSERT_TRUE(log);
  const MinuteLater later(ledger.running());
  EXPECT_TRUE((*log)->read("genesis.leaf"));
}

}  // namespace
}  // namespace suyuan::test
