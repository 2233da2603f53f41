// The open EPCIS data, posted and queried through the REST binding of a running node.
#include <algorithm>
#include <filesystem>
#include <set>

#include "tests/e2e/epcis_fixture.h"
#include "tests/support/vectors.h"

namespace suyuan::test {
namespace {

class EpcisData : public EpcisTest {
 protected:
  EpcisData() {
    const std::vector<Role> roles = {Role::producer,  Role::supplier, Role::manufacturer,
                                     Role::lab,       Role::logistics, Role::seller,
                                     Role::platform};
    ledger_.accept(ledger_.acts(
        "registrar",
        {RegisterParty{.party = {.id = "trader", .name = "trader", .roles = roles}, .keys = {}},
         GrantDelegation{.party = "trader", .signer = "gateway"}}));
    trader_ = *epcis::add_token(folder(), {.party = "trader"});
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
  // answer adds.
  bool is_among(const json::array& answered, const json::object& posted) {
    static const std::set<std::string, std::less<>> kAside = {
        "@context",         "recordTime",  "suyuan:statedBy", "suyuan:statedThrough",
        "suyuan:place",     "suyuan:audience"};
    return std::any_of(answered.begin(), answered.end(), [&](const json::value& one) {
      json::object left = one.as_object();
      for (const auto& [name, value] : posted) {
        if (kAside.contains(std::string(name))) continue;
        const auto* found = left.if_contains(name);
        if (found == nullptr || *found != value) return false;
        left.erase(name);
      }
      return std::all_of(left.begin(), left.end(), [&](const auto& more) {
        return kAside.contains(std::string(more.key()));
      });
    });
  }

  // Posts a file; counts what is in the ledger afterwards, and compares each with what was sent.
  void post(const std::string& file, size_t& captured, size_t& refused) {
    auto text = testing::file_text(file).value();
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    const auto answer = send("POST", "/capture", trader_, text,
                             {{"GS1-Capture-Error-Behaviour", "proceed"}});
    ASSERT_EQ(answer.status, 202) << file << ": " << answer.body;
    const auto ended = job(answer, trader_);
    std::set<std::string> faulty;
    for (const auto& error : ended.at("errors").as_array()) {
      const std::string pointer(error.at("pointer").as_string());
      EXPECT_FALSE(error.at("detail").as_string().empty());
      const size_t list = pointer.find("/eventList/");
      ASSERT_NE(list, std::string::npos) << file << ": " << json::serialize(error);
      faulty.insert(pointer.substr(list + 11, pointer.find('/', list + 11) - list - 11));
      std::fprintf(stderr, "%s: %s\n", file.substr(file.rfind('/') + 1).c_str(),
                   json::serialize(error.at("detail")).c_str());
    }
    if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    const auto events = events_in(json::parse(text));
    for (size_t i = 0; i < events.size(); ++i) {
      if (faulty.contains(std::to_string(i))) {
        ++refused;
        continue;
      }
      ++captured;
      const auto& event = events[i].as_object();
      const auto* id = event.if_contains("eventID");
      if (id == nullptr) continue;
      const auto found = send("GET", "/events/" + percent_encode(std::string(id->as_string())),
                              trader_, "", {{"GS1-EPC-Format", "Never_Translates"}});
      ASSERT_EQ(found.status, 200) << file << ", event " << i << ": " << found.body;
      EXPECT_TRUE(is_among(events_in(json::parse(found.body)), event)) << file << ", event " << i;
    }
  }

  std::string trader_;
};

TEST_F(EpcisData, IsCapturedAndComesBackAsItWas) {
  size_t captured = 0;
  size_t refused = 0;
  auto all = files("events/openepcis-test-resources");
  const auto scenarios = files("scenarios");
  all.insert(all.end(), scenarios.begin(), scenarios.end());
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) {
    if (file.find("/single/") == std::string::npos) post(file, captured, refused);
  }
  std::fprintf(stderr, "%zu events captured, %zu refused\n", captured, refused);
  EXPECT_GT(captured, 0U);
}

TEST_F(EpcisData, AnInvalidDocumentIsRefusedWithItsPlace) {
  const auto all = files("invalid/openepcis-test-resources");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) {
    const auto answer = send("POST", "/capture", trader_, testing::file_text(file).value());
    if (answer.status == 202) {
      const auto ended = job(answer, trader_);
      EXPECT_FALSE(ended.at("success").as_bool()) << file;
      EXPECT_FALSE(ended.at("errors").at(0).at("pointer").as_string().empty()) << file;
    } else {
      refuses(answer, 400, "ValidationException");
    }
  }
}

TEST_F(EpcisData, TheQueryFilesAreTakenOrRefusedAsTheySay) {
  const auto all = files("query");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  for (const auto& file : all) {
    const auto value = json::parse(testing::file_text(file).value());
    if (value.as_object().contains("epcisBody")) continue;  // an answer, not a question
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
