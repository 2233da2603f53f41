#include <gtest/gtest.h>

#include "proto/epcis_query/query.h"

namespace suyuan::epcis {
namespace {

constexpr std::string_view kShipping =
    R"({"@context":[{"example":"http://ns.example.com/"}],"type":"AggregationEvent",)"
    R"("eventTime":"2026-06-02T08:00:00+08:00","action":"ADD","bizStep":"shipping",)"
    R"("eventID":"urn:uuid:1","parentID":"urn:epc:id:sscc:0614141.1234567890",)"
    R"("childEPCs":["urn:epc:id:sgtin:0614141.107346.2017"],)"
    R"("childQuantityList":[{"epcClass":"urn:epc:class:lgtin:4012345.012345.998877",)"
    R"("quantity":200.5,"uom":"KGM"}],"readPoint":{"id":"urn:epc:id:sgln:0614141.07346.1234"},)"
    R"("destinationList":[{"type":"owning_party","destination":"urn:epc:id:pgln:4012345.00000"}],)"
    R"("example:temp":12.5,"example:when":"2026-06-01T00:00:00Z","sensorElementList":[{)"
    R"("sensorReport":[{"type":"Temperature","value":26.0,"uom":"CEL","booleanValue":true}]}]})";

bool found_in(std::string_view text, const std::map<std::string, std::string>& url,
              int64_t record_ms) {
  const auto document = parse_json(text);
  EXPECT_TRUE(document);
  const auto event = flatten(document->root());
  EXPECT_TRUE(event);
  const auto query =
      make_query(url_parameters(url), {{"example", "http://ns.example.com/"}});
  EXPECT_TRUE(query) << to_text(query.error());
  return query && matches(*query, *event, record_ms);
}

bool found(const std::map<std::string, std::string>& url, int64_t record_ms = 0) {
  return found_in(kShipping, url, record_ms);
}

constexpr std::string_view kWithdrawn =
    R"({"type":"ObjectEvent","eventTime":"2026-06-02T08:00:00+08:00","action":"OBSERVE",)"
    R"("eventID":"urn:uuid:2","disposition":"in_progress",)"
    R"("persistentDisposition":{"set":["completeness_verified"],"unset":["damaged"]},)"
    R"("epcList":["https://thing.example/1"],)"
    R"("bizLocation":{"id":"urn:epc:id:sgln:4012345.00002.1"},)"
    R"("errorDeclaration":{"declarationTime":"2026-06-03T00:00:00Z","reason":"incorrect_data",)"
    R"("correctiveEventIDs":["urn:uuid:3"]},"sensorElementList":[{"sensorMetadata":{)"
    R"("time":"2026-06-02T00:30:00Z","startTime":"2026-06-02T00:00:00Z",)"
    R"("endTime":"2026-06-02T01:00:00Z","deviceID":"urn:x:dev",)"
    R"("bizRules":"https://r.example/1","dataProcessingMethod":"https://d.example/1"},)"
    R"("sensorReport":[{"type":"Temperature","value":5.5,"uom":"CEL",)"
    R"("microorganism":"https://m.example/1","chemicalSubstance":"https://c.example/1",)"
    R"("stringValue":"abc","hexBinaryValue":"F0A0","uriValue":"https://u.example/1"}]}]})";
constexpr std::string_view kMaking =
    R"({"type":"TransformationEvent","eventTime":"2026-06-02T09:00:00+08:00",)"
    R"("eventID":"urn:uuid:4","transformationID":"urn:x:tr1",)"
    R"("inputEPCList":["https://thing.example/1"],)"
    R"("inputQuantityList":[{"epcClass":"https://class.example/1","quantity":5,"uom":"KGM"}],)"
    R"("outputEPCList":["https://thing.example/2"],)"
    R"("outputQuantityList":[{"epcClass":"https://class.example/2","quantity":4,"uom":"KGM"}]})";

struct HitAndMiss {
  const char* name;
  std::string_view event;
  const char* hit;
  const char* miss;
};
constexpr HitAndMiss kParameters[] = {
    {"EQ_disposition", kWithdrawn, "in_progress", "active"},
    {"EQ_persistentDisposition_set", kWithdrawn, "completeness_verified", "damaged"},
    {"EQ_persistentDisposition_unset", kWithdrawn, "damaged", "completeness_verified"},
    {"EQ_bizLocation", kWithdrawn, "https://id.gs1.org/414/4012345000023/254/1",
     "https://id.gs1.org/414/4012345000023"},
    {"WD_bizLocation", kWithdrawn, "https://id.gs1.org/414/4012345000023",
     "https://id.gs1.org/414/4012345000016"},
    {"EQ_transformationID", kMaking, "urn:x:tr1", "urn:x:tr2"},
    {"MATCH_inputEPC", kMaking, "https://thing.example/1", "https://thing.example/2"},
    {"MATCH_outputEPC", kMaking, "https://thing.example/2", "https://thing.example/1"},
    {"MATCH_inputEPCClass", kMaking, "https://class.example/1", "https://class.example/2"},
    {"MATCH_outputEPCClass", kMaking, "https://class.example/2", "https://class.example/1"},
    {"LE_quantity", kMaking, "4", "3"},
    {"GE_errorDeclarationTime", kWithdrawn, "2026-06-03T00:00:00Z", "2026-06-03T00:00:01Z"},
    {"LT_errorDeclarationTime", kWithdrawn, "2026-06-03T00:00:01Z", "2026-06-03T00:00:00Z"},
    {"EQ_errorReason", kWithdrawn, "incorrect_data", "did_not_occur"},
    {"EQ_correctiveEventID", kWithdrawn, "urn:uuid:3", "urn:uuid:2"},
    {"GE_time", kWithdrawn, "2026-06-02T00:30:00Z", "2026-06-02T00:30:01Z"},
    {"GE_startTime", kWithdrawn, "2026-06-02T00:00:00Z", "2026-06-02T00:00:01Z"},
    {"LT_startTime", kWithdrawn, "2026-06-02T00:00:01Z", "2026-06-02T00:00:00Z"},
    {"GE_endTime", kWithdrawn, "2026-06-02T01:00:00Z", "2026-06-02T01:00:01Z"},
    {"LT_endTime", kWithdrawn, "2026-06-02T01:00:01Z", "2026-06-02T01:00:00Z"},
    {"EQ_deviceID", kWithdrawn, "urn:x:dev", "urn:x:de"},
    {"EQ_dataProcessingMethod", kWithdrawn, "https://d.example/1", "https://d.example/2"},
    {"EQ_microorganism", kWithdrawn, "https://m.example/1", "https://c.example/1"},
    {"EQ_chemicalSubstance", kWithdrawn, "https://c.example/1", "https://m.example/1"},
    {"EQ_bizRules", kWithdrawn, "https://r.example/1", "https://r.example/2"},
    {"EQ_stringValue", kWithdrawn, "abc", "ab"},
    {"EQ_hexBinaryValue", kWithdrawn, "F0A0", "F0"},
    {"EQ_uriValue", kWithdrawn, "https://u.example/1", "https://u.example/2"},
};

TEST(Evaluate, ParametersTakeTheirOwnMemberAndNoOther) {
  for (const HitAndMiss& row : kParameters) {
    EXPECT_TRUE(found_in(row.event, {{row.name, row.hit}}, 0)) << row.name << "=" << row.hit;
    EXPECT_FALSE(found_in(row.event, {{row.name, row.miss}}, 0)) << row.name << "=" << row.miss;
  }
}

TEST(Evaluate, EmptyAsksForNothing) { EXPECT_TRUE(found({})); }

TEST(Evaluate, ValuesAreOrAndParametersAnd) {
  EXPECT_TRUE(found({{"EQ_bizStep", "receiving|shipping"}, {"EQ_action", "ADD"}}));
  EXPECT_FALSE(found({{"EQ_bizStep", "receiving|shipping"}, {"EQ_action", "OBSERVE"}}));
  EXPECT_TRUE(found({{"eventType", "AggregationEvent|ObjectEvent"}}));
  EXPECT_FALSE(found({{"eventType", "ObjectEvent"}}));
}

TEST(Evaluate, TimesAreInstants) {
  EXPECT_TRUE(found({{"GE_eventTime", "2026-06-02T00:00:00Z"}}));
  EXPECT_FALSE(found({{"LT_eventTime", "2026-06-02T00:00:00Z"}}));
  EXPECT_TRUE(found({{"GE_recordTime", "1970-01-01T00:00:01Z"}}, 1000));
  EXPECT_FALSE(found({{"LT_recordTime", "1970-01-01T00:00:01Z"}}, 1000));
}

TEST(Evaluate, CodesMatchInEverySpelling) {
  EXPECT_TRUE(found({{"MATCH_epc", "https://x.example/01/10614141073464/21/2017"}}));
  EXPECT_TRUE(found({{"MATCH_anyEPC", "urn:epc:id:sscc:0614141.1234567890"}}));
  EXPECT_FALSE(found({{"MATCH_epc", "urn:epc:id:sscc:0614141.1234567890"}}));
  EXPECT_TRUE(found({{"MATCH_parentID", "(00)106141412345678908"}}));
  EXPECT_TRUE(found({{"MATCH_anyEPCClass", "urn:epc:class:lgtin:4012345.012345.998877"}}));
  EXPECT_TRUE(found({{"MATCH_epc", "urn:epc:idpat:sgtin:0614141.107346.*"}}));
  EXPECT_FALSE(found({{"MATCH_inputEPC", "urn:epc:idpat:sgtin:0614141.107346.*"}}));
}

TEST(Evaluate, PlacesAndWhatIsWithinThem) {
  EXPECT_TRUE(found({{"EQ_readPoint", "https://id.gs1.org/414/0614141073467/254/1234"}}));
  EXPECT_FALSE(found({{"EQ_readPoint", "urn:epc:id:sgln:0614141.07346.0"}}));
  EXPECT_TRUE(found({{"WD_readPoint", "urn:epc:id:sgln:0614141.07346.0"}}));
}

TEST(Evaluate, NumbersByUnit) {
  EXPECT_TRUE(found({{"EQ_quantity", "200.50"}}));
  EXPECT_TRUE(found({{"GE_quantity", "200"}, {"LT_quantity", "201"}}));
  EXPECT_TRUE(found({{"GT_quantity_KGM", "200"}}));
  EXPECT_FALSE(found({{"GT_quantity_LBR", "200"}}));
  EXPECT_TRUE(found({{"GE_value_CEL", "26"}, {"EQ_type", "gs1:Temperature"}}));
  EXPECT_TRUE(found({{"EQ_booleanValue", "true"}}));
  EXPECT_FALSE(found({{"EQ_booleanValue", "false"}}));
}

TEST(Evaluate, ExtensionsAsNumbersTimesAndTexts) {
  EXPECT_TRUE(found({{"EQ_example:temp", "12.50"}}));
  EXPECT_TRUE(found({{"GT_example:temp", "12"}}));
  EXPECT_FALSE(found({{"LE_http://ns.example.com/temp", "12"}}));
  EXPECT_TRUE(found({{"LT_example:when", "2026-06-01T00:00:00.001Z"}}));
  EXPECT_TRUE(found({{"EXISTS_example:temp", "true"}}));
  EXPECT_FALSE(found({{"EXISTS_example:nothing", ""}}));
}

TEST(Evaluate, PartiesAndIds) {
  EXPECT_TRUE(found({{"EQ_destination_owning_party", "urn:epc:id:pgln:4012345.00000"}}));
  EXPECT_FALSE(found({{"EQ_source_owning_party", "urn:epc:id:pgln:4012345.00000"}}));
  EXPECT_TRUE(found({{"EQ_eventID", "urn:uuid:1|urn:uuid:2"}}));
  EXPECT_FALSE(found({{"EXISTS_errorDeclaration", "true"}}));
  EXPECT_TRUE(found({{"EXISTS_errorDeclaration", "false"}}));
}

}  // namespace
}  // namespace suyuan::epcis
