// The open EPCIS data, posted and queried through the REST binding of a running node.
#include "tests/e2e/epcis_data.h"

namespace suyuan::test {
namespace {

// What refuses events of the open data; docs/epcis_rest.md, Open data, says of which files and why.
const std::set<std::string> kReasons = {
    "CODE_RESTRICTED",   "CODE_SYNTAX",  "CORRECTION_INVALID", "DUPLICATE_ID",
    "DUPLICATE_PARENT",  "INVALID_FIELD", "EVENT_ID_REUSED",   "MASS_BALANCE",
    "MISSING_FIELD",     "UNAUTHORISED_PRODUCT", "UNAUTHORISED_ROLE"};

TEST_F(EpcisData, ABareEventIsPostedAlone) {
  const auto all = files_of("events/openepcis-test-resources/single");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) {
    const auto text = testing::file_text(file).value();
    const auto answer = send("POST", "/events", trader_, text);
    if (answer.status != 201) {
      const std::string detail(json::parse(answer.body).at("detail").as_string());
      EXPECT_TRUE(kReasons.contains(detail.substr(0, detail.find(':')))) << file << answer.body;
      continue;
    }
    ++captured_;
    const std::string path = answer.header("location").substr(6);
    EXPECT_EQ(events(path, trader_).size(), 1U) << file;
    finds(json::parse(text).as_object(), file);
  }
  EXPECT_GE(captured_, all.size() / 2);
}

TEST_F(EpcisData, AnInvalidDocumentIsRefusedWithItsPlace) {
  const auto all = files_of("invalid/openepcis-test-resources");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) {
    const auto answer = send("POST", "/capture", trader_, testing::file_text(file).value());
    if (answer.status != 202) {
      refuses(answer, 400, "ValidationException");
      continue;
    }
    const auto ended = job(answer, trader_);
    EXPECT_FALSE(ended.at("success").as_bool()) << file;
    EXPECT_FALSE(ended.at("errors").as_array().empty()) << file;
    for (const auto& error : ended.at("errors").as_array()) {
      EXPECT_TRUE(error.at("pointer").as_string().starts_with("/epcisBody/eventList/")) << file;
      EXPECT_GT(error.at("detail").as_string().size(), 20U) << file;
    }
  }
  EXPECT_EQ(events("/events", trader_).size(), 0U) << "with rollback nothing of them is there";
}

// What breaks rules of a trade alone (GDST) is valid EPCIS, and taken unless the request asks for
// those rules.
TEST_F(EpcisData, TheRulesOfATradeAreNotOurs) {
  const auto all = files_of("invalid/gdst-rules");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) post(file);
  for (const auto& [code, count] : codes_)
    EXPECT_TRUE(kReasons.contains(code)) << code << ", " << count << " times\n" << refused_;
  EXPECT_GT(captured_, 0U) << refused_;
}

// Each file breaks the rule that its name says, at this place.
const std::map<std::string, std::string> kGdstFaults = {
    {"gdst_certification_invalid_type",
     "INVALID_FIELD /ilmd/cbvmda:certificationList/certification/0/gdst:certificationType"},
    {"gdst_event_invalid_human_welfare_policy", "INVALID_FIELD /gdst:humanWelfarePolicy"},
    {"gdst_event_missing_product_owner", "MISSING_FIELD /gdst:productOwner"},
    {"gdst_farm_harvest_event_invalid",
     "INVALID_FIELD /ilmd/cbvmda:productionMethodForFishAndSeafoodCode"},
    {"gdst_feedmill_missing_protein_source", "MISSING_FIELD /ilmd/gdst:proteinSource"},
    {"gdst_feedmill_object_event_invalid", "MISSING_FIELD /ilmd/gdst:proteinSource"},
    {"gdst_hatching_event_invalid", "INVALID_FIELD /ilmd/gdst:broodstockSource"},
    {"gdst_hatching_missing_broodstock", "MISSING_FIELD /ilmd/gdst:broodstockSource"},
    {"gdst_processing_missing_lot_number", "MISSING_FIELD /ilmd/cbvmda:lotNumber"},
    {"gdst_vessel_invalid_country_code",
     "INVALID_FIELD /ilmd/cbvmda:vesselCatchInformationList/cbvmda:vesselCatchInformation/0/"
     "cbvmda:vesselFlagState"}};

