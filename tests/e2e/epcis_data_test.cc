// The open EPCIS data, posted and queried through the REST binding of a running node.
#include <algorithm>
#include <filesystem>
#include <set>

#include "tests/e2e/epcis_fixture.h"
#include "tests/support/vectors.h"

namespace suyuan::test {
namespace {

// What refuses events of the open data; docs/epcis_rest.md, Open data, says of which files and why.
const std::set<std::string> kReasons = {
    "CODE_RESTRICTED",   "CODE_SYNTAX",  "CORRECTION_INVALID", "DUPLICATE_ID",
    "DUPLICATE_PARENT",  "INVALID_FIELD", "EVENT_ID_REUSED",   "MASS_BALANCE",
    "MISSING_FIELD",     "UNAUTHORISED_PRODUCT", "UNAUTHORISED_ROLE"};

class EpcisData : public EpcisTest {
 protected:
  EpcisData() {
    trader_ = add_trader(false);
  }

  static std::vector<std::string> files(const std::string& folder) {
    std::vector<std::string> found;
    const std::string path = testing::shared_path("epcis/" + folder);
    if (!std::filesystem::exists(path)) return found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  static json::array events_in(const json::value& document) {
    const auto& body = document.at("epcisBody").as_object();
    if (const auto* list = body.if_contains("eventList")) return list->as_array();
    return body.at("queryResults").at("resultsBody").at("eventList").as_array();
  }

  // Whether an answer has the event with every member that was posted, and nothing else but what an
  // answer adds. Several files have the same event, with and without empty lists: the words of the
  // first stay.
  bool is_among(const json::array& answered, const json::object& posted) {
    static const std::set<std::string, std::less<>> kAside = {
        "@context",         "recordTime",  "suyuan:statedBy", "suyuan:statedThrough",
        "suyuan:place",     "suyuan:audience"};
    return std::any_of(answered.begin(), answered.end(), [&](const json::value& one) {
      json::object left = one.as_object();
      for (const auto& [name, value] : posted) {
        if (kAside.contains(std::string(name))) continue;
        const auto* found = left.if_contains(name);
        const bool is_empty = value.is_array() && value.as_array().empty();
        if (found == nullptr && is_empty) continue;
        if (found == nullptr || *found != value) return false;
        left.erase(name);
      }
      return std::all_of(left.begin(), left.end(), [&](const auto& more) {
        return kAside.contains(std::string(more.key()));
      });
    });
  }

  // An event that was captured comes back as it was.
  void finds(const json::object& event, const std::string& where) {
    const auto* id = event.if_contains("eventID");
    if (id == nullptr) return;
    const auto found = send("GET", "/events/" + percent_encode(std::string(id->as_string())),
                            trader_, "", {{"GS1-EPC-Format", "Never_Translates"}});
    ASSERT_EQ(found.status, 200) << where << ": " << found.body;
    EXPECT_TRUE(is_among(events_in(json::parse(found.body)), event)) << where << ": " << found.body;
  }

  // Posts a file: what is refused is counted by its code, what is not must come back.
  void post(const std::string& file) {
    auto text = testing::file_text(file).value();
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    const auto answer = send("POST", "/capture", trader_, text,
                             {{"GS1-Capture-Error-Behaviour", "proceed"}});
    ASSERT_EQ(answer.status, 202) << file << ": " << answer.body;
    const auto ended = job(answer, trader_);
    std::set<std::string> faulty;
    for (const auto& error : ended.at("errors").as_array()) {
      const std::string pointer(error.at("pointer").as_string());
      const std::string detail(error.at("detail").as_string());
      const size_t list = pointer.find("/eventList/");
      ASSERT_NE(list, std::string::npos) << file << ": " << json::serialize(error);
      const std::string index =
          pointer.substr(list + 11, pointer.find('/', list + 11) - list - 11);
      const std::string code = detail.substr(0, detail.find(':'));
      if (faulty.insert(index).second) {
        refused_ += file.substr(file.rfind('/') + 1) + " " + index + " " + code + "\n";
        ++codes_[code];
      }
    }
    if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    const auto events = events_in(json::parse(text));
    for (size_t i = 0; i < events.size(); ++i) {
      if (faulty.contains(std::to_string(i))) continue;
      ++captured_;
      finds(events[i].as_object(), file + ", event " + std::to_string(i));
    }
  }

  std::string trader_;
  size_t captured_ = 0;
  std::string refused_;                  // "file event CODE", a line for each
  std::map<std::string, size_t> codes_;  // events refused, by the code of their first fault
};

TEST_F(EpcisData, IsCapturedAndComesBackAsItWas) {
  auto all = files("events");
  const auto scenarios = files("scenarios");
  all.insert(all.end(), scenarios.begin(), scenarios.end());
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) {
    if (file.find("/single/") == std::string::npos) post(file);
  }
  for (const auto& [code, count] : codes_)
    EXPECT_TRUE(kReasons.contains(code)) << code << ", " << count << " times\n" << refused_;
  EXPECT_GE(captured_, 60U) << refused_;
}

TEST_F(EpcisData, ABareEventIsPostedAlone) {
  const auto all = files("events/openepcis-test-resources/single");
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
  const auto all = files("invalid/openepcis-test-resources");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) {
    const auto answer = send("POST", "/capture", trader_, testing::file_text(file).value());
    if (answer.status != 202) {
      refuses(answer, 400, "ValidationException");
      continue;
    }
    const auto ended = job(answer, trader_);
    EXPECT_FALSE(ended.at("success").as_bool()) << file;
    for (const auto& error : ended.at("errors").as_array()) {
      EXPECT_TRUE(error.at("pointer").as_string().starts_with("/epcisBody/eventList/")) << file;
      EXPECT_GT(error.at("detail").as_string().size(), 20U) << file;
    }
  }
  EXPECT_EQ(events("/events", trader_).size(), 0U) << "with rollback nothing of them is there";
}

// What breaks rules of a trade alone (GDST) is valid EPCIS, and taken: those rules are not ours.
TEST_F(EpcisData, TheRulesOfATradeAreNotOurs) {
  const auto all = files("invalid/gdst-rules");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) post(file);
  for (const auto& [code, count] : codes_)
    EXPECT_TRUE(kReasons.contains(code)) << code << ", " << count << " times\n" << refused_;
  EXPECT_GT(captured_, 0U) << refused_;
}

