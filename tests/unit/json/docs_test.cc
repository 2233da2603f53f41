// The examples of docs/events.md are what the programs take.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "ledger/event/validate.h"
#include "proto/json/event_csv.h"
#include "proto/json/event_json.h"
#include "proto/json/registry_json.h"

namespace suyuan {
namespace {

std::vector<std::string> blocks(const std::string& language) {
  std::ifstream file(std::string(SUYUAN_SOURCE_DIR) + "/docs/events.md");
  std::vector<std::string> found;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (!inside && line == "```" + language) {
      inside = true;
      found.emplace_back();
    } else if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      found.back() += line + "\n";
    }
  }
  return found;
}

std::string faults(const TraceEvent& event) {
  std::string text;
  for (const auto& error : faults_of(event)) text += to_text(error) + "\n";
  return text;
}

TEST(EventsDocument, ShowsGoodEventsAndActs) {
  size_t events = 0;
  size_t acts = 0;
  for (const auto& block : blocks("json")) {
    if (block.find("\"act\"") != std::string::npos) {
      const auto act = parse_registry_json(block);
      EXPECT_TRUE(act) << to_text(act.error()) << "\n" << block;
      ++acts;
      continue;
    }
    const auto rows = parse_events(block);
    ASSERT_EQ(rows.size(), 1U) << block;
    ASSERT_TRUE(rows[0].event) << to_text(rows[0].event.error()) << "\n" << block;
    EXPECT_EQ(faults(rows[0].event->event), "") << block;
    ++events;
  }
  EXPECT_GE(events, 8U);
  EXPECT_GE(acts, 4U);
}

TEST(EventsDocument, ShowsAGoodSpreadsheet) {
  const auto found = blocks("csv");
  ASSERT_EQ(found.size(), 1U);
  const auto sheet = parse_event_csv(found[0]);
  for (const auto& fault : sheet.faults) {
    ADD_FAILURE() << "row " << fault.row << ": " << to_text(fault.error);
  }
  EXPECT_EQ(sheet.events.size(), 3U);
  for (const auto& event : sheet.events) EXPECT_EQ(faults(event.event), "") << event.name;
}

// Each field that the writer knows stands in the document.
TEST(EventsDocument, NamesEveryField) {
  std::ifstream file(std::string(SUYUAN_SOURCE_DIR) + "/docs/events.md");
  std::stringstream text;
  text << file.rdbuf();
  for (const auto* field :
       {"type", "kind", "action", "eventTime", "eventID", "errorDeclaration", "objects",
        "children", "inputs", "outputs", "parent", "losses", "transformationID", "lot", "wholeLot",
        "readPoint", "bizLocation", "step", "disposition", "persistentDisposition",
        "transactions", "custodyFrom", "custodyTo", "sources", "destinations", "result",
        "confirms", "sensors", "documents", "certifications", "ilmd", "extensions", "sealed"}) {
    EXPECT_NE(text.str().find("`" + std::string(field) + "`"), std::string::npos) << field;
  }
}

}  // namespace
}  // namespace suyuan
