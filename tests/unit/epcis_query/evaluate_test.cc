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

// Each scope has a field that another has too, with another value.
constexpr std::string_view kExtended =
    R"({"@context":[{"example":"http://ns.example.com/"}],"type":"ObjectEvent","action":"ADD",)"
    R"("eventTime":"2026-06-02T09:30:00+08:00","eventID":"urn:uuid:5",)"
    R"("example:of":{"example:unit":"kg","plain":"p","example:inner":{"example:n":1}},)"
    R"("readPoint":{"id":"urn:x:gate","example:at":"G1","example:door":{"example:n":2}},)"
    R"("bizLocation":{"id":"urn:x:site","example:at":"G2","example:door":{"example:n":3}},)"
    R"("bizTransactionList":[{"type":"po","bizTransaction":"urn:x:1"},)"
    R"({"type":"inv","bizTransaction":"urn:x:2"}],)"
    R"("sourceList":[{"type":"owning_party","source":"urn:x:3"}],)"
    R"("destinationList":[{"type":"owning_party","destination":"urn:x:4"}],)"
    R"("ilmd":{"example:lot":"L1","example:made":{"example:n":4}},)"
    R"("errorDeclaration":{"declarationTime":"2026-06-03T00:00:00Z","example:at":"V1",)"
    R"("example:why":{"example:n":5}},"sensorElementList":[{"example:at":"E1",)"
    R"("example:box":{"example:n":6},"sensorMetadata":{"time":"2026-06-02T00:30:00Z",)"
    R"("example:at":"M1","example:box":{"example:n":7}},"sensorReport":[{"type":"Temperature",)"
    R"("example:at":"R1","example:box":{"example:n":8},"minValue":1.5,"maxValue":9.5,)"
    R"("meanValue":5,"sDev":0.5,"percRank":90,"percValue":8.5,"uom":"CEL"}]}]})";

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
    {"GE_errorDeclaration_Time", kWithdrawn, "2026-06-03T00:00:00Z", "2026-06-03T00:00:01Z"},
    {"LT_errorDeclaration_Time", kWithdrawn, "2026-06-03T00:00:01Z", "2026-06-03T00:00:00Z"},
    {"LT_time", kWithdrawn, "2026-06-02T00:30:01Z", "2026-06-02T00:30:00Z"},
    {"EQ_bizTransaction_po", kExtended, "urn:x:1", "urn:x:2"},
    {"EQ_source_owning_party", kExtended, "urn:x:3", "urn:x:4"},
    {"EQ_destination_owning_party", kExtended, "urn:x:4", "urn:x:3"},
    {"GT_value", kWithdrawn, "5", "5.5"},
    {"EQ_value_CEL", kWithdrawn, "5.50", "5"},
    {"GE_minValue", kExtended, "1.5", "1.6"},
    {"LT_minValue_CEL", kExtended, "1.6", "1.5"},
    {"GT_maxValue", kExtended, "9.4", "9.5"},
    {"LE_maxValue_CEL", kExtended, "9.5", "9.4"},
    {"EQ_meanValue", kExtended, "5.0", "5.5"},
    {"GT_meanValue_CEL", kExtended, "4.9", "5"},
    {"EQ_sDev_CEL", kExtended, "0.50", "1.5"},
    {"LT_sDev", kExtended, "0.6", "0.5"},
    {"EQ_percRank", kExtended, "90", "8.5"},
    {"GE_percRank", kExtended, "90", "91"},
    {"EQ_percValue", kExtended, "8.5", "90"},
    {"LE_percValue_CEL", kExtended, "8.5", "8.4"},
    {"HASATTR_example:of", kExtended, "example:unit", "example:n"},
    {"HASATTR_http://ns.example.com/of", kExtended, "plain", "kg"},
    {"EQATTR_example:of_example:unit", kExtended, "kg", "p"},
    {"EQ_ATTR_example:of_plain", kExtended, "p", "kg"},
    {"EQ_ILMD_example:lot", kExtended, "L1", "L2"},
    {"EQ_readPoint_example:at", kExtended, "G1", "G2"},
    {"EQ_bizLocation_example:at", kExtended, "G2", "G1"},
    {"EQ_ERROR_DECLARATION_example:at", kExtended, "V1", "E1"},
    {"EQ_SENSORELEMENT_example:at", kExtended, "E1", "M1"},
    {"EQ_SENSORMETADATA_example:at", kExtended, "M1", "R1"},
    {"EQ_SENSORREPORT_example:at", kExtended, "R1", "V1"},
    {"LE_INNER_example:n", kExtended, "1", "0"},
    {"EQ_INNER_readPoint_example:n", kExtended, "2", "3"},
    {"EQ_INNER_bizLocation_example:n", kExtended, "3", "2"},
    {"EQ_INNER_ILMD_example:n", kExtended, "4", "5"},
    {"GT_INNER_ERROR_DECLARATION_example:n", kExtended, "4", "5"},
    {"GE_INNER_SENSORELEMENT_example:n", kExtended, "6", "7"},
    {"LT_INNER_SENSORMETADATA_example:n", kExtended, "8", "7"},
    {"LE_INNER_SENSORREPORT_example:n", kExtended, "8", "7"},
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

TEST(Evaluate, WhatExistsInOneScopeDoesNotInAnother) {
  for (const char* there :
       {"EXISTS_sensorElementList", "EXISTS_example:of", "EXISTS_INNER_example:n",
        "EXISTS_ILMD_example:lot", "EXISTS_INNER_ILMD_example:n", "EXISTS_readPoint_example:at",
        "EXISTS_ERROR_DECLARATION_example:why", "EXISTS_SENSORELEMENT_example:box",
        "EXISTS_SENSORMETADATA_example:at", "EXISTS_SENSORREPORT_example:at"}) {
    EXPECT_TRUE(found_in(kExtended, {{there, "true"}}, 0)) << there;
  }
  for (const char* absent :
       {"EXISTS_example:at", "EXISTS_example:lot", "EXISTS_INNER_example:at",
        "EXISTS_ILMD_example:n", "EXISTS_ERROR_DECLARATION_example:lot",
        "EXISTS_readPoint_example:why", "EXISTS_SENSORELEMENT_example:lot"}) {
    EXPECT_FALSE(found_in(kExtended, {{absent, "true"}}, 0)) << absent;
  }
  EXPECT_FALSE(found_in(kMaking, {{"EXISTS_sensorElementList", "true"}}, 0));
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
