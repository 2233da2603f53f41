// Rules of trees: well formed, typed, bounded, as one JSON object.
#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "ledger/event/vocabulary.h"
#include "tests/unit/event/events.h"

namespace suyuan {
namespace {

TraceEvent with_tree(Tree tree) {
  auto event = object_event();
  event.extensions = std::move(tree);
  return event;
}

TEST(Trees, HoldObjectsArraysAndValues) {
  EXPECT_TRUE(is_good(with_tree({
      {.depth = 0, .kind = NodeKind::object, .name = "a"},
      {.depth = 1, .kind = NodeKind::array, .name = "b"},
      {.depth = 2, .kind = NodeKind::number, .value = "4.10"},
      {.depth = 2, .kind = NodeKind::object},
      {.depth = 3, .kind = NodeKind::boolean, .name = "c", .value = "true"},
      {.depth = 0, .kind = NodeKind::null, .name = "b"},
      {.depth = 0, .kind = NodeKind::text, .name = "empty", .value = ""},
  })));
}

TEST(Trees, HaveNoGapsInDepth) {
  EXPECT_TRUE(has_fault(with_tree({{.depth = 1, .kind = NodeKind::null, .name = "a"}}),
                        Code::INVALID_FIELD, "extensions[0]"));
  EXPECT_TRUE(has_fault(with_tree({{.depth = 0, .kind = NodeKind::null, .name = "a"},
                                   {.depth = 1, .kind = NodeKind::null, .name = "b"}}),
                        Code::INVALID_FIELD, "extensions[1]"));
}

TEST(Trees, NestAtMostThirtyTwoDeep) {
  Tree tree;
  for (uint8_t depth = 0; depth < limits::kTreeDepthMax; ++depth) {
    tree.push_back({.depth = depth, .kind = NodeKind::object, .name = "a"});
  }
  EXPECT_TRUE(is_good(with_tree(tree)));
  tree.push_back({.depth = limits::kTreeDepthMax, .kind = NodeKind::null, .name = "a"});
  EXPECT_TRUE(has_fault(with_tree(tree), Code::TOO_LARGE, "extensions[32]"));
  EXPECT_TRUE(has_fault(with_tree({{.depth = 255, .name = "a"}}), Code::TOO_LARGE,
                        "extensions[0]"));
}

TEST(Trees, NameMembersOfObjectsAndNoneOfArrays) {
  EXPECT_TRUE(has_fault(with_tree({{.kind = NodeKind::null}}), Code::INVALID_FIELD,
                        "extensions[0]"));
  EXPECT_TRUE(has_fault(with_tree({{.depth = 0, .kind = NodeKind::array, .name = "a"},
                                   {.depth = 1, .kind = NodeKind::null, .name = "b"}}),
                        Code::INVALID_FIELD, "extensions[1]"));
}

TEST(Trees, NameEachMemberOnce) {
  const Tree tree = {{.depth = 0, .kind = NodeKind::object, .name = "a"},
                     {.depth = 1, .kind = NodeKind::null, .name = "a"},
                     {.depth = 0, .kind = NodeKind::null, .name = "b"},
                     {.depth = 0, .kind = NodeKind::null, .name = "a"}};
  EXPECT_TRUE(has_fault(with_tree(tree), Code::INVALID_FIELD, "extensions[3]"));
}

TEST(Trees, HaveValuesThatFitTheirKind) {
  for (const TreeNode& bad : {TreeNode{.kind = NodeKind::number, .name = "a", .value = "01"},
                              TreeNode{.kind = NodeKind::boolean, .name = "a", .value = "yes"},
                              TreeNode{.kind = NodeKind::null, .name = "a", .value = "null"},
                              TreeNode{.kind = NodeKind::object, .name = "a", .value = "x"},
                              TreeNode{.kind = static_cast<NodeKind>(9), .name = "a"}}) {
    EXPECT_TRUE(has_fault(with_tree({bad}), Code::INVALID_FIELD, "extensions[0]")) << bad.value;
  }
  EXPECT_TRUE(has_fault(with_tree({{.kind = NodeKind::text, .name = "a", .value = "\xC0"}}),
                        Code::BAD_TEXT, "extensions[0]"));
}

TEST(Trees, OfOneEventHaveABoundTogether) {
  auto event = with_tree({});
  for (size_t i = 0; i < limits::kTreeNodesMax; ++i) {
    event.extensions.push_back({.kind = NodeKind::null, .name = std::to_string(i)});
  }
  EXPECT_TRUE(is_good(event));
  event.ilmd = {{.kind = NodeKind::null, .name = "one more"}};
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, "extensions"));
}

TEST(Trees, OfSensorsAreCheckedToo) {
  auto event = object_event();
  event.sensors = {{.metadata = {{.kind = NodeKind::null}}, .reports = {{.type = "Humidity"}}}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sensors[0].metadata[0]"));
  event.sensors[0] = {.reports = {{.type = "Humidity", .other = {{.kind = NodeKind::null}}}}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "sensors[0].reports[0].other[0]"));
}

TEST(Numbers, AreThoseOfJson) {
  for (const auto* good : {"0", "-0", "10.50", "1e5", "1E-0005", "-1.5e+10"}) {
    EXPECT_TRUE(is_json_number(good)) << good;
  }
  for (const auto* bad : {"", "-", "01", "1.", ".5", "1e", "1e12345", "+1", "0x1", "1 ", "NaN"}) {
    EXPECT_FALSE(is_json_number(bad)) << bad;
  }
  EXPECT_FALSE(is_json_number(std::string(65, '1')));
}

}  // namespace
}  // namespace suyuan
