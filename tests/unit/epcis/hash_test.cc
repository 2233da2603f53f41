// The event hash of CBV 8.9, by the published vectors of its reference implementation.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "proto/epcis/document.h"
#include "proto/epcis/event_hash.h"
#include "tests/support/vectors.h"
#include "tests/unit/epcis/event_json.h"

namespace suyuan::testing {
namespace {

namespace fs = std::filesystem;

// Vectors that ask for something else than CBV 8.9.
const std::map<std::string, std::string> kOther = {
    {"epcisDocHavingEventWithIgnoreFields", "leaves out extensions by a switch of that program"},
    {"epcisQueryDocHavingEventWithIgnoreFields", "the same"},
};

TEST(EventHash, IsThatOfThePublishedVectors) {
  const std::string folder = shared_path("epcis/event-hash/examples");
  if (!fs::is_directory(folder)) GTEST_SKIP() << folder << " is absent: see SUYUAN_SHARED_DATA";
  size_t equal = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".jsonld") continue;
    const std::string name = entry.path().stem();
    SCOPED_TRACE(name);
    const auto split = split_epcis(file_text(entry.path()).value()).value();
    const auto wanted = file_text(folder + "/" + name + ".hashes").value();
    const auto lines = suyuan::split(wanted, '\n');
    for (size_t i = 0; i < split.events.size(); ++i) {
      const auto found = event_hash(split.events[i].payload).value();
      if (kOther.contains(name)) continue;
      ASSERT_LT(i, lines.size());
      EXPECT_EQ(found, lines[i]) << event_prehash(split.events[i].payload).value();
      ++equal;
    }
  }
  EXPECT_GE(equal, 12U);
}

TEST(EventHash, IsOneForEverySpelling) {
  const std::string folder = shared_path("epcis/event-hash/expected_equal");
  const auto text = file_text(folder + "/ReferenceEventHashAlgorithm.json");
  if (!text) GTEST_SKIP() << folder << " is absent: see SUYUAN_SHARED_DATA";
  const auto split = split_epcis(*text).value();
  ASSERT_EQ(split.events.size(), 2U);
  EXPECT_EQ(event_prehash(split.events[0].payload).value(),
            event_prehash(split.events[1].payload).value());
}

TEST(EventHash, CoversNeitherItselfNorDeclarations) {
  const auto hash = event_hash(epcis_event()).value();
  EXPECT_EQ(event_hash(epcis_event(R"({"eventID":"urn:x:1","recordTime":"2026-06-02T05:30:00Z",
    "errorDeclaration":{"declarationTime":"2026-06-02T05:30:00Z"}})")).value(),
            hash);
  EXPECT_NE(event_hash(epcis_event(R"({"bizStep":"receiving"})")).value(), hash);
}

}  // namespace
}  // namespace suyuan::testing
