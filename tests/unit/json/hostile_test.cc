// Every parser is total: whatever bytes it gets, it gives a value or an error that says something.
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "ledger/event/validate.h"
#include "proto/json/event_csv.h"
#include "proto/json/event_json.h"
#include "proto/json/registry_json.h"
#include "proto/json/submission_json.h"

namespace suyuan {
namespace {

constexpr uint32_t kSeed = 952110430;

void expect_sound(const TraceEvent& event) {
  for (const auto& error : faults_of(event)) ASSERT_FALSE(error.message.empty());
  const auto again = parse_event_json(write_event_json(event));
  if (faults_of(event).empty()) {
    ASSERT_TRUE(again) << to_text(again.error());
    ASSERT_EQ(again->event, event);
  }
}

template <class T>
void expect_reason(const Result<T>& result) {
  ASSERT_TRUE(result || !result.error().message.empty());
}

void feed(const std::string& bytes) {
  for (const auto& row : parse_events(bytes)) {
    expect_reason(row.event);
    if (row.event) expect_sound(row.event->event);
  }
  const auto sheet = parse_event_csv(bytes);
  for (const auto& fault : sheet.faults) ASSERT_FALSE(fault.error.message.empty());
  for (const auto& event : sheet.events) expect_sound(event.event);
  expect_reason(parse_registry_json(bytes));
  expect_reason(parse_submission_json(bytes));
  expect_reason(parse_problem_json(bytes));
}

// The documents, cut at their fences: every example, and prose between them.
std::vector<std::string> seeds() {
  std::vector<std::string> all;
  for (const char* page : {"/docs/events.md", "/docs/registry.md"}) {
    std::ifstream file(std::string(SUYUAN_SOURCE_DIR) + page);
    all.emplace_back();
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("```")) {
        all.emplace_back();
      } else {
        all.back() += line + "\n";
      }
    }
  }
  return all;
}

TEST(Hostile, BytesNeverBreakAParser) {
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937 chance(kSeed);
  const auto below = [&chance](size_t bound) { return static_cast<size_t>(chance()) % bound; };
  const std::string spice = "\"\\{}[],:-+.eE019ntfu\n\r;\x80\xFF\xEF\xBB\xBF";
  const auto originals = seeds();
  for (int round = 0; round < 1500 && !testing::Test::HasFailure(); ++round) {
    std::string bytes = originals[below(originals.size())];
    for (size_t edits = 1 + below(4); edits > 0 && !bytes.empty(); --edits) {
      const size_t at = below(bytes.size());
      switch (below(4)) {
        case 0:
          bytes[at] = spice[below(spice.size())];
          break;
        case 1:
          bytes.erase(at, 1 + below(8));
          break;
        case 2:
          bytes.insert(at, bytes.substr(below(bytes.size()), below(40)));
          break;
        default:
          bytes.insert(at, 1, spice[below(spice.size())]);
          break;
      }
    }
    SCOPED_TRACE(bytes);
    feed(bytes);
  }
}

TEST(Hostile, EveryPrefixOfTheExamplesIsReadToTheEnd) {
  for (const auto& original : seeds()) {
    for (size_t size = 0; size < original.size(); size += 7) feed(original.substr(0, size));
  }
}

}  // namespace
}  // namespace suyuan
