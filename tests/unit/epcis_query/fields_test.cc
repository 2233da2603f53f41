#include "proto/epcis_query/fields.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace suyuan::epcis {
namespace {

FlatEvent flat(const std::string& json) {
  const auto document = parse_json(json);
  EXPECT_TRUE(document) << to_text(document.error());
  auto event = flatten(document->root());
  EXPECT_TRUE(event);
  return *std::move(event);
}

std::vector<std::string> texts(const FlatEvent& event, const std::string& name) {
  std::vector<std::string> all;
  const auto [begin, end] = event.named(name);
  for (const Field* field = begin; field != end; ++field) all.push_back(field->text);
  return all;
}
using Texts = std::vector<std::string>;

TEST(Fields, OfEveryDimensionHaveOneSpelling) {
  const auto event = flat(
      R"({"type":"ObjectEvent","eventTime":"2026-06-02T08:00:00+08:00","action":"ADD",)"
      R"("bizStep":"https://ref.gs1.org/cbv/BizStep-commissioning",)"
      R"("disposition":"cbv:Disp-active",)"
      R"("epcList":["urn:epc:id:sgtin:0614141.107346.2017"],)"
      R"("readPoint":{"id":"urn:epc:id:sgln:0614141.07346.1234"},)"
      R"("bizTransactionList":[{"type":"urn:epcglobal:cbv:btt:po",)"
      R"("bizTransaction":"http://a.b/1"}],)"
      R"("persistentDisposition":{"set":["completeness_verified"],"unset":["active"]}})");
  EXPECT_EQ(texts(event, "bizStep"), Texts{"commissioning"});
  EXPECT_EQ(texts(event, "disposition"), Texts{"active"});
  EXPECT_EQ(texts(event, "epc"), Texts{"https://id.gs1.org/01/10614141073464/21/2017"});
  EXPECT_EQ(texts(event, "under"), Texts{"https://id.gs1.org/01/10614141073464"});
  EXPECT_EQ(texts(event, "readPoint"), Texts{"https://id.gs1.org/414/0614141073467/254/1234"});
  EXPECT_EQ(texts(event, "bizTransaction_po"), Texts{"http://a.b/1"});
  EXPECT_EQ(texts(event, "persistentDisposition_set"), Texts{"completeness_verified"});
  EXPECT_EQ(event.event_time_ms, 1780358400000);
}

TEST(Fields, ALotIsFoundAsALotWhateverItsList) {
  const std::string lot = "https://id.gs1.org/01/10614141073464/10/L7";
  const auto in_epcs = flat(R"({"type":"ObjectEvent","epcList":[")" + lot + R"("]})");
  EXPECT_EQ(texts(in_epcs, "epcClass"), Texts{lot});
  EXPECT_EQ(texts(in_epcs, "epc"), Texts{lot});
  const auto in_quantities = flat(
      R"({"type":"TransformationEvent","inputQuantityList":[{"epcClass":")" + lot +
      R"(","quantity":2e1,"uom":"KGM"}]})");
  EXPECT_EQ(texts(in_quantities, "inputEPCClass"), Texts{lot});
  EXPECT_EQ(texts(in_quantities, "inputEPC"), Texts{});
  EXPECT_EQ(in_quantities.first("quantity_KGM")->number, decimal_in("20"));
}

TEST(Fields, ExtensionsHaveTheirFullNameAndTheOneWritten) {
  const auto event = flat(
      R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
      R"({"example":"http://ns.example.com/"}],"type":"ObjectEvent","example:a":{"example:b":)"
      R"([{"example:c":7}],"unit":"kg"},"ilmd":{"example:lot":"L1"}})");
  EXPECT_EQ(texts(event, "http://ns.example.com/a"), Texts{""});
  EXPECT_EQ(texts(event, "INNER_http://ns.example.com/c"), Texts{"7"});
  EXPECT_EQ(texts(event, "INNER_example:c"), Texts{"7"});
  EXPECT_EQ(texts(event, "ILMD_http://ns.example.com/lot"), Texts{"L1"});
  EXPECT_EQ(texts(event, "ATTR_http://ns.example.com/a_unit"), Texts{"kg"});
}

TEST(Fields, IdsAreFoundInFullAndAsWritten) {
  const auto event = flat(
      R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
      R"({"ex":"https://ids.example/"}],"type":"TransformationEvent","eventID":"ex:1",)"
      R"("transformationID":"ex:t","errorDeclaration":{"correctiveEventIDs":["ex:2","urn:x:3"]}})");
  EXPECT_EQ(texts(event, "eventID"), (Texts{"ex:1", "https://ids.example/1"}));
  EXPECT_EQ(texts(event, "transformationID"), (Texts{"ex:t", "https://ids.example/t"}));
  EXPECT_EQ(texts(event, "correctiveEventID"), (Texts{"ex:2", "https://ids.example/2", "urn:x:3"}));
}

