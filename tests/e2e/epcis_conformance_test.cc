// What the standard's own file says and a client counts on: a name is found in each spelling,
// unknown parameters are refused, OPTIONS speaks in the file's words; and a product's address leads
// to its events.
#include <set>

#include "tests/e2e/epcis_fixture.h"

namespace suyuan::test {
namespace {

using Headers = std::map<std::string, std::string>;

std::string with_text(std::string event, const std::string& from, const std::string& to) {
  const size_t at = event.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? event : event.replace(at, from.size(), to);
}

std::string stored_unit(const std::string& gtin, const std::string& id) {
  return R"({"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],)"
         R"("type":"ObjectEvent","eventTime":"2026-06-01T08:00:00+08:00",)"
         R"("eventTimeZoneOffset":"+08:00","action":"OBSERVE","bizStep":"storing",)"
         R"("epcList":["https://id.gs1.org/01/)" + gtin + R"(/21/1"],"eventID":")" + id + "\"}";
}

class EpcisConformance : public EpcisTest {};

TEST_F(EpcisConformance, AWordUnderTheEventsOwnPrefixIsFoundInEverySpelling) {
  std::string event = event_of("L1", "urn:uuid:1");
  event = with_text(event, R"("example":"http://ns.example.com/epcis/")",
                    R"("ref":"https://ref.gs1.org/cbv/")");
  event = with_text(event, "\"commissioning\"", "\"ref:BizStep-commissioning\"");
  event = with_text(event, "\"active\"", "\"ref:Disp-active\"");
  const auto posted = send("POST", "/events", open_, event);
  ASSERT_EQ(posted.status, 201) << posted.body;
  for (const std::string step :
       {"commissioning", "cbv:BizStep-commissioning", "urn:epcglobal:cbv:bizstep:commissioning",
        "https://ref.gs1.org/cbv/BizStep-commissioning"}) {
    const std::string asked = "/events?EQ_disposition=active&EQ_bizStep=" + percent_encode(step);
    EXPECT_EQ(events(asked, "").size(), 1U) << step;
  }
}

TEST_F(EpcisConformance, AnEventIdWithAPrefixIsFoundWhereItsLocationSays) {
  const auto posted = send("POST", "/events", open_, event_of("L1", "example:1"));
  ASSERT_EQ(posted.status, 201) << posted.body;
  const std::string location = posted.header("location");
  EXPECT_EQ(location, "/epcis/events/" + percent_encode("http://ns.example.com/epcis/1"));
  ASSERT_GT(location.size(), 6U);
  EXPECT_EQ(events(location.substr(6), "").size(), 1U);
  EXPECT_EQ(events("/events/example:1", "").size(), 1U) << "as it was written";
  EXPECT_EQ(events("/events?EQ_eventID=example:1", "").size(), 1U);
  const Headers declared = {{"GS1-Extensions", "other=http://ns.example.com/epcis/"}};
  EXPECT_EQ(send("GET", "/events/other:1", "", "", declared).status, 200);
  EXPECT_EQ(send("GET", "/events/other:1", "").status, 404);
}

TEST_F(EpcisConformance, MasterDataIsFoundWhetherItsPrefixIsDeclaredOrNot) {
  const std::string more = R"(,"ilmd":{"cbvmda:countryOfOrigin":"NZ"})";
  const auto posted = send("POST", "/events", open_, event_of("L1", "urn:uuid:1", more));
  ASSERT_EQ(posted.status, 201) << posted.body;
  const std::string asked = "/events?EQ_ILMD_cbvmda:countryOfOrigin=NZ";
  EXPECT_EQ(events(asked, "").size(), 1U);
  for (const std::string space : {"urn:epcglobal:cbv:mda:", "urn:epcglobal:cbv:mda"}) {
    const auto answer = send("GET", asked, "", "", {{"GS1-Extensions", "cbvmda=" + space}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_NE(answer.body.find("urn:uuid:1"), std::string::npos) << space;
  }
}

TEST_F(EpcisConformance, AnUnknownParameterIsRefusedAtEveryPath) {
  const std::string query = R"({"name":"mine","query":{"EQ_bizStep":["commissioning"]}})";
  ASSERT_EQ(send("POST", "/queries", farm_, query).status, 201);
  const std::string subscriptions = "/queries/mine/subscriptions";
  const std::vector<std::pair<std::string, std::string>> asked = {
      {"GET", ""}, {"GET", "/capture"}, {"GET", "/capture/1"}, {"GET", "/events"},
      {"GET", "/events/urn:uuid:1"}, {"GET", "/eventTypes"}, {"GET", "/epcs/urn:x:1"},
      {"GET", "/bizSteps/commissioning/events"}, {"GET", "/queries"}, {"GET", "/queries/mine"},
      {"GET", "/queries/mine/events"}, {"GET", subscriptions}, {"GET", subscriptions + "/1"},
      {"POST", "/capture"}, {"POST", "/events"}, {"POST", "/queries"}, {"POST", subscriptions},
      {"DELETE", "/queries/mine"}, {"DELETE", subscriptions + "/1"},
      {"DELETE", "/nextPageToken/1"}};
  for (const auto& [method, path] : asked) {
    SCOPED_TRACE(method + " " + path);
    const auto answer = send(method, path + "?no_such_parameter=1", farm_,
                             method == "POST" ? "{}" : "");
    refuses(answer, 400, "QueryParameterException");
    EXPECT_NE(answer.body.find("no_such_parameter"), std::string::npos) << answer.body;
  }
  refuses(send("POST", "/capture?x=1", "", "a batch", {{"Content-Type", "multipart/mixed"}}), 400,
          "QueryParameterException");
  refuses(send("GET", "/queries/mine?perPage=1", farm_), 400, "QueryParameterException");
  EXPECT_EQ(send("GET", "/queries?perPage=1", farm_).status, 200);
  EXPECT_EQ(send("GET", "/queries/mine", farm_).status, 200) << "nothing was deleted";
}

TEST_F(EpcisConformance, OptionsTellsInTheWordsOfTheStandardsFile) {
  for (const std::string path : {"", "/capture", "/events", "/queries/q/subscriptions/s"}) {
    const auto options = send("OPTIONS", path, "");
    EXPECT_EQ(options.status, 204) << path;
    EXPECT_EQ(options.header("gs1-epc-format"), "Always_GS1_Digital_Link") << path;
    EXPECT_EQ(options.header("gs1-cbv-xml-format"), "No_Preference") << path;
    EXPECT_EQ(options.header("gs1-extensions"), "gdst=https://traceability-dialogue.org/epcis");
  }
  EXPECT_EQ(send("OPTIONS", "/capture", "").header("gs1-capture-error-behaviour"), "all");
}

TEST_F(EpcisConformance, AProductsAddressLeadsToTheEventsOfItsLotsAndUnits) {
  ASSERT_EQ(send("POST", "/events", open_, event_of("L1", "urn:uuid:1")).status, 201);
  ASSERT_EQ(send("POST", "/events", open_, stored_unit(kMilk, "urn:uuid:2")).status, 201);
  const Headers everyone = {{"Suyuan-Audience", "public"}};
  ASSERT_EQ(send("POST", "/events", maker_, stored_unit(kFormula, "urn:uuid:3"), everyone).status,
            201);
  for (const std::string& path : epcis_paths_of("/01/" + kMilk)) {
    std::set<std::string> ids;
    for (const auto& event : events(path, ""))
      ids.emplace(event.at("eventID").as_string());
    EXPECT_EQ(ids, (std::set<std::string>{"urn:uuid:1", "urn:uuid:2"})) << path;
  }
  const std::string of_class = "/epcs/" + percent_encode("https://id.gs1.org/01/" + kMilk);
  EXPECT_EQ(events(of_class + "/events", "").size(), 0U) << "without a star, the class alone";
}

}  // namespace
}  // namespace suyuan::test
