#include "ledger/event/codes_of.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ledger/code/code.h"
#include "tests/unit/event/events.h"

namespace suyuan {
namespace {

TEST(CodesOf, NamesObjectsParentChildrenInputsAndOutputs) {
  TraceEvent event;
  event.objects = {{.code = "a:1"}};
  event.parent = "a:2";
  event.children = {{.code = "a:3"}};
  event.inputs = {{.code = "a:4"}};
  event.outputs = {{.code = "a:5"}};
  EXPECT_EQ(codes_of(event), (std::vector<std::string>{"a:1", "a:2", "a:3", "a:4", "a:5"}));
}

TEST(CodesOf, LeavesOutWhatIsMereData) {
  auto event = object_event();
  event.lot = kLot;
  event.read_point = kPlace;
  event.transactions = {{.type = "po", .id = kClass}};
  EXPECT_EQ(codes_of(event), std::vector<std::string>{kUnit});
}

TEST(CodesOf, NamesEachCodeOnce) {
  auto event = aggregation_event();
  event.children = {{.code = kUnit}, {.code = kUnit}, {.code = kPallet}};
  EXPECT_EQ(codes_of(event).size(), 2U);
}

TEST(CodeKeysOf, AreAscendingAndDistinct) {
  const auto keys = code_keys_of({kUnit, kPallet, kUnit, kLot});
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_NE(std::find(keys.begin(), keys.end(), code_key(kLot)), keys.end());
}

}  // namespace
}  // namespace suyuan
