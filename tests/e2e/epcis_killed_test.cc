// Capture jobs of a node that was killed over them: each has an end after the restart, says what
// became of it, and sent again makes nothing double.
#include <gtest/gtest.h>

#include "client/keys.h"
#include "client/trust.h"
#include "ledger/batch/sign.h"
#include "ledger/registry/possession.h"
#include "node/folder/init.h"
#include "proto/registry_codec.h"
#include "tests/e2e/epcis_fixture.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

constexpr size_t kJobs = 4;
constexpr size_t kEventsOfJob = 400;

// A ledger with a farm without keys, and a gateway for it.
class KilledNode : public ::testing::Test {
 protected:
  KilledNode() {
    SUYUAN_CHECK(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data_}) == 0);
    const epcis::GatewayFolder gateway{DataFolder{data_}.gateway()};
    SUYUAN_CHECK(epcis::make_gateway_key(gateway, "gateway").has_value());
    token_ = epcis::add_token(gateway, {.party = "farm"}).value();
    const auto none = [](const std::string&) { return std::string(); };
    const auto key = load_key(gateway.key(), none).value();
    const auto registrar = load_key(DataFolder{data_}.authority_key("registrar"), none).value();
    const LedgerId id = pinned_from_leaf(*read_file(DataFolder{data_}.genesis(), 1 << 14))->id;
    const NodeProcess node(SUYUAN_NODE_PROGRAM, data_);
    std::vector<UnsignedEvent> events;
    for (const RegistryEvent& act : std::vector<RegistryEvent>{
             registered_party("farm", Role::producer, {}),
             registered_party(
                 "gateway", Role::platform,
                 {prove_possession(id, "gateway", key.pair.secret, key.pair.key)}),
             RegisterProduct{
                 {.gtin = kMilk, .name = "Raw milk", .owner = "farm", .uom = "KGM"}},
             GrantDelegation{.party = "farm", .signer = "gateway"}}) {
      events.push_back(SmallLedger::payload_of(act));
    }
    const auto batch = sign_batch(id, PayloadType::registry_capnp, std::move(events), kFarFuture,
                                  random_fixed<Nonce>(), signer_of(registrar));
    auto connection = Connection::open({.node = node.rpc_address()}).value();
    SUYUAN_CHECK(connection->submit(*batch).outcome.has_value());
  }

  HttpAnswer send(HttpClient& http, const std::string& method, const std::string& target,
                  const std::string& body = {}, bool proceed = true) {
    std::map<std::string, std::string> headers = {{"Authorization", "Bearer " + token_}};
    if (!body.empty()) headers["Content-Type"] = "application/json";
    if (proceed) headers["GS1-Capture-Error-Behaviour"] = "proceed";
    return http.send({.method = method, .target = target, .body = body, .headers = headers});
  }

  // The events "<round>-<job>-<n>".
  static std::string job_document(size_t round, size_t job) {
    std::vector<std::string> list;
    for (size_t i = 0; i < kEventsOfJob; ++i) {
      const std::string name =
          std::to_string(round) + "-" + std::to_string(job) + "-" + std::to_string(i);
      list.push_back(event_of("L" + name, "urn:uuid:" + name));
    }
    return document_of(list);
  }

  // Every second job is one that goes whole or not at all.
  static bool proceeds(size_t job) { return job % 2 == 0; }

  std::vector<std::string> start_jobs(HttpClient& http, size_t round) {
    std::vector<std::string> jobs;
    for (size_t i = 0; i < kJobs; ++i) {
      const auto answer =
          send(http, "POST", "/epcis/capture", job_document(round, i), proceeds(i));
      EXPECT_EQ(answer.status, 202) << answer.body;
      jobs.push_back(answer.header("location"));
    }
    return jobs;
  }

  json::value ended(HttpClient& http, const std::string& job) {
    for (int i = 0; i < 6000; ++i) {
      const auto value = json::parse(send(http, "GET", job).body);
      if (!value.at("running").as_bool()) return value;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "the job does not end";
    return {};
  }

  // How often each eventID is in the ledger, by "<round>-<job>".
  std::map<std::string, std::map<std::string, size_t>> all_events(HttpClient& http) {
    std::map<std::string, std::map<std::string, size_t>> found;
    std::string target = "/epcis/events?perPage=1000";
    while (!target.empty()) {
      auto answer = send(http, "GET", target);
      // After a restart the index may be late, and says so.
      for (int i = 0; i < 20 && !answer.header("suyuan-index-behind").empty(); ++i)
        answer = send(http, "GET", target);
      EXPECT_EQ(answer.status, 200) << answer.body;
      const json::value page = json::parse(answer.body);
      for (const auto& event : page.at("epcisBody").at("queryResults").at("resultsBody")
                                   .at("eventList").as_array()) {
        const std::string id = std::string(event.at("eventID").as_string()).substr(9);
        ++found[id.substr(0, id.rfind('-'))][id];
      }
      const std::string link = answer.header("link");
      target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    return found;
  }

  const TempFolder folder_;
  const std::string data_ = folder_.path() + "/node";
  std::string token_;
};

TEST_F(KilledNode, EveryJobHasAnEndAndNothingIsLostOrDoubled) {
  for (size_t round = 0; round < 2; ++round) {
    std::vector<std::string> jobs;
    {
      NodeProcess node(SUYUAN_NODE_PROGRAM, data_);
      HttpClient http(node.http_port());
      jobs = start_jobs(http, round);
      if (round > 0) ended(http, jobs.front());  // at least one is through, the others are not far
      node.end(SIGKILL);
    }
    NodeProcess node(SUYUAN_NODE_PROGRAM, data_);
    HttpClient http(node.http_port());
    auto found = all_events(http);
    for (size_t i = 0; i < kJobs; ++i) {
      const auto about = json::parse(send(http, "GET", jobs[i]).body);
      const std::string said = json::serialize(about);
      const auto& captured = found[std::to_string(round) + "-" + std::to_string(i)];
      EXPECT_FALSE(about.at("running").as_bool()) << said;
      EXPECT_TRUE(about.as_object().contains("finishedAt")) << said;
      EXPECT_EQ(about.at("success").as_bool(), about.at("errors").as_array().empty()) << said;
      if (about.at("success").as_bool()) {
        EXPECT_EQ(captured.size(), kEventsOfJob) << said;
      }
      if (!proceeds(i)) {
        EXPECT_EQ(captured.size(), about.at("success").as_bool() ? kEventsOfJob : 0U) << said;
      }
    }
    for (const auto& job : start_jobs(http, round)) {
      const auto about = ended(http, job);
      EXPECT_TRUE(about.at("success").as_bool()) << json::serialize(about);
    }
    found = all_events(http);
    EXPECT_EQ(found.size(), (round + 1) * kJobs);
    for (const auto& [job, events] : found) {
      EXPECT_EQ(events.size(), kEventsOfJob) << job;
      for (const auto& [id, count] : events) EXPECT_EQ(count, 1U) << id;
    }
    EXPECT_EQ(WEXITSTATUS(node.end(SIGTERM)), 0);
  }
}

}  // namespace
}  // namespace suyuan::test