class EpcisExpected : public EpcisData {
 protected:
  using Set = std::set<std::string>;

  static Set set_of(const json::value& list) {
    Set all;
    for (const auto& one : list.as_array()) all.emplace(one.as_string());
    return all;
  }
  Set back(const std::string& code) {
    const auto answer = ledger_.rpc().trace({.code = code}, false);
    if (!answer.value) return {std::string(info(answer.value.error().code).name)};
    return {answer.value->trace.ancestors.begin(), answer.value->trace.ancestors.end()};
  }
  Set forward(const std::string& code) {
    const auto answer = ledger_.rpc().forward({.code = code, .limit = 1000});
    if (!answer.value) return {std::string(info(answer.value.error().code).name)};
    Set all(answer.value->lots.begin(), answer.value->lots.end());
    for (const auto& unit : answer.value->units) all.insert(unit.code);
    return all;
  }
  // As the reference has it; where events of the file were refused, no more than that.
  static void compare(const std::string& what, const Set& expected, const Set& found, bool whole) {
    if (whole) {
      EXPECT_EQ(found, expected) << what;
      return;
    }
    if (found.contains("NOT_FOUND") || found.contains("CODE_SYNTAX")) return;
    EXPECT_TRUE(std::includes(expected.begin(), expected.end(), found.begin(), found.end()))
        << what;
  }

  // Errors of the job that posted it; the trades of these files are registered beforehand.
  std::set<std::string> post_public(const std::string& name) {
    std::set<std::string> codes;
    for (const auto& posted : files("scenarios")) {
      if (!posted.ends_with("/" + name)) continue;
      const auto ended =
          job(send("POST", "/capture", trader_, testing::file_text(posted).value(),
                   {{"GS1-Capture-Error-Behaviour", "proceed"}, {"Suyuan-Audience", "public"}}),
              trader_);
      for (const auto& error : ended.at("errors").as_array()) {
        const std::string detail(error.at("detail").as_string());
        codes.insert(detail.substr(0, detail.find(':')));
      }
    }
    return codes;
  }

  void SetUp() override {
    std::vector<RegistryEvent> acts;
    for (const std::string gtin :
         {"04012345111118", "04012345222227", "04012345333336", "04012345444445",
          "09521234003007", "09521234008002", "09521234008019", "09521234008026",
          "09521234008033"}) {
      acts.push_back(
          RegisterProduct{{.gtin = gtin, .name = gtin, .owner = "trader", .uom = "KGM"}});
    }
    ledger_.accept(ledger_.acts("registrar", acts));
    ledger_.running().set_clock(testing::ms("2026-11-25T00:00:00Z"));  // all of it lies before
  }
};

// docs/epcis_rest.md, Open data, says which events are refused, and why.
TEST_F(EpcisExpected, TracesAreThoseOfTheReference) {
  const auto all = files("expected");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  size_t whole_files = 0;
  for (const auto& file : all) {
    if (!file.ends_with(".json")) continue;
    const auto expected = json::parse(testing::file_text(file).value());
    const auto codes = post_public(std::string(expected.at("file").as_string()));
    const bool whole = !codes.contains("MASS_BALANCE") && !codes.contains("CODE_SYNTAX");
    whole_files += whole;
    for (const auto& [key, node] : expected.at("nodes").as_object()) {
      const std::string code(key);
      compare(code + " back", set_of(node.at("back")), back(code), whole);
      compare(code + " forward", set_of(node.at("forward")), forward(code), whole);
    }
  }
  EXPECT_EQ(whole_files, 2U);
}

TEST_F(EpcisData, TheQueryFilesAreTakenOrRefusedAsTheySay) {
  const auto all = files("query");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) {
    const auto value = json::parse(testing::file_text(file).value());
    if (value.as_object().contains("epcisBody")) {  // an answer, which is captured as one
      post(file);
      continue;
    }
    const std::string name = std::filesystem::path(file).stem();
    const auto made = send("POST", "/queries", trader_,
                           json::serialize(json::object{{"name", name}, {"query", value}}));
    if (name == "SimpleEventQuery") {
      EXPECT_EQ(made.status, 201) << made.body;
      EXPECT_EQ(events("/queries/" + name + "/events", trader_).size(), 0U);
    } else {
      refuses(made, 400, "QueryParameterException");
    }
  }
}

}  // namespace
}  // namespace suyuan::test
