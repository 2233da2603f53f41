// What a stranger, or one party, can make the EPCIS interface store, answer and wait for.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>

#include "ledger/batch/sign.h"
#include "ledger/event/codes_of.h"
#include "ledger/os/files.h"
#include "node/epcis/capture.h"
#include "proto/epcis/epcis.h"
#include "tests/e2e/epcis_fixture.h"

namespace suyuan::test {
namespace {

using boost::asio::ip::tcp;

class EpcisBounds : public EpcisTest {
 protected:
  EpcisBounds() = default;
  explicit EpcisBounds(ServeOptions chosen) : EpcisTest(std::move(chosen)) {}
  Submission signed_by(const std::string& party, const std::vector<std::string>& payloads) {
    BatchDraft draft = ledger_.draft({});
    draft.type = PayloadType::epcis_json;
    draft.events.clear();
    for (const auto& payload : payloads) {
      const auto event = check_epcis(payload);
      EXPECT_TRUE(event);
      draft.events.push_back({.body = {.salt = random_fixed<Salt>(), .payload = payload},
                              .codes = codes_of(*event)});
    }
    return sign_batch(std::move(draft), ledger_.signer(party)).value();
  }
  static HttpAsked capture_of(const Submission& submission) {
    std::string body = "--b\r\nContent-Type: text/plain\r\n\r\n" + submission.note;
    for (const auto& event : submission.events) {
      body += "\r\n--b\r\nContent-Type: application/ld+json\r\nSuyuan-Salt: " +
              to_base64(event.salt.view()) + "\r\n\r\n" + event.payload;
    }
    return {.method = "POST",
            .target = "/epcis/capture",
            .body = body + "\r\n--b--\r\n",
            .headers = {{"Content-Type", "multipart/mixed; boundary=b"}}};
  }
  HttpAnswer capture(const Submission& submission) {
    return ledger_.http().send(capture_of(submission));
  }
  // Follows the links of pages; how many there were.
  std::vector<HttpAnswer> pages(std::string path, const std::string& token) {
    std::vector<HttpAnswer> all;
    while (!path.empty() && all.size() < 1000) {
      all.push_back(send("GET", path, token));
      EXPECT_EQ(all.back().status, 200) << all.back().body;
      const std::string link = all.back().header("link");
      const size_t end = link.find('>');
      path = end == std::string::npos ? "" : link.substr(7, end - 7);  // behind "</epcis"
    }
    return all;
  }
};

TEST_F(EpcisBounds, ASignedBatchIsCapturedWithoutAToken) {
  const auto accepted = capture(signed_by(
      "farm", {event_of("L1", "urn:uuid:1", R"(,"suyuan:audience":"public")"),
               event_of("L2", "urn:uuid:2", R"(,"suyuan:audience":"public")")}));
  const auto ended = job(accepted, "");
  EXPECT_TRUE(ended.at("success").as_bool()) << json::serialize(ended);
  const auto found = events("/events", "");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FALSE(found[0].as_object().contains("suyuan:statedThrough")) << "it signed itself";
  // What the ledger has against an event is the job's to say.
  const auto refused = job(capture(signed_by("farm", {event_of("L9", "urn:uuid:1")})), "");
  EXPECT_FALSE(refused.at("success").as_bool());
  EXPECT_TRUE(refused.at("errors").at(0).at("pointer").as_string().starts_with("/0"));
}

// What is captured is posted like any other batch: it counts in the same quotas, and who is over
// one hears when to try again.
class EpcisQuotas : public EpcisBounds {
 public:
  static ServeOptions limited(const QuotaOptions& quotas) {
    ServeOptions chosen = usual_options();
    chosen.quotas = quotas;
    chosen.quotas.proxies = {"127.0.0.1"};  // so this machine's address counts
    return chosen;
  }

