// GDST's key data: what each business step must state, and which words are known. Only a capture
// that asks for them is judged by these rules.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "proto/epcis/document.h"
#include "proto/epcis/gdst.h"
#include "tests/support/vectors.h"
#include "tests/unit/epcis/event_json.h"

namespace suyuan::testing {
namespace {

namespace json = boost::json;

constexpr const char* kContext = R"(["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    {"gdst":"https://traceability-dialogue.org/epcis","cbvmda":"urn:epcglobal:cbv:mda"}])";

// A hatching that GDST's rules accept.
json::object hatching() {
  return json::parse(epcis_event(R"({
    "@context":)" + std::string(kContext) + R"(,
    "action":"ADD", "bizStep":"urn:gdst:bizStep:hatching",
    "ilmd":{"gdst:broodstockSource":"Domestic", "cbvmda:lotNumber":"L1"},
    "gdst:productOwner":"urn:test:party", "gdst:humanWelfarePolicy":"3P Audit",
    "cbvmda:informationProvider":"urn:test:party"})"))
      .as_object();
}

// A transformation with the two parties that every step of GDST names.
json::object transformation(const std::string& step, const std::string& ilmd) {
  return json::parse(epcis_event(R"({
    "@context":)" + std::string(kContext) + R"(,
    "type":"TransformationEvent", "action":null, "epcList":null, "bizStep":")" + step + R"(",
    "inputEPCList":[")" + kUnit + R"("],
    "outputEPCList":["urn:epc:id:sgtin:9521104.030101.OUT"],
    "ilmd":)" + ilmd + R"(, "gdst:productOwner":"urn:test:party",
    "cbvmda:informationProvider":"urn:test:party"})"))
      .as_object();
}

// "CODE pointer" of each fault, a space between them. Each fault names GDST.
std::string faults(const json::object& event) {
  const auto checked = check_gdst(json::serialize(event));
  if (checked) return {};
  std::string all;
  for (const Error& error : checked.error()) {
    EXPECT_TRUE(error.message.starts_with("GDST")) << to_text(error);
    all += (all.empty() ? "" : " ") + std::string(info(error.code).name) + " " + error.field;
  }
  return all;
}

TEST(Gdst, WhatAStepRequiresIsNamedWithItsPlace) {
  EXPECT_EQ(faults(hatching()), "");
  for (const auto* name :
       {"gdst:productOwner", "cbvmda:informationProvider", "gdst:humanWelfarePolicy"}) {
    auto event = hatching();
    event.erase(name);
    EXPECT_EQ(faults(event), "MISSING_FIELD /" + std::string(name));
    event[name] = json::array{};
    EXPECT_EQ(faults(event), "MISSING_FIELD /" + std::string(name)) << "empty says nothing";
  }
  for (const auto* name : {"gdst:broodstockSource", "cbvmda:lotNumber"}) {
    auto event = hatching();
    event["ilmd"].as_object().erase(name);
    EXPECT_EQ(faults(event), "MISSING_FIELD /ilmd/" + std::string(name));
  }
  auto event = hatching();
  event.erase("ilmd");
  EXPECT_EQ(faults(event),
            "MISSING_FIELD /ilmd/gdst:broodstockSource MISSING_FIELD /ilmd/cbvmda:lotNumber");
}

TEST(Gdst, EachStepHasItsOwnFields) {
  auto feed = hatching();
  feed["bizStep"] = "commissioning";
  feed["ilmd"] = json::parse(R"({"cbvmda:lotNumber":"L1"})");
  EXPECT_EQ(faults(feed), "MISSING_FIELD /ilmd/gdst:proteinSource");
  feed["ilmd"].as_object()["gdst:proteinSource"] = "Soy";
  EXPECT_EQ(faults(feed), "");
  auto fishing = hatching();
  fishing["bizStep"] = "urn:gdst:bizStep:fishingEvent";
  fishing.erase("ilmd");
  EXPECT_EQ(faults(fishing), "");
  fishing.erase("gdst:humanWelfarePolicy");
  EXPECT_EQ(faults(fishing), "MISSING_FIELD /gdst:humanWelfarePolicy");
  for (const std::string step : {"landing", "transshipment"}) {
    fishing["bizStep"] = "urn:gdst:bizStep:" + step;
    fishing["action"] = "OBSERVE";
    EXPECT_EQ(faults(fishing), "MISSING_FIELD /gdst:humanWelfarePolicy");
  }
  EXPECT_EQ(faults(transformation("urn:gdst:bizStep:farmHarvest", "{}")),
            "MISSING_FIELD /ilmd/cbvmda:productionMethodForFishAndSeafoodCode "
            "MISSING_FIELD /ilmd/gdst:aquacultureMethod MISSING_FIELD /ilmd/cbvmda:lotNumber");
  EXPECT_EQ(faults(transformation("urn:gdst:bizStep:commingling", "{}")),
            "MISSING_FIELD /ilmd/cbvmda:lotNumber");
  EXPECT_EQ(faults(transformation("commissioning", "{}")), "") << "both parties are named";
  EXPECT_EQ(faults(transformation("storing", "{}")), "") << "no step of GDST's";
}

