// Events written as EPCIS JSON are read back as the same events.
#include <gtest/gtest.h>

#include "ledger/event/validate.h"
#include "proto/epcis/write.h"
#include "tests/support/good_event.h"
#include "tests/unit/epcis/event_json.h"

namespace suyuan::testing {
namespace {

// Items stand in two lists in EPCIS, so their order is not kept.
TraceEvent sorted(TraceEvent event) {
  for (auto* list : {&event.objects, &event.children, &event.inputs, &event.outputs}) {
    std::ranges::sort(*list, {}, &Item::code);
  }
  return event;
}

TEST(EpcisWriting, WhatIsWrittenIsReadBackEqual) {
  size_t good = 0;
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    Random random(seed);
    const TraceEvent event = sorted(good_event(random));
    if (const auto faults = faults_of(event); !faults.empty()) {
      ADD_FAILURE() << "seed " << seed << ": " << to_text(faults.front());
      continue;
    }
    const std::string text = write_epcis(event, 1'780'000'000'000);
    const auto back = check_epcis(text);
    ASSERT_TRUE(back) << "seed " << seed << ": " << to_text(back.error().front()) << "\n" << text;
    ASSERT_EQ(sorted(*back), event) << "seed " << seed << "\n"
                                    << text << "\n" << write_epcis(sorted(*back));
    ++good;
  }
  EXPECT_EQ(good, 2000U);
}

TEST(EpcisWriting, ARecordTimeChangesNothingElseOfAPayload) {
  const std::string payload = R"({"b":1.50,"recordTime":"2020-01-01T00:00:00Z","a":"\u00e9"})";
  EXPECT_EQ(with_record_time(payload, 1'780'000'000'000).value(),
            R"({"b":1.50,"recordTime":"2026-05-28T20:26:40Z","a":"é"})");
  EXPECT_EQ(with_record_time(R"({"b":1})", 0).value(),
            R"({"b":1,"recordTime":"1970-01-01T00:00:00Z"})");
}

}  // namespace
}  // namespace suyuan::testing