 protected:
  explicit EpcisQuotas(const QuotaOptions& quotas) : EpcisBounds(limited(quotas)) {}
  HttpAnswer post_one(int n) {
    const std::string number = std::to_string(n);
    return send("POST", "/events", farm_, event_of("Q" + number, "urn:uuid:q" + number));
  }
  void expect_limited(const HttpAnswer& answer, const std::string& wait_s) {
    refuses(answer, 429, "ImplementationException");
    EXPECT_EQ(answer.header("retry-after"), wait_s);
  }
};
struct EpcisQuotasOfAddress : EpcisQuotas {
  EpcisQuotasOfAddress() : EpcisQuotas({.client_posts = 6}) {}  // the fixture posts four
};
// Of 1 MiB for what batches hold that are not answered.
struct EpcisQuotasOfLittleMemory : EpcisBounds {
  static constexpr int kSent = 24;
  EpcisQuotasOfLittleMemory() : EpcisBounds(chosen()) {}
  static ServeOptions chosen() {
    ServeOptions options = EpcisQuotas::limited({.client_posts = kSent + 4});  // as above
    options.rpc_memory_mib = 2;
    return options;
  }
  static std::string large_payload(int n) {
    const std::string number = std::to_string(n);
    std::string more;
    for (int i = 0; i < 8; ++i)
      more += R"(,"example:note)" + std::to_string(i) + R"(":")" + std::string(2000, 'x') + '"';
    return event_of("B" + number, "urn:uuid:b" + number, more);
  }
  HttpAsked large_event(int n) const {
    return {.method = "POST",
            .target = "/epcis/events",
            .body = large_payload(n),
            .headers = {{"Authorization", "Bearer " + farm_},
                        {"Content-Type", "application/json"}}};
  }
};
struct EpcisQuotasOfParty : EpcisQuotas {
  EpcisQuotasOfParty() : EpcisQuotas({.party_posts = 60}) {}
};

TEST_F(EpcisQuotasOfAddress, CountCapturesToo) {
  EXPECT_EQ(post_one(1).status, 201);
  EXPECT_EQ(capture(signed_by("farm", {event_of("S1", "urn:uuid:s1")})).status, 202);
  expect_limited(post_one(2), "10");
  expect_limited(capture(signed_by("farm", {event_of("S2", "urn:uuid:s2")})), "10");
  expect_limited(send("POST", "/capture", farm_, document_of({event_of("S3", "urn:uuid:s3")})),
                 "10");
  EXPECT_EQ(send("GET", "/events", farm_).status, 200);
}

TEST_F(EpcisQuotasOfLittleMemory, CountAnEventThatWasBusyOnceItWasParsed) {
  std::vector<HttpAsked> all;
  for (int i = 0; i < kSent; ++i) all.push_back(large_event(i));
  auto statuses = send_until_taken(ledger_.running().http_port(), all, 6);
  EXPECT_GT(statuses[503], 0U) << "else this shows nothing";
  EXPECT_EQ(statuses[201] + statuses[503], all.size());
  EXPECT_EQ(statuses[429], statuses[503]) << "what was busy is counted, and not taken again";
}

TEST_F(EpcisQuotasOfLittleMemory, CountASignedBatchThatWasBusyOnceItWasParsed) {
  std::vector<HttpAsked> all;
  for (int i = 0; i < kSent; ++i) all.push_back(capture_of(signed_by("farm", {large_payload(i)})));
  auto statuses = send_until_taken(ledger_.running().http_port(), all, 6);
  EXPECT_GT(statuses[503], 0U) << "else this shows nothing";
  EXPECT_EQ(statuses[202] + statuses[503], all.size());
  EXPECT_EQ(statuses[429], statuses[503]) << "what was busy is counted, and not taken again";
}

TEST_F(EpcisQuotasOfParty, MakeAJobWaitAndAnEventBeSentLater) {
  int posted = 0;
  HttpAnswer answer = post_one(posted);
  while (answer.status == 201 && posted < 100) answer = post_one(++posted);
  EXPECT_EQ(posted, 60);
  expect_limited(answer, "1");
  const auto accepted =
      send("POST", "/capture", farm_, document_of({event_of("S3", "urn:uuid:s3")}));
  ledger_.running().set_clock(testing::ms("2026-06-02T00:00:02Z"));
  const auto ended = job(accepted, farm_);
  EXPECT_TRUE(ended.at("success").as_bool()) << json::serialize(ended);
}

// Its note, payloads and salts can be read in the ledger: it counts for who sends it again.
TEST_F(EpcisQuotasOfParty, AreNotUsedUpByWhoSendsABatchAgain) {
  const auto batch = signed_by("farm", {event_of("S1", "urn:uuid:s1")});
  for (int i = 0; i < 100; ++i) {
    const auto ended = job(capture(batch), "");
    ASSERT_TRUE(ended.at("success").as_bool()) << json::serialize(ended);
  }
  EXPECT_EQ(post_one(1).status, 201);
}

// Jobs that wait for minutes are no reason to refuse those of others.
TEST_F(EpcisQuotasOfParty, LeaveOthersTheirPlaces) {
  for (int i = 0; i < 60; ++i) ASSERT_EQ(post_one(i).status, 201);
  const auto start = [&](const std::string& token, int n) {
    const std::string number = std::to_string(n);
    return send("POST", "/capture", token,
                document_of({event_of("J" + number, "urn:uuid:j" + number)}));
  };
  std::vector<HttpAnswer> taken;
  HttpAnswer last = start(farm_, 100);
  while (last.status == 202 && taken.size() < 100) {
    taken.push_back(last);
    last = start(farm_, 100 + static_cast<int>(taken.size()));
  }
  EXPECT_EQ(taken.size(), epcis::kJobsOfPartyMax);
  EXPECT_EQ(last.status, 503) << last.body;
  const auto others = job(start(maker_, 1), maker_);
  EXPECT_FALSE(others.at("running").as_bool()) << json::serialize(others);
  ledger_.running().set_clock(testing::ms("2026-06-02T00:02:00Z"));
  for (const auto& one : taken) {
    const auto ended = job(one, farm_);
    EXPECT_TRUE(ended.at("success").as_bool()) << json::serialize(ended);
  }
}

// Jobs are rows that were synced: nobody makes one without a key that a party has.
TEST_F(EpcisBounds, WhatIsNotSignedByAPartyLeavesNoJob) {
  const auto good = signed_by("farm", {event_of("L1", "urn:uuid:1")});
  auto forged = good;
  const size_t line = forged.note.rfind("\xE2\x80\x94 farm ") + 9;
  forged.note[line + 20] = forged.note[line + 20] == 'A' ? 'B' : 'A';
  auto stranger = good;
  for (size_t at; (at = stranger.note.find("farm")) != std::string::npos;)
    stranger.note.replace(at, 4, "frma");
  auto changed = good;
  changed.events[0].payload.replace(changed.events[0].payload.find("urn:uuid:1"), 10, "urn:uuid:2");
  auto broken = good;
  broken.events[0].payload = "{}";
  for (const auto* one : {&forged, &stranger, &changed, &broken}) {
    const auto answer = capture(*one);
    EXPECT_GE(answer.status, 400) << answer.body;
    EXPECT_LT(answer.status, 500) << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_EQ(answer.header("location"), "");
  }
  const auto broken_body = json::parse(capture(broken).body);
  EXPECT_TRUE(broken_body.at("errors").at(0).at("pointer").as_string().starts_with("/0"));
  // The first of all jobs.
  EXPECT_TRUE(capture(good).header("location").starts_with("/epcis/capture/n1-"));
}

// Hundreds of errors for each of hundreds of jobs would be megabytes.
TEST_F(EpcisBounds, AListOfFaultyJobsIsShortAndItsPagesAreToo) {
  constexpr size_t kJobs = 40;
  std::vector<std::string> faulty;
  const std::string name(1000, 'n');
  for (int i = 0; i < 100; ++i) {
    faulty.push_back(event_of("L" + std::to_string(i), "urn:uuid:" + std::to_string(i),
                              ",\"" + name + "\":1"));
  }
  for (size_t i = 0; i < kJobs; ++i) {
    const auto ended = job(send("POST", "/capture", farm_, document_of(faulty)), farm_);
    ASSERT_FALSE(ended.at("success").as_bool());
    EXPECT_GT(ended.at("errors").as_array().size(), 10U);
    EXPECT_LT(json::serialize(ended).size(), 100U << 10);
  }
  size_t jobs = 0;
  const auto all = pages("/capture?perPage=1000", farm_);
  for (const auto& page : all) {
    EXPECT_LT(page.body.size(), 1U << 20);
    const auto list = json::parse(page.body);
    for (const auto& one : list.as_array()) {
      ++jobs;
      const auto& errors = one.at("errors").as_array();
      EXPECT_EQ(errors.size(), 6U);
      EXPECT_NE(std::string(errors.back().at("detail").as_string()).find("more errors are in"),
                std::string::npos);
    }
  }
  EXPECT_EQ(jobs, kJobs);
  EXPECT_GT(all.size(), 1U) << "rows of more than 1 MiB are no page";
}

TEST_F(EpcisBounds, NoEventHidesBehindOthersOfItsEventId) {
  std::string other = event_of("L1", "urn:uuid:1", R"(,"suyuan:audience":"public")");
  ASSERT_EQ(send("POST", "/events", farm_, other).status, 201);
  const auto change = [&](const std::string& from, const std::string& to) {
    other.replace(other.find(from), from.size(), to);
  };
  change("\"ADD\"", "\"OBSERVE\"");
  change("commissioning", "storing");
  ASSERT_EQ(send("POST", "/events", maker_, other).status, 201);
  const auto all = pages("/events/urn:uuid:1?perPage=1", "");
  ASSERT_EQ(all.size(), 2U);
  for (const auto& page : all) {
    EXPECT_EQ(json::parse(page.body).at("epcisBody").at("queryResults").at("resultsBody")
                  .at("eventList").as_array().size(), 1U);
  }
  refuses(send("GET", "/events/urn:uuid:1?EQ_action=ADD", ""), 400, "QueryParameterException");
  refuses(send("GET", "/events/urn:uuid:2", ""), 404, "NoSuchResourceException");
}

// One event of four thousand codes and 64 partners has a million rows (here it is smaller). Who
// asks meanwhile is answered from what the index has.
TEST_F(EpcisBounds, AQuestionWaitsForNoHugeEvent) {
  ASSERT_EQ(send("POST", "/events", open_, event_of("L1", "urn:uuid:1")).status, 201);
  std::string codes, parties;
  const std::string product = kLot.substr(0, kLot.size() - 4);
  for (int i = 0; i < 800; ++i)
    codes += (i == 0 ? "\"" : ",\"") + product + "/21/" + std::to_string(i) + "\"";
  for (int i = 0; i < 32; ++i) {
    parties += std::string(i == 0 ? "" : ",") +
               R"({"type":"location","source":"urn:example:s)" + std::to_string(i) + "\"}";
  }
  const std::string huge =
      R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)"
      R"("type":"ObjectEvent","eventTime":"2026-06-01T08:00:00+08:00",)"
      R"("eventTimeZoneOffset":"+08:00","action":"OBSERVE","bizStep":"storing",)"
      R"("epcList":[)" + codes + R"(],"sourceList":[)" + parties + "]}";
  const auto posted = send("POST", "/events", farm_, huge);
  ASSERT_EQ(posted.status, 201) << posted.body.substr(0, 300);
  const auto answer = send("GET", "/events", "");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json::parse(answer.body).at("epcisBody").at("queryResults").at("resultsBody")
                .at("eventList").as_array().size(), 1U);
}

