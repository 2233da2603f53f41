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

bool found(const std::map<std::string, std::string>& url, int64_t record_ms = 0) {
  const auto document = parse_json(kShipping);
  EXPECT_TRUE(document);
  const auto event = flatten(document->root());
  EXPECT_TRUE(event);
  const auto query =
      make_query(url_parameters(url), {{"example", "http://ns.example.com/"}});
  EXPECT_TRUE(query) << to_text(query.error());
  return query && matches(*query, *event, record_ms);
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