TEST_F(EpcisData, ARequestThatUsesGdstIsJudgedByItsRules) {
  const auto all = files_of("invalid/gdst-rules");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  EXPECT_EQ(all.size(), kGdstFaults.size());
  const std::map<std::string, std::string> headers = {
      {"GS1-Extensions", "fish=https://traceability-dialogue.org/epcis"}};
  for (const auto& file : all) {
    const auto known = kGdstFaults.find(std::filesystem::path(file).stem());
    ASSERT_NE(known, kGdstFaults.end()) << file;
    const auto text = testing::file_text(file).value();
    const auto ended = job(send("POST", "/capture", trader_, text, headers), trader_);
    EXPECT_FALSE(ended.at("success").as_bool()) << file;
    std::set<std::string> found;
    for (const auto& error : ended.at("errors").as_array()) {
      const std::string detail(error.at("detail").as_string());
      const std::string pointer(error.at("pointer").as_string());
      EXPECT_NE(detail.find(": GDST"), std::string::npos) << file << ": " << detail;
      EXPECT_TRUE(pointer.starts_with("/epcisBody/eventList/0/")) << file << ": " << pointer;
      found.insert(detail.substr(0, detail.find(':')) + " " + pointer.substr(22));
    }
    EXPECT_TRUE(found.contains(known->second)) << file << ": " << json::serialize(ended);
    // A single event is judged alike.
    const auto document = json::parse(text);
    auto event = events_in(document)[0].as_object();
    event["@context"] = document.at("@context");
    const auto answer = send("POST", "/events", trader_, json::serialize(event), headers);
    refuses(answer, 400, "ValidationException");
    EXPECT_NE(answer.body.find("GDST"), std::string::npos) << file << ": " << answer.body;
  }
  EXPECT_EQ(events("/events", trader_).size(), 0U) << "nothing of them was signed";
}

TEST_F(EpcisData, TheQueryFilesAreTakenOrRefusedAsTheySay) {
  // What is wrong in a query; a query without a row is right.
  const std::map<std::string, std::string> wrong = {
      {"Query_with_invalid_values", "GE_eventTime: 'not-a-date'"},
      {"Query_with_unknown_parameter", "GE_eventDate: there is no such parameter"}};
  const auto all = files_of("query");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  size_t taken = 0;
  size_t refused = 0;
  for (const auto& file : all) {
    const auto value = json::parse(testing::file_text(file).value());
    if (value.as_object().contains("epcisBody")) {  // an answer, which is captured as one
      post(file);
      continue;
    }
    const std::string name = std::filesystem::path(file).stem();
    const auto made = send("POST", "/queries", trader_,
                           json::serialize(json::object{{"name", name}, {"query", value}}));
    if (const auto fault = wrong.find(name); fault != wrong.end()) {
      ++refused;
      refuses(made, 400, "QueryParameterException");
      EXPECT_NE(made.body.find(fault->second), std::string::npos) << file << ": " << made.body;
      EXPECT_EQ(send("GET", "/queries/" + name, trader_).status, 404) << file;
      continue;
    }
    ++taken;
    EXPECT_EQ(made.status, 201) << file << ": " << made.body;
    const auto kept = send("GET", "/queries/" + name, trader_);
    ASSERT_EQ(kept.status, 200) << file << ": " << kept.body;
    EXPECT_EQ(json::parse(kept.body).at("query"), value) << file;
    // The check digit of the place that it asks for is wrong, so no event can be there.
    EXPECT_EQ(events("/queries/" + name + "/events", trader_).size(), 0U) << file;
  }
  EXPECT_EQ(taken, 1U);
  EXPECT_EQ(refused, wrong.size());
  // Of the answers: the thing in one event has a wrong check digit too.
  EXPECT_EQ(captured_, 2U);
  EXPECT_EQ(refused_, "queryDocument.json 0 CODE_CHECK_DIGIT\n");
}

}  // namespace
}  // namespace suyuan::test
