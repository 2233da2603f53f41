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

// What breaks rules of a trade alone (GDST) is valid EPCIS, and taken: those rules are not ours.
TEST_F(EpcisData, TheRulesOfATradeAreNotOurs) {
  const auto all = files_of("invalid/gdst-rules");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) post(file);
  for (const auto& [code, count] : codes_)
    EXPECT_TRUE(kReasons.contains(code)) << code << ", " << count << " times\n" << refused_;
  EXPECT_GT(captured_, 0U) << refused_;
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
