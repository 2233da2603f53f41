#include <gtest/gtest.h>

#include "proto/epcis_query/parameters.h"

namespace suyuan::epcis {
namespace {

using Url = std::map<std::string, std::string>;

Result<Query> query_of(const Url& url, const Prefixes& prefixes = {}) {
  return make_query(url_parameters(url), prefixes);
}

void refuses(const Url& url, const std::string& field) {
  const auto query = query_of(url);
  ASSERT_FALSE(query) << field;
  EXPECT_EQ(query.error().field, field) << to_text(query.error());
}

Result<Query> query_in(const std::string& json) {
  const auto document = parse_json(json);
  EXPECT_TRUE(document);
  Prefixes prefixes;
  SUYUAN_TRY(parameters, json_parameters(document->root(), prefixes));
  return make_query(parameters, prefixes);
}

TEST(Parameters, RefusesWhatIsNoParameter) {
  for (const std::string name :
       {"GE_eventDate", "EQ_nothing", "MATCH_serial", "eventtype", "EQ_", "EXISTS_readPoint",
        "GE_value_celsius", "GE_percRank_CEL", "HASATTR_plain", "WD_epc", "EQ_source_",
        "EQ_INNER_plain", "EXISTS_ilmd"}) {
    refuses({{name, "1"}}, name);
    EXPECT_FALSE(is_parameter(name)) << name;
  }
}

TEST(Parameters, TakesTheFamilies) {
  for (const std::string name :
       {"EQ_bizTransaction_po", "EQ_source_owning_party", "EQ_destination_location",
        "EQ_quantity_KGM", "GE_quantity_KGM", "GT_value_CEL", "LE_minValue_CEL", "EQ_sDev_CEL",
        "GE_percRank", "EQ_example:myField", "GE_example:myField", "EXISTS_example:myField",
        "EQ_INNER_example:myField", "EQ_ILMD_example:lot", "EXISTS_INNER_ILMD_example:lot",
        "EQ_ERROR_DECLARATION_example:vendor", "EQ_SENSORELEMENT_example:a",
        "EQ_SENSORMETADATA_example:a", "EXISTS_SENSORREPORT_example:a", "EQ_readPoint_example:a",
        "EQ_INNER_bizLocation_example:a", "HASATTR_example:a", "EQATTR_example:a_example:b",
        "EQ_ATTR_example:a_b", "EQ_http://ns.example.com/epcis/field", "EXISTS_sensorElementList",
        "GE_time", "LT_startTime", "GE_errorDeclaration_Time"}) {
    EXPECT_TRUE(is_parameter(name)) << name;
  }
}

TEST(Parameters, SaysWhatAValueMayBe) {
  refuses({{"GE_eventTime", "not-a-date"}}, "GE_eventTime");
  refuses({{"EQ_action", "SHIPPED"}}, "EQ_action");
  refuses({{"orderDirection", "SIDEWAYS"}}, "orderDirection");
  refuses({{"orderBy", "bizStep"}}, "orderBy");
  refuses({{"eventType", "QuantityThing"}}, "eventType");
  refuses({{"GE_quantity", "many"}}, "GE_quantity");
  refuses({{"GE_quantity", "1|2"}}, "GE_quantity");
  refuses({{"maxEventCount", "0"}}, "maxEventCount");
  refuses({{"MATCH_epc", "https://id.gs1.org/01/10614141073465/21/1"}}, "MATCH_epc");
  refuses({{"EQ_bizStep", ""}}, "EQ_bizStep");
  refuses({{"EXISTS_errorDeclaration", "perhaps"}}, "EXISTS_errorDeclaration");
}

TEST(Parameters, ExcludeEachOther) {
  refuses({{"orderBy", "eventTime"}, {"eventCountLimit", "1"}, {"maxEventCount", "1"}},
          "eventCountLimit");
  refuses({{"eventCountLimit", "1"}}, "eventCountLimit");
}

TEST(Parameters, ListsAreSplitAndPrefixesExpanded) {
  const auto query = query_of({{"EQ_bizStep", "shipping|urn:epcglobal:cbv:bizstep:receiving"},
                               {"EQ_example:myField", "a|b"}},
                              {{"example", "http://ns.example.com/epcis/"}});
  ASSERT_TRUE(query);
  ASSERT_EQ(query->conditions.size(), 2U);
  EXPECT_EQ(query->conditions[0].any_of[1].text, "receiving");
  EXPECT_EQ(query->conditions[1].fields[0], "http://ns.example.com/epcis/myField");
  EXPECT_EQ(query->conditions[1].any_of.size(), 2U);
}

TEST(Parameters, ThePrefixesOfTheStandardsContextMeanTheSameDeclaredOrNot) {
  for (const Prefixes& declared : {Prefixes{}, Prefixes{{"cbvmda", "urn:epcglobal:cbv:mda"}},
                                   Prefixes{{"cbvmda", "urn:epcglobal:cbv:mda:"}}}) {
    const auto query = query_of({{"EQ_ILMD_cbvmda:lotNumber", "L1"}}, declared);
    ASSERT_TRUE(query) << to_text(query.error());
    EXPECT_EQ(query->conditions[0].fields[0], "ILMD_urn:epcglobal:cbv:mda:lotNumber");
  }
}

TEST(Parameters, IdsAreExpanded) {
  for (const std::string name : {"EQ_eventID", "EQ_transformationID", "EQ_correctiveEventID"}) {
    const auto query = query_of({{name, "ex:1"}}, {{"ex", "https://ids.example/"}});
    ASSERT_TRUE(query) << name;
    EXPECT_EQ(query->conditions[0].any_of[0].text, "https://ids.example/1") << name;
  }
}

TEST(Parameters, JsonSaysTheSameAsAUrl) {
  const auto query = query_in(
      R"({"@context":[{"example":"http://ns.example.com/epcis/"}],"eventType":["ObjectEvent"],)"
      R"("EQ_bizStep":["shipping","receiving"],"GE_quantity":1.5,"EXISTS_errorDeclaration":null,)"
      R"("EQ_ILMD_example:lot":["L1"],"orderBy":"eventTime","eventCountLimit":100})");
  ASSERT_TRUE(query) << to_text(query.error());
  EXPECT_EQ(query->conditions.size(), 5U);
  EXPECT_EQ(query->event_count_limit, 100U);
  EXPECT_FALSE(query_in(R"({"EQ_bizStep":{"a":1}})"));
  EXPECT_FALSE(query_in(R"(["EQ_bizStep"])"));
}

TEST(Parameters, AreBounded) {
  std::string many = "a";
  for (int i = 0; i < 300; ++i) many += "|a";
  EXPECT_FALSE(query_of({{"EQ_bizStep", many}}));
  Url url;
  for (int i = 0; i < 70; ++i) url["EQ_example:f" + std::to_string(i)] = "x";
  EXPECT_FALSE(query_of(url));
}

}  // namespace
}  // namespace suyuan::epcis
