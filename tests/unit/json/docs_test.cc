// The examples of docs/events.md and docs/registry.md are what the programs take.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "ledger/event/validate.h"
#include "proto/json/event_csv.h"
#include "proto/json/event_json.h"
#include "proto/json/registry_json.h"

namespace suyuan {
namespace {

std::vector<std::string> blocks(const std::string& page, const std::string& language) {
  std::ifstream file(std::string(SUYUAN_SOURCE_DIR) + "/docs/" + page);
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

TEST(EventsDocument, ShowsGoodEvents) {
  const auto found = blocks("events.md", "json");
  for (const auto& block : found) {
    const auto rows = parse_events(block);
    ASSERT_EQ(rows.size(), 1U) << block;
    ASSERT_TRUE(rows[0].event) << to_text(rows[0].event.error()) << "\n" << block;
    EXPECT_EQ(faults(rows[0].event->event), "") << block;
  }
  EXPECT_GE(found.size(), 8U);
}

TEST(RegistryDocument, ShowsGoodActs) {
  const auto found = blocks("registry.md", "json");
  for (const auto& block : found) {
    const auto act = parse_registry_json(block);
    EXPECT_TRUE(act) << to_text(act.error()) << "\n" << block;
  }
  EXPECT_GE(found.size(), 4U);
}

// The smallest sheet, then the one that shows rows which are one event.
TEST(EventsDocument, ShowsGoodSpreadsheets) {
  const auto found = blocks("events.md", "csv");
  ASSERT_EQ(found.size(), 2U);
  size_t events = 0;
  for (const auto& block : found) {
    const auto sheet = parse_event_csv(block);
    for (const auto& fault : sheet.faults) {
      ADD_FAILURE() << "row " << fault.row << ": " << to_text(fault.error);
    }
    for (const auto& event : sheet.events) EXPECT_EQ(faults(event.event), "") << event.name;
    events += sheet.events.size();
  }
  EXPECT_EQ(events, 4U);
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