TEST(EpcisStop, WaitsForNoCallback) {
  boost::asio::io_context io;
  tcp::acceptor silent(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  std::optional<tcp::socket> taken;
  ServeOptions options = without_seals();
  options.loopback_webhooks = true;
  auto ledger = std::make_unique<SmallLedger>(options);
  const auto farm = *epcis::add_token({ledger->folder() + "/gateway"}, {.party = "farm"});
  const auto send = [&](const std::string& path, const std::string& body) {
    return ledger->http().send({.method = "POST", .target = "/epcis" + path, .body = body,
                                .headers = {{"Authorization", "Bearer " + farm},
                                            {"Content-Type", "application/json"}}});
  };
  ASSERT_EQ(send("/queries", R"({"name":"all","query":{}})").status, 201);
  ASSERT_EQ(send("/queries/all/subscriptions",
                 R"({"dest":"http://127.0.0.1:)" + std::to_string(silent.local_endpoint().port()) +
                     R"(/","stream":true,"reportIfEmpty":true})").status, 201);
  TraceEvent made;
  made.kind = Kind::origin;
  made.action = Action::add;
  made.step = "commissioning";
  made.event_time.ms = testing::ms("2026-06-01T00:00:00Z");
  made.objects = {{.code = kLot + "L1", .quantity = Decimal::parse("1"), .uom = "KGM"}};
  ledger->accept("farm", {made});
  taken = silent.accept();  // the report waits for its answer now
  const auto before = std::chrono::steady_clock::now();
  ledger.reset();
  // A callback is given ten seconds to answer.
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(9));
}

}  // namespace
}  // namespace suyuan::test
