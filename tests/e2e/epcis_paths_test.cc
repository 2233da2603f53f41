// Rows of docs/epcis_paths.md: every path's OPTIONS, every list, and what headers ask for.
#include <algorithm>
#include <set>

#include "ledger/base/text.h"
#include "tests/e2e/epcis_fixture.h"
#include "tests/support/vectors.h"

namespace suyuan::test {
namespace {

// Each path of the document's table with its methods.
std::map<std::string, std::set<std::string>> paths_of_the_page() {
  const std::string page =
      testing::file_text(std::string(SUYUAN_SOURCE_DIR) + "/docs/epcis_paths.md").value();
  std::map<std::string, std::set<std::string>> paths;
  for (const std::string_view line : split(page, '\n')) {
    const size_t space = line.find(" /");
    const size_t end = line.find("` |");
    if (!line.starts_with("| `") || space == std::string_view::npos || space > end) continue;
    const std::string path(line.substr(space + 1, end - space - 1));
    paths[path].insert(std::string(line.substr(3, space - 3)));
  }
  return paths;
}

std::string with_any_values(std::string path) {
  for (size_t at; (at = path.find('{')) != std::string::npos;)
    path.replace(at, path.find('}', at) + 1 - at, "x");
  return path;
}

TEST_F(EpcisTest, OptionsOfEveryPathTellItsMethods) {
  const auto paths = paths_of_the_page();
  EXPECT_GT(paths.size(), 25U);
  for (auto [path, methods] : paths) {
    const auto answer = send("OPTIONS", with_any_values(path), "");
    EXPECT_EQ(answer.status, 204) << path;
    EXPECT_EQ(answer.header("gs1-epcis-version"), "2.0.0") << path;
    EXPECT_EQ(answer.header("gs1-cbv-version"), "2.0.0") << path;
    const std::string allow = answer.header("allow");
    std::set<std::string> allowed;
    for (std::string_view one : split(allow, ',')) {
      while (one.starts_with(' ')) one.remove_prefix(1);
      allowed.emplace(one);
    }
    methods.insert("OPTIONS");
    EXPECT_EQ(allowed, methods) << path;
  }
}

struct ListedValue {
  std::string list;
  std::string value;
  std::string absent;  // a value that no event has
};

TEST_F(EpcisTest, EachListNamesItsValuesAndTheirEvents) {
  const std::string site = "https://id.gs1.org/414/" + kGln;
  const std::string dock = site + "/254/dock";
  const std::string where = R"(,"readPoint":{"id":")" + dock + R"("},"bizLocation":{"id":")" +
                            site + "\"}";
  const auto posted = send("POST", "/events", open_, event_of("L1", "urn:uuid:1", where));
  ASSERT_EQ(posted.status, 201) << posted.body;
  ASSERT_EQ(events("/events", "").size(), 1U);
  for (const ListedValue& row :
       {ListedValue{"eventTypes", "ObjectEvent", "AggregationEvent"},
        ListedValue{"epcs", kLot + "L1", kLot + "L2"},
        ListedValue{"bizSteps", "commissioning", "shipping"},
        ListedValue{"dispositions", "active", "in_transit"},
        ListedValue{"readPoints", dock, site},
        ListedValue{"bizLocations", site, dock}}) {
    const auto list = send("GET", "/" + row.list + "?perPage=1000", "");
    ASSERT_EQ(list.status, 200) << list.body;
    std::set<std::string> listed;
    const auto body = json::parse(list.body);
    for (const auto& member : body.at("member").as_array()) {
      ASSERT_TRUE(member.is_string()) << list.body;
      listed.emplace(member.as_string());
    }
    EXPECT_TRUE(listed.contains(row.value)) << list.body;
    const std::string path = "/" + row.list + "/" + percent_encode(row.value);
    const auto value = send("GET", path, "");
    ASSERT_EQ(value.status, 200) << value.body;
    EXPECT_EQ(json::parse(value.body).at("member").at(0).as_string(), "events");
    const auto found = events(path + "/events", "");
    ASSERT_EQ(found.size(), 1U) << path;
    EXPECT_EQ(found[0].at("eventID").as_string(), "urn:uuid:1");
    const std::string absent = "/" + row.list + "/" + percent_encode(row.absent);
    EXPECT_EQ(events(absent + "/events", "").size(), 0U) << absent;
  }
}

struct VersionHeader {
  std::string end;
  std::string fits;
  std::string does_not;
};

TEST_F(EpcisTest, VersionsAreAgreedOrRefused) {
  const auto asked = [this](const std::string& header, const std::string& value) {
    return send("GET", "/eventTypes", "", "", {{header, value}});
  };
  for (const std::string of : {"GS1-EPCIS-", "GS1-CBV-"}) {
    for (const VersionHeader& row : {VersionHeader{"Version", "2.0.0", "1.2.0"},
                                     VersionHeader{"Min", "1.2.0", "2.1.0"},
                                     VersionHeader{"Max", "2.1.0", "1.2.0"}}) {
      EXPECT_EQ(asked(of + row.end, row.fits).status, 200) << of << row.end;
      refuses(asked(of + row.end, row.does_not), 406, "NotAcceptableException");
      refuses(asked(of + row.end, "two"), 406, "NotAcceptableException");
    }
  }
  for (const char* format : {"No_Preference", "Always_Web_URI", "Always_URN", "Never_Translates"})
    EXPECT_EQ(asked("GS1-CBV-XML-Format", format).status, 200) << format;
  refuses(asked("GS1-CBV-XML-Format", "Sometimes"), 406, "NotAcceptableException");
}

TEST_F(EpcisTest, PrefixesOfTheHeaderCountInQuestions) {
  const std::string more = R"(,"example:note":{"example:n":"7a","unit":"kg"},)"
                           R"("ilmd":{"example:made":"M1"})";
  const auto posted = send("POST", "/events", open_, event_of("L1", "urn:uuid:1", more));
  ASSERT_EQ(posted.status, 201) << posted.body;
  ASSERT_EQ(events("/events", "").size(), 1U);
  const auto found = [this](const std::string& query, const std::string& space) {
    const auto answer = send("GET", "/events?" + query, "", "", {{"GS1-Extensions", "x=" + space}});
    EXPECT_EQ(answer.status, 200) << query << ": " << answer.body;
    return json::parse(answer.body)
        .at("epcisBody").at("queryResults").at("resultsBody").at("eventList").as_array().size();
  };
  for (const std::string query :
       {"EQ_ILMD_x:made=M1", "EXISTS_x:note=true", "EQ_INNER_x:n=7a", "HASATTR_x:note=unit",
        "HASATTR_x:note=x:n", "EQATTR_x:note_unit=kg", "EQ_ATTR_x:note_x:n=7a"}) {
    EXPECT_EQ(found(query, "http://ns.example.com/epcis/"), 1U) << query;
    EXPECT_EQ(found(query, "http://other.example/"), 0U) << query;
    EXPECT_EQ(events("/events?" + query, "").size(), 0U) << query << ", undeclared";
  }
}

// The ledger reads a document's name as a code, a device's as the URI that it is.
TEST_F(EpcisTest, ADocumentsEpcIsTranslatedAndADevicesIsNot) {
  const std::string document = "urn:epc:id:gdti:0614141.12345.400";
  const std::string device = "urn:epc:id:giai:4000001.111";
  const std::string more =
      R"(,"bizTransactionList":[{"type":"po","bizTransaction":")" + document +
      R"("}],"sensorElementList":[{"sensorMetadata":{"deviceID":")" + device +
      R"("},"sensorReport":[{"type":"Temperature","value":4,"uom":"CEL","deviceID":")" + device +
      R"("}]}])";
  const auto posted = send("POST", "/events", farm_, event_of("L1", "urn:uuid:1", more));
  ASSERT_EQ(posted.status, 201) << posted.body;
  const auto first = events("/events", farm_);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].at("bizTransactionList").at(0).at("bizTransaction").as_string(),
            "https://id.gs1.org/253/0614141123452400");
  const auto& sensor = first[0].at("sensorElementList").at(0);
  EXPECT_EQ(sensor.at("sensorMetadata").at("deviceID").as_string(), device);
  EXPECT_EQ(sensor.at("sensorReport").at(0).at("deviceID").as_string(), device);
  const auto kept =
      send("GET", "/events", farm_, "", {{"GS1-EPC-Format", "Never_Translates"}});
  EXPECT_NE(kept.body.find(document), std::string::npos) << kept.body;
  // So what was translated says the same when it is captured again.
  const auto answer = send("GET", "/events", farm_);
  const auto again = job(send("POST", "/capture", farm_, answer.body), farm_);
  EXPECT_TRUE(again.at("success").as_bool()) << json::serialize(again);
  EXPECT_EQ(events("/events", farm_), first);
}

}  // namespace
}  // namespace suyuan::test