// Newer data commission everything that comes into being; the ilmd says what it is.
TEST(Gdst, WhatIsCommissionedIsAskedForItsOwnFields) {
  auto event = hatching();
  event["bizStep"] = "commissioning";
  event["ilmd"] = json::parse(R"({"gdst:broodstockSource":"domestic"})");
  EXPECT_EQ(faults(event), "MISSING_FIELD /ilmd/cbvmda:lotNumber") << "a hatchery, no feed mill";
  event["ilmd"] = json::parse(R"({"cbvmda:vesselCatchInformationList":
      {"cbvmda:vesselCatchInformation":[{"cbvmda:vesselFlagState":"NZ"}]}})");
  EXPECT_EQ(faults(event), "") << "a catch";
  event.erase("gdst:humanWelfarePolicy");
  EXPECT_EQ(faults(event), "MISSING_FIELD /gdst:humanWelfarePolicy") << "a catch";
  event["ilmd"] = json::parse(R"({"cbvmda:productionMethodForFishAndSeafoodCode":"AQUACULTURE"})");
  EXPECT_EQ(faults(event), "") << "fish, no feed";
  event["ilmd"] = json::parse(R"({"cbvmda:lotNumber":"L1"})");
  EXPECT_EQ(faults(event),
            "MISSING_FIELD /gdst:humanWelfarePolicy MISSING_FIELD /ilmd/gdst:proteinSource");
}

TEST(Gdst, AStepCountsInAnyCase) {
  auto event = hatching();
  event["bizStep"] = "urn:gdst:bizstep:hatching";
  EXPECT_EQ(faults(event), "");
  event.erase("gdst:productOwner");
  EXPECT_EQ(faults(event), "MISSING_FIELD /gdst:productOwner");
}

TEST(Gdst, WelfareIsStatedByItsPolicyOrItsCertification) {
  auto event = hatching();
  event.erase("gdst:humanWelfarePolicy");
  event["ilmd"].as_object()["cbvmda:certificationList"] = json::parse(
      R"({"certification":[{"gdst:certificationType":"urn:gdst:certType:harvestCert"}]})");
  EXPECT_EQ(faults(event), "MISSING_FIELD /gdst:humanWelfarePolicy");
  event["cbvmda:certificationList"] = json::parse(
      R"({"certification":[{"gdst:certificationType":"urn:gdst:certtype:humanPolicy"}]})");
  EXPECT_EQ(faults(event), "");
  event["gdst:humanWelfarePolicy"] = "internal policy";
  EXPECT_EQ(faults(event), "");
  event["gdst:humanWelfarePolicy"] = "SA8000";
  const auto checked = check_gdst(json::serialize(event));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().front().message,
            "GDST: \"SA8000\" does not say which policy for the workers' welfare is in place; "
            "write one of 3P Audit, Internal, Internal policy; a standard is named in a "
            "certification of type urn:gdst:certType:humanPolicy");
}

TEST(Gdst, ACertificationHasAnyTypeOfGdsts) {
  auto event = hatching();
  event["gdst:certificationType"] = "urn:gdst:certType:legalAuth";
  EXPECT_EQ(faults(event), "");
  for (const std::string type : {"urn:gdst:certType:", "legalAuth", "urn:gdst:certTypes:x"}) {
    event["gdst:certificationType"] = type;
    EXPECT_EQ(faults(event), "INVALID_FIELD /gdst:certificationType") << type;
  }
}

// In JSON-LD one value and a list of one are the same.
TEST(Gdst, AListIsJudgedByItsEntries) {
  auto event = hatching();
  event["gdst:humanWelfarePolicy"] = json::array{"3P Audit", "Internal"};
  EXPECT_EQ(faults(event), "");
  event["gdst:humanWelfarePolicy"] = json::array{"3P Audit", "none", json::array{7, ""}};
  EXPECT_EQ(faults(event),
            "INVALID_FIELD /gdst:humanWelfarePolicy/1 INVALID_FIELD /gdst:humanWelfarePolicy/2/0");
}

