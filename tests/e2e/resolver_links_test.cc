// Where the links of a code lead: to EPCIS repositories, and to the documents of its inspections.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "ledger/batch/sign.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/codes_of.h"
#include "ledger/os/files.h"
#include "proto/epcis/epcis.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

const std::string kInspected = "/01/" + kFormula + "/21/S9";
const std::string kRelations = "https://ref.gs1.org/voc/";

class ResolverLinks : public ::testing::Test {
 protected:
  ResolverLinks() : ledger_(with_address()) {
    const std::string lot = "lot:" + kFormula + ":L9";
    const std::string unit = "sgtin:" + kFormula + ":S9";
    ledger_.accept("maker", {testing::commission("09:00", {lot + " 10 H87"})});
    ledger_.accept("maker", {testing::commission("09:30", {unit}, lot)});
    ledger_.accept(ledger_.acts(
        "registrar", {registered_party("lab", Role::lab, {ledger_.key_entry("lab", "lab")})}));
    auto inspected = testing::inspect("10:00", "inspecting", {unit});
    inspected.documents = {{.number = "LR-1",
                            .type = "lab_report",
                            .sha256 = sha256("the report's bytes"),
                            .size = 18,
                            .media_type = "application/pdf"},
                           {.number = "LR-2", .type = "lab_report"}};
    inspection_ = std::to_string(ledger_.accept("lab", {inspected}).leaf) + "/0";
    auto stored = testing::observe("10:30", "storing", {unit});
    stored.documents = {{.number = "DN-3", .type = "delivery_note"}};
    ledger_.accept("maker", {stored});
    inspect_for_partners();
  }

  static ServeOptions with_address() {
    ServeOptions options = without_seals();
    options.public_url = "https://trace.example";
    return options;
  }

  void inspect_for_partners() {
    const std::string payload =
        R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],)"
        R"("eventTime":"2026-06-01T11:00:00.000Z","eventTimeZoneOffset":"+08:00",)"
        R"("type":"ObjectEvent","action":"OBSERVE","bizStep":"inspecting",)"
        R"("eventID":"urn:uuid:hidden","suyuan:audience":"partner",)"
        R"("suyuan:documents":[{"number":"LR-4","type":"lab_report"}],)"
        R"("epcList":["https://id.gs1.org)" + kInspected + "\"]}";
    const auto event = check_epcis(payload);
    ASSERT_TRUE(event) << to_text(event.error().front());
    BatchDraft draft = ledger_.draft({});
    draft.type = PayloadType::epcis_json;
    draft.events.push_back({.body = {.salt = random_fixed<Salt>(), .payload = payload},
                            .codes = codes_of(*event)});
    ledger_.accept(sign_batch(std::move(draft), ledger_.signer("lab")).value());
  }

  HttpAnswer ask(const std::string& link_type, const std::string& accept) {
    return ledger_.http().send(
        {.target = kInspected + "?linkType=" + link_type, .headers = {{"Accept", accept}}});
  }

  SmallLedger ledger_;
  std::string inspection_;  // "leaf/event"
};

const std::string kEventsOfInspected =
    "https://trace.example/epcis/epcs/" + percent_encode("https://id.gs1.org" + kInspected) +
    "/events";

TEST_F(ResolverLinks, WhoAsksForEpcisAsJsonGetsTheRepositoriesAndOthersAreSentOn) {
  const auto listed = ask("gs1:epcis", "application/json");
  ASSERT_EQ(listed.status, 200) << listed.body;
  EXPECT_EQ(listed.header("content-type"), "application/json");
  EXPECT_EQ(listed.header("location"), "");
  const auto repositories = boost::json::parse(listed.body).as_array();
  ASSERT_EQ(repositories.size(), 1U);
  EXPECT_EQ(repositories[0].at("link").as_string(), "https://trace.example/epcis");
  EXPECT_EQ(repositories[0].at("linkType").as_string(), "gs1:epcis");
  const auto other = ask("gs1:epcis", "text/html");
  EXPECT_EQ(other.status, 307) << other.body;
  EXPECT_EQ(other.header("location"), kEventsOfInspected);
}

TEST_F(ResolverLinks, EveryLevelOfALinksetLeadsToItsEvents) {
  const auto answer = ask("linkset", "application/json");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto linkset = boost::json::parse(answer.body).at("linkset").as_array();
  ASSERT_EQ(linkset.size(), 2U);
  for (const auto& level : linkset)
    EXPECT_EQ(level.at(kRelations + "epcis").as_array().size(), 1U) << level;
  EXPECT_EQ(linkset[0].at(kRelations + "epcis").at(0).at("href").as_string(), kEventsOfInspected);
}

TEST_F(ResolverLinks, TheDocumentsOfPublicInspectionsAreCertificates) {
  const auto answer = ask("linkset", "application/json");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto papers = boost::json::parse(answer.body)
                          .at("linkset").at(0).at(kRelations + "certificationInfo").as_array();
  ASSERT_EQ(papers.size(), 2U) << answer.body;
  const std::string statement = "https://trace.example/v1/events/" + inspection_;
  EXPECT_EQ(papers[0].at("href").as_string(),
            statement + "/documents/" + to_hex(sha256("the report's bytes").view()));
  EXPECT_EQ(papers[0].at("title").as_string(), "lab_report LR-1");
  EXPECT_EQ(papers[0].at("type").as_string(), "application/pdf");
  EXPECT_EQ(papers[1].at("href").as_string(), statement) << "its file is not known";
  EXPECT_EQ(papers[1].at("title").as_string(), "lab_report LR-2");
  EXPECT_EQ(papers[1].at("type").as_string(), "application/json");
  EXPECT_EQ(answer.body.find("LR-4"), std::string::npos) << "it is for partners";
}

}  // namespace
}  // namespace suyuan::test