// Real files declare this prefix with and without the colon at its end, or not at all.
TEST(Fields, MasterDataHasOneNameHoweverItsPrefixIsDeclared) {
  for (const std::string declared : {"", R"({"cbvmda":"urn:epcglobal:cbv:mda:"})",
                                     R"({"cbvmda":"urn:epcglobal:cbv:mda"})"}) {
    const auto event = flat(
        R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld")" +
        (declared.empty() ? "" : "," + declared) +
        R"(],"type":"ObjectEvent","ilmd":{"cbvmda:lotNumber":"L1"}})");
    EXPECT_EQ(texts(event, "ILMD_urn:epcglobal:cbv:mda:lotNumber"), Texts{"L1"}) << declared;
    EXPECT_EQ(texts(event, "ILMD_cbvmda:lotNumber"), Texts{"L1"}) << declared;
  }
}

TEST(Fields, APrefixThatIsDeclaredAsAnObjectIsExpandedToo) {
  const auto event = flat(
      R"({"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",)"
      R"({"@version":1.1,"example":{"@id":"http://ns.example.com/","@prefix":true}}],)"
      R"("type":"ObjectEvent","example:a":"b"})");
  EXPECT_EQ(texts(event, "http://ns.example.com/a"), Texts{"b"});
}

TEST(Fields, AnObjectThatDeclaresATermIsNoPrefix) {
  for (const std::string other :
       {R"({"@id":"http://ns.example.com/"})",
        R"({"@id":"http://ns.example.com/","@prefix":false})",
        R"({"@id":"http://ns.example.com/","@prefix":"true"})",
        R"({"@id":"http://ns.example.com/","@type":"@id"})",
        R"({"@id":"http://ns.example.com/","@prefix":true,"@type":"@id"})"}) {
    const auto event = flat(R"({"@context":[{"example":)" + other +
                            R"(}],"type":"ObjectEvent","example:a":"b"})");
    EXPECT_EQ(texts(event, "http://ns.example.com/a"), Texts{}) << other;
    EXPECT_EQ(texts(event, "example:a"), Texts{"b"}) << other;
  }
}

TEST(Fields, SensorsAndDeclarationsAreAskedForToo) {
  const auto event = flat(
      R"({"type":"ObjectEvent","errorDeclaration":{"declarationTime":"2026-06-02T08:00:00Z",)"
      R"("reason":"incorrect_data","correctiveEventIDs":["urn:x:1"]},"sensorElementList":[)"
      R"({"sensorMetadata":{"deviceID":"urn:x:d","startTime":"2026-06-02T07:00:00Z"},)"
      R"("sensorReport":[{"type":"gs1:Temperature","value":26.0,"uom":"CEL"}]}]})");
  EXPECT_EQ(texts(event, "errorReason"), Texts{"incorrect_data"});
  EXPECT_EQ(texts(event, "correctiveEventID"), Texts{"urn:x:1"});
  EXPECT_EQ(texts(event, "type"), Texts{"Temperature"});
  EXPECT_EQ(event.first("value_CEL")->number, decimal_in("26"));
  EXPECT_TRUE(event.first("startTime")->ms);
  EXPECT_NE(event.first("sensorElementList"), nullptr);
}

TEST(Fields, EveryEventHasTermsAndEachOnce) {
  const auto event =
      flat(R"({"type":"ObjectEvent","action":"ADD","epcList":["urn:x:1","urn:x:1"]})");
  const auto terms = terms_of(event);
  EXPECT_NE(std::find(terms.begin(), terms.end(), Term{std::string(kEvery), ""}), terms.end());
  EXPECT_EQ(std::count(terms.begin(), terms.end(), Term{"epc", "urn:x:1"}), 1);
}

// An event that a ledger took is found by what the standard asks for, whatever else is in it.
TEST(Fields, NoExtensionHidesAnEventByItsSize) {
  std::string many;
  for (int i = 0; i < 10'000; ++i)
    many += (many.empty() ? "\"x:" : ",\"x:") + std::to_string(i) + "\":1";
  const auto event = flat(R"({"@context":{"x":"http://x.example/"},"type":"ObjectEvent",)"
                          R"("errorDeclaration":{"x:many":{)" + many + R"(}},"action":"ADD"})");
  EXPECT_EQ(texts(event, "action"), Texts{"ADD"});
  EXPECT_NE(event.first("errorDeclaration"), nullptr);
  EXPECT_LE(event.fields.size(), kFieldsMax + 16);
}

}  // namespace
}  // namespace suyuan::epcis