TEST(Gdst, AWordOutsideAListIsRefusedWhereverItIs) {
  auto event = hatching();
  event["gdst:humanWelfarePolicy"] = "InvalidPolicy";
  event["ilmd"] = json::parse(R"({
    "gdst:broodstockSource":7, "cbvmda:lotNumber":"L1",
    "cbvmda:productionMethodForFishAndSeafoodCode":"FISHERY",
    "cbvmda:certificationList":{"certification":[
      {"gdst:certificationType":"urn:gdst:certtype:harvestcoc"},
      {"gdst:certificationType":"invalid:cert:type"}]},
    "cbvmda:vesselCatchInformationList":{"cbvmda:vesselCatchInformation":[
      {"cbvmda:vesselFlagState":"NZ"}, {"cbvmda:vesselFlagState":"USA"}]}})");
  const auto checked = check_gdst(json::serialize(event));
  ASSERT_FALSE(checked);
  std::vector<std::string> places;
  for (const Error& error : checked.error()) {
    EXPECT_EQ(error.code, Code::INVALID_FIELD);
    places.push_back(error.field);
  }
  std::ranges::sort(places);
  const std::string flag = "/ilmd/cbvmda:vesselCatchInformationList/cbvmda:vesselCatchInformation/";
  EXPECT_EQ(places,
            (std::vector<std::string>{
                "/gdst:humanWelfarePolicy", "/ilmd/cbvmda:certificationList/certification/1/"
                                            "gdst:certificationType",
                "/ilmd/cbvmda:productionMethodForFishAndSeafoodCode",
                flag + "1/cbvmda:vesselFlagState", "/ilmd/gdst:broodstockSource"}));
  const auto& errors = checked.error();
  EXPECT_TRUE(std::ranges::any_of(errors, [](const Error& error) {
    return error.message == "GDST: \"USA\" does not say under which flag the vessel sails; "
                            "write an ISO 3166-1 alpha-2 code, such as NZ";
  }));
}

TEST(Gdst, ANameCountsByItsSpaceWhateverItsPrefix) {
  auto text = json::serialize(hatching());
  for (size_t at = 0; (at = text.find("gdst:", at)) != std::string::npos; at += 5) {
    if (text.compare(at, 13, "gdst:bizStep:") != 0) text.replace(at, 5, "fish:");
  }
  auto event = json::parse(text).as_object();
  EXPECT_NE(faults(event), "") << "the prefix is not declared";
  event["@context"] = json::array{
      kStandardContext, {{"fish", "https://traceability-dialogue.org/epcis/"}}};
  EXPECT_EQ(faults(event), "");
  event["fish:humanWelfarePolicy"] = "none of them";
  EXPECT_EQ(faults(event), "INVALID_FIELD /fish:humanWelfarePolicy");
  EXPECT_TRUE(is_gdst_space("https://traceability-dialogue.org/epcis"));
  EXPECT_TRUE(is_gdst_space("https://traceability-dialogue.org/epcis/"));
  EXPECT_FALSE(is_gdst_space("https://traceability-dialogue.org/epcis2"));
  EXPECT_FALSE(is_gdst_space("http://ns.example.com/epcis/"));
}

TEST(Gdst, AStepOfCbvIsJudgedIfTheEventNamesSomethingOfGdst) {
  EXPECT_EQ(faults(json::parse(epcis_event(R"({"action":"ADD","bizStep":"commissioning"})"))
                       .as_object()),
            "");
  auto event = hatching();
  event["bizStep"] = "commissioning";
  event["@context"] = json::array{kStandardContext};
  EXPECT_EQ(faults(event), "") << "the prefix is not declared";
}

TEST(Gdst, TheRulesOfEpcisComeFirst) {
  auto event = hatching();
  event.erase("gdst:productOwner");
  event["action"] = "LOOK";
  const auto checked = check_gdst(json::serialize(event));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().front().field, "/action");
  // An error declaration repeats an event that may have been captured without these rules.
  event["action"] = "ADD";
  event["eventID"] = "urn:uuid:8e6d8a3c-0a6c-4f5e-9d0e-5b8f2a1c7d01";
  event["errorDeclaration"] =
      json::object{{"declarationTime", "2026-06-02T05:30:00.000Z"}, {"reason", "incorrect_data"}};
  EXPECT_EQ(faults(event), "");
}

TEST(Gdst, OfTheFaultsOfAnEventAtMost64AreNamed) {
  json::array many;
  for (int i = 0; i < 500; ++i)
    many.emplace_back(json::object{{"cbvmda:vesselFlagState", "USA"}});
  auto event = hatching();
  event["ilmd"].as_object()["cbvmda:vesselCatchInformationList"] = many;
  const auto checked = check_gdst(json::serialize(event));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().size(), 64U);
}

// Whoever asks for the rules loses none of the published events that are right by EPCIS.
TEST(Gdst, ThePublishedEventsKeepTheRules) {
  const std::string folder = shared_path("epcis/scenarios/opentraceability-gdst");
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "see SUYUAN_SHARED_DATA";
  size_t read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto document = split_epcis(file_text(entry.path()).value());
    ASSERT_TRUE(document) << entry.path();
    for (const auto& one : document->events) {
      if (!check_epcis(one.payload)) continue;
      ++read;
      const auto checked = check_gdst(one.payload);
      EXPECT_TRUE(checked) << entry.path() << one.pointer
                           << (checked ? "" : to_text(checked.error().front()));
    }
  }
  EXPECT_GT(read, 0U);
}

}  // namespace
}  // namespace suyuan::testing
