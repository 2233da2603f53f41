// Answers to somebody who may not know everything: what is kept from him counts for nothing.
#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/apply/fact_reader.h"
#include "ledger/provenance/provenance.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::testing {
namespace {

const std::string kCan = "sgtin:09521104301011:S1";
const std::string kBox = "sscc:395211040000010013";

class Seen final : public ReadFilter {
 public:
  explicit Seen(bool all) : all_(all) {}
  bool sees(Place) const override { return all_; }

 private:
  const bool all_;
};

class ReadFilterTest : public ::testing::Test {
 protected:
  ReadFilterTest() {
    ledger.party("maker", {Role::manufacturer});
    ledger.party("carrier", {Role::logistics});
    ledger.product("09521104301011", "maker");
    ledger.accept("maker", commission("08:00", {kCan}));
    TraceEvent packed = with_disposition(pack("09:00", kBox, {kCan}), "in_progress");
    packed.audience = EventAudience::partner;
    ledger.accept("maker", packed);
  }
  Trace trace(const ReadFilter& filter) {
    return trace_back(ledger.state(), code(kCan), {.filter = &filter}).value();
  }

  LedgerBuilder ledger;
  const Seen everything{true};
  const Seen nothing{false};
};

TEST_F(ReadFilterTest, WhatIsSeenCounts) {
  const Trace known = trace(everything);
  EXPECT_EQ(known.steps.size(), 2U);
  EXPECT_EQ(known.containers, std::vector<std::string>{code(kBox)});
  EXPECT_FALSE(std::ranges::any_of(known.steps, &TraceStep::withheld));
  const auto state = state_of(ledger.state(), code(kCan), {.filter = &everything}).value();
  EXPECT_EQ(state.inside, code(kBox));
}

TEST_F(ReadFilterTest, WhatIsNotSeenCountsForNothingButIsThere) {
  const Trace known = trace(nothing);
  ASSERT_EQ(known.steps.size(), 2U);
  EXPECT_TRUE(known.containers.empty());
  const TraceStep& step = known.steps.back();
  EXPECT_TRUE(step.withheld);
  EXPECT_EQ(step.step, "");
  EXPECT_EQ(step.event_time_ms, ledger.head().time_ms) << "its own time is not said";
  const auto state = state_of(ledger.state(), code(kCan), {.filter = &nothing}).value();
  EXPECT_EQ(state.inside, "");
  EXPECT_EQ(state.disposition, "");
  EXPECT_TRUE(state.exists);
}

TEST_F(ReadFilterTest, TheTimeAskedForTellsNothingOfAHiddenOne) {
  const int64_t before = at("08:30").ms;
  const auto early = trace_back(ledger.state(), code(kCan), {.at_ms = before, .filter = &nothing});
  EXPECT_EQ(early.value().steps.size(), 1U);
  const auto later =
      trace_back(ledger.state(), code(kCan), {.at_ms = at("09:30").ms, .filter = &nothing});
  EXPECT_EQ(later.value().steps.size(), 1U) << "the log's time of it is later still";
}

TEST_F(ReadFilterTest, ACodeThatIsNamedInSecretAloneIsKnownAndEmpty) {
  const auto state = state_of(ledger.state(), code(kBox), {.filter = &nothing});
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->exists);
  EXPECT_EQ(state->custodian, "");
  const auto contents = contents_of(ledger.state(), code(kBox), {.filter = &nothing}, 10);
  ASSERT_TRUE(contents);
  EXPECT_TRUE(contents->items.empty());
}

}  // namespace
}  // namespace suyuan::testing
