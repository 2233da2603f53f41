// The shared open EPCIS data, posted to a running node and read back.
#pragma once

#include <algorithm>
#include <filesystem>
#include <set>

#include "tests/e2e/epcis_fixture.h"
#include "tests/support/vectors.h"

namespace suyuan::test {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> found;
  const std::string path = testing::shared_path("epcis/" + folder);
  if (!std::filesystem::exists(path)) return found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

class EpcisData : public EpcisTest {
 protected:
  EpcisData() {
    trader_ = add_trader(false);
  }

  static json::array events_in(const json::value& document) {
    const auto& body = document.at("epcisBody").as_object();
    if (const auto* list = body.if_contains("eventList")) return list->as_array();
    return body.at("queryResults").at("resultsBody").at("eventList").as_array();
  }

  static json::array events_of(const std::string& file) {
    auto text = testing::file_text(file).value();
    if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    return events_in(json::parse(text));
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
      if (!faulty.insert(index).second) continue;
      if (code == "EVENT_ID_REUSED") {
        shared_ids_.push_back(events_of(file)[std::stoul(index)].as_object());
      } else {
        const std::string event = file.substr(file.rfind('/') + 1) + " " + index;
        refused_ += event + " " + code + "\n";
        reasons_[event] = detail;
        ++codes_[code];
      }
    }
    const auto events = events_of(file);
    for (size_t i = 0; i < events.size(); ++i) {
      if (faulty.contains(std::to_string(i))) continue;
      ++captured_;
      finds(events[i].as_object(), file + ", event " + std::to_string(i));
    }
  }

  std::string trader_;
  size_t captured_ = 0;
  std::string refused_;                  // "file event CODE", a line for each
  std::map<std::string, std::string> reasons_;  // of each "file event"
  std::map<std::string, size_t> codes_;  // events refused, by the code of their first fault
  std::vector<json::object> shared_ids_;  // not counted as refused: what has an ID of another event
};

}  // namespace suyuan::test
