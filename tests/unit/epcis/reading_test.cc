// What an EPCIS payload may look like, and what it becomes.
#include <gtest/gtest.h>

#include "ledger/event/codes_of.h"
#include "tests/unit/epcis/event_json.h"

namespace suyuan::testing {
namespace {

TEST(EpcisReading, AnEventBecomesTheValueThatOtherPayloadsMake) {
  const TraceEvent event = read(R"({"eventID":"urn:uuid:1","disposition":"in_transit",
    "readPoint":{"id":"urn:epc:id:sgln:9521104.00000.0"},"ex:herd":418,
    "bizTransactionList":[
      {"type":"po","bizTransaction":"urn:epcglobal:cbv:bt:9521104000006:7"}]})");
  EXPECT_EQ(event.type, EventType::object);
  EXPECT_EQ(event.action, Action::observe);
  EXPECT_EQ(event.kind, Kind::logistics);
  EXPECT_EQ(event.event_id, "urn:uuid:1");
  EXPECT_EQ(event.event_time, (Moment{.ms = 1780378200000, .offset_minutes = 720}));
  EXPECT_EQ(codes_of(event), std::vector<std::string>{kUnitCode});
  EXPECT_EQ(event.step, "shipping");
  EXPECT_EQ(event.disposition, "in_transit");
  EXPECT_EQ(event.read_point, "https://id.gs1.org/414/9521104000006");
  EXPECT_EQ(event.transactions,
            (std::vector<Reference>{{"po", "urn:epcglobal:cbv:bt:9521104000006:7"}}));
  ASSERT_EQ(event.extensions.size(), 1U);
  EXPECT_EQ(event.extensions[0].name, "ex:herd");
  EXPECT_EQ(event.extensions[0].value, "418");
  EXPECT_EQ(event.audience, EventAudience::partner) << "nobody said that everyone may read it";
}

TEST(EpcisReading, EverySpellingOfAWordIsOneKey) {
  for (const char* step :
       {"shipping", "cbv:BizStep-shipping", "https://ref.gs1.org/cbv/BizStep-shipping",
        "https://ns.gs1.org/cbv/BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping"}) {
    EXPECT_EQ(read(std::string(R"({"bizStep":")") + step + "\"}").step, "shipping") << step;
  }
  EXPECT_EQ(read(R"({"bizStep":"ex:landing"})").step, "https://ns.example.org/landing");
  EXPECT_EQ(read(R"({"bizStep":"urn:gdst:bizStep:landing"})").step, "urn:gdst:bizStep:landing");
  EXPECT_EQ(read(R"({"bizStep":"suyuan:BizStep-delivering","suyuan:kind":"logistics"})").step,
            "delivering");
  for (const char* step : {"notifying", "urn:epcglobal:cbv:bizstep:notifying", "Shipping", "",
                           "suyuan:BizStep-shipping", "cbv:BizStep-notifying"}) {
    EXPECT_EQ(fault_with(std::string(R"({"bizStep":")") + step + "\"}"), "INVALID_FIELD /bizStep")
        << step;
  }
}

TEST(EpcisReading, EverySpellingOfAnIdentifierIsOneCode) {
  for (const char* epc : {kUnit, kUnitCode, "https://trace.example/01/09521104301011/21/3BGE?x=1",
                          "ex:01/09521104301011/21/3BGE"}) {
    EXPECT_EQ(codes_of(read(std::string(R"({"epcList":[")") + epc + "\"]}")),
              std::vector<std::string>{kUnitCode})
        << epc;
  }
  const TraceEvent twice = read(std::string(R"({"epcList":[")") + kUnit + "\",\"" + kUnitCode +
                                "\"]}");
  EXPECT_EQ(twice.objects.size(), 1U);
  EXPECT_EQ(fault_with(R"({"epcList":["urn:epc:id:sgtin:9521104.030101"]})"),
            "CODE_SYNTAX /epcList/0");
  EXPECT_EQ(fault_with(R"({"epcList":["https://id.gs1.org/01/09521104301012/21/A"]})"),
            "CODE_CHECK_DIGIT /epcList/0");
}

TEST(EpcisReading, AContextDeclaresPrefixesAndNothingElse) {
  const auto with = [](const std::string& context) {
    return fault_with(R"({"@context":)" + context + "}");
  };
  const std::string standard = std::string("\"") + kStandardContext + "\"";
  EXPECT_EQ(with(standard), "");
  EXPECT_EQ(with("[" + standard + R"(,{"ex":"https://ns.example.org/"}])"), "");
  EXPECT_EQ(with("[" + standard + R"(,"https://ns.example.org/context.jsonld"])"), "")
      << "another context is kept, and never fetched";
  EXPECT_EQ(with("[" + standard + R"(,{"gs1":"https://gs1.org/voc/"}])"), "");
  EXPECT_EQ(with(R"("https://ref.gs1.org/standards/epcis/2.0.1/epcis-context.jsonld")"), "");
  auto versioned = epcis_event(R"({"@context":[)" + standard +
                               R"(,{"@version":"V","ex":"https://ns.example.org/"}]})");
  versioned.replace(versioned.find(R"("V")"), 3, "1.1");  // Boost writes 1.1E0
  EXPECT_EQ(fault(versioned), "");
  EXPECT_EQ(with("[" + standard + R"(,{"ex":{"@id":"https://ns.example.org/","@prefix":true}}])"),
            "");
  EXPECT_EQ(with(R"(["https://ns.example.org/context.jsonld"])"), "INVALID_FIELD /@context");
  EXPECT_EQ(fault_with(R"({"@context":null})"), "MISSING_FIELD /@context");
  for (const char* bad :
       {R"({"bizStep":"https://ns.example.org/x"})", R"({"cbv":"https://ns.example.org/"})",
        R"({"suyuan":"https://ns.example.org/"})", R"({"shipping":"https://ns.example.org/"})",
        R"({"urn":"https://ns.example.org/"})", R"({"@vocab":"https://ns.example.org/"})",
        R"({"ex":{"@id":"https://ns.example.org/"}})", R"({"ex":"no namespace"})"}) {
    EXPECT_EQ(with("[" + standard + "," + bad + "]").substr(0, 25), "INVALID_FIELD /@context/1")
        << bad;
  }
  EXPECT_EQ(with("[" + standard + R"(,{"a":"https://one.example/"},{"a":"https://two.example/"}])"),
            "INVALID_FIELD /@context/2/a");
}

TEST(EpcisReading, TextIsIJson) {
  EXPECT_EQ(fault("\xEF\xBB\xBF" + epcis_event()), "MALFORMED_EVENT ");
  EXPECT_EQ(fault(R"({"type":"ObjectEvent","type":"ObjectEvent"})"), "MALFORMED_EVENT ");
  EXPECT_EQ(fault("[]"), "MALFORMED_EVENT ");
  EXPECT_EQ(fault(""), "MALFORMED_EVENT ");
  EXPECT_EQ(fault(epcis_event() + "x"), "MALFORMED_EVENT ");
  EXPECT_EQ(fault("{\"a\":\"\xFF\"}"), "BAD_TEXT ");
  EXPECT_EQ(fault(R"({"a":"\ud800"})"), "MALFORMED_EVENT ");
  EXPECT_EQ(fault_with(R"({"ex:note":"a\u202eb"})"), "INVALID_FIELD ");
  const auto nested = [](int depth) {
    std::string value = "1";
    for (int i = 0; i < depth; ++i) value = "[" + value + "]";
    std::string event = epcis_event();
    event.insert(event.size() - 1, R"(,"ex:deep":)" + value);
    return fault(event);
  };
  EXPECT_EQ(nested(31), "");
  EXPECT_EQ(nested(32), "TOO_LARGE ");
}

TEST(EpcisReading, NamesThatEpcisDoesNotHaveAreUris) {
  EXPECT_EQ(fault_with(R"({"weight":1})"), "INVALID_FIELD /weight");
  EXPECT_EQ(fault_with(R"({"ilmd":{"colour":"red"},"action":"ADD"})"),
            "INVALID_FIELD /ilmd/colour");
  EXPECT_EQ(fault_with(R"({"childEPCs":[]})"), "INVALID_FIELD /childEPCs")
      << "a member of other types is no extension";
  EXPECT_EQ(fault_with(R"({"suyuan:colour":"red"})"), "INVALID_FIELD /suyuan:colour");
  EXPECT_EQ(fault_with(R"({"https://ns.example.org/a/b":1})"), "");
}

TEST(EpcisReading, RulesThatASchemaCannotExpressHold) {
  const std::string joined =
      R"("type":"AssociationEvent","epcList":null,"childEPCs":["urn:x:1"],"parentID":"urn:x:2")";
  EXPECT_EQ(fault_with("{" + joined + R"(,"action":"ADD"})"), "");
  EXPECT_EQ(fault_with("{" + joined + R"(,"action":"ADD","parentID":null})"),
            "MISSING_FIELD /parentID");
  EXPECT_EQ(fault_with("{" + joined + R"(,"action":"ADD","childEPCs":null})"),
            "MISSING_FIELD /childEPCs");
  EXPECT_EQ(fault_with("{" + joined + R"(,"action":"DELETE","childEPCs":null})"), "");
  EXPECT_EQ(fault_with(R"({"eventID":"urn:a:1","errorDeclaration":{
    "declarationTime":"2026-06-03T00:00:00Z","reason":"did_not_occur",
    "correctiveEventIDs":["urn:a:2"]}})"),
            "INVALID_FIELD /errorDeclaration/correctiveEventIDs");
  EXPECT_EQ(fault_with(R"({"errorDeclaration":{"declarationTime":"2026-06-03T00:00:00Z"}})"),
            "MISSING_FIELD /eventID");
  EXPECT_EQ(fault_with(R"({"ilmd":{"ex:a":1}})"), "INVALID_FIELD /ilmd");
  EXPECT_EQ(fault_with(R"({"quantityList":[{"epcClass":"urn:x:1","uom":"KGM"}]})"),
            "MISSING_FIELD /quantityList/0/quantity");
  EXPECT_EQ(fault_with(R"({"quantityList":[{"epcClass":"urn:x:1","quantity":1,"uom":"kg"}]})"),
            "INVALID_FIELD /quantityList/0/uom");
  EXPECT_EQ(fault_with(R"({"sensorElementList":[{"sensorReport":[]}]})"),
            "MISSING_FIELD /sensorElementList/0/sensorReport");
  EXPECT_EQ(fault_with(R"({"sensorElementList":[{"sensorReport":[{"value":1}]}]})"),
            "MISSING_FIELD /sensorElementList/0/sensorReport/0/type");
}

TEST(EpcisReading, NumbersAreExactWhateverTheirSpelling) {
  const auto quantity = [](const std::string& number) {
    return read(R"({"epcList":null,"quantityList":[{"epcClass":")" + std::string(kLotCode) +
                R"(","quantity":)" + number + R"(,"uom":"KGM"}]})")
        .objects.at(0)
        .quantity->to_text();
  };
  EXPECT_EQ(quantity("1.250"), "1.25");
  EXPECT_EQ(quantity("1e3"), "1000");
  EXPECT_EQ(quantity("0.000000001"), "0.000000001");
  EXPECT_EQ(fault_with(R"({"quantityList":[{"epcClass":"urn:x:1","quantity":"5"}]})"),
            "INVALID_FIELD /quantityList/0/quantity");
}

TEST(EpcisReading, AnEventWithoutThingsIsKeptUnderItsPapersOrItsPlace) {
  EXPECT_EQ(codes_of(read(R"({"epcList":null,"bizStep":"sensor_reporting",
    "readPoint":{"id":"https://id.gs1.org/414/9521104000006"},
    "sensorElementList":[{"sensorReport":[{"type":"Temperature","value":4.1,"uom":"CEL"}]}]})")),
            std::vector<std::string>{"https://id.gs1.org/414/9521104000006"});
  EXPECT_EQ(codes_of(read(R"({"type":"TransactionEvent","epcList":[],"action":"ADD",
    "bizTransactionList":[{"bizTransaction":"urn:epcglobal:cbv:bt:9521104000006:7"}]})")),
            std::vector<std::string>{"urn:epcglobal:cbv:bt:9521104000006:7"});
  EXPECT_EQ(fault_with(R"({"epcList":[]})"), "MISSING_FIELD /epcList");
}

TEST(EpcisReading, TheLotOfUnitsIsThatOfTheirMasterData) {
  const TraceEvent made = read(
      R"({"action":"ADD","bizStep":"commissioning","ilmd":{"cbvmda:lotNumber":"L1"}})");
  EXPECT_EQ(made.lot, kLotCode);
  EXPECT_EQ(made.kind, Kind::supply);
  EXPECT_EQ(read(R"({"action":"ADD","bizStep":"commissioning"})").kind, Kind::origin);
}

TEST(EpcisReading, TheKindIsTheStatedOneElseThatOfTheTable) {
  const auto kind = [](const std::string& changes) { return word(read(changes).kind); };
  EXPECT_EQ(kind(R"({"suyuan:kind":"inspection"})"), "inspection");
  EXPECT_EQ(kind(R"({"bizStep":"receiving"})"), "logistics");
  EXPECT_EQ(kind(R"({"bizStep":"sampling"})"), "inspection");
  EXPECT_EQ(kind(R"({"bizStep":"other","persistentDisposition":{"set":["recalled"]}})"),
            "inspection");
  EXPECT_EQ(kind(R"({"bizStep":"retail_selling"})"), "transaction");
  EXPECT_EQ(kind(R"({"bizStep":"assembling"})"), "supply");
  EXPECT_EQ(kind(R"({"bizStep":"ex:landing"})"), "supply");
  const std::string packs = R"("type":"AggregationEvent","epcList":null,"action":"ADD",
    "bizStep":"packing","childEPCs":["urn:x:1"])";
  EXPECT_EQ(kind("{" + packs + R"(,"parentID":"urn:epc:id:sscc:9521104.0000000001"})"),
            "logistics");
  EXPECT_EQ(kind("{" + packs + R"(,"parentID":"urn:x:case"})"), "supply");
  EXPECT_EQ(fault_with(R"({"suyuan:kind":"sale"})"), "INVALID_FIELD /suyuan:kind");
}

TEST(EpcisReading, TheAudienceIsTheStatedOneElsePartners) {
  EXPECT_EQ(read(R"({"suyuan:audience":"public"})").audience, EventAudience::everyone);
  EXPECT_EQ(read(R"({"suyuan:audience":"partner"})").audience, EventAudience::partner);
  EXPECT_EQ(fault_with(R"({"suyuan:audience":"customs"})"), "INVALID_FIELD /suyuan:audience");
}

TEST(EpcisReading, EveryFaultIsReportedWithItsPlace) {
  const auto read =
      check_epcis(epcis_event(R"({"eventTime":"now","action":"LOOK","bizStep":"x"})"));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().size(), 3U);
}

}  // namespace
}  // namespace suyuan::testing
