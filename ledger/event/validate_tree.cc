// Trees of named values: in preorder, without gaps, valid as one JSON object each, and small
// enough.
#include <algorithm>
#include <vector>

#include "ledger/base/limits.h"
#include "ledger/event/validate_rules.h"
#include "ledger/event/vocabulary.h"

namespace suyuan {
namespace {

bool is_container(NodeKind kind) { return kind == NodeKind::object || kind == NodeKind::array; }

// Empty: the node's value fits its kind.
std::string value_fault(const TreeNode& node) {
  switch (node.kind) {
    case NodeKind::object:
    case NodeKind::array:
    case NodeKind::null:
      return node.value.empty() ? "" : "has a value, which its kind does not allow";
    case NodeKind::text:
      return "";
    case NodeKind::number:
      return is_json_number(node.value)
                 ? ""
                 : "is not a JSON number of at most 64 characters and 4 digits of exponent";
    case NodeKind::boolean:
      return node.value == "true" || node.value == "false" ? "" : "is neither true nor false";
  }
  return "has a kind that this version does not know";
}

// The member names of each open object, to refuse a repeated name.
class Names {
 public:
  explicit Names(const Tree& tree) : tree_(tree) {}
  // Adds all faults of names. REQUIRES: depths are well formed.
  void check(Faults& faults, const Field& field);

 private:
  struct Member {
    size_t object;  // index of the parent plus one; 0: the top
    size_t node;
  };
  const Tree& tree_;
};

void Names::check(Faults& faults, const Field& field) {
  std::vector<size_t> parent_at(limits::kTreeDepthMax + 1, 0);
  std::vector<Member> members;
  for (size_t i = 0; i < tree_.size(); ++i) {
    const TreeNode& node = tree_[i];
    const size_t parent = parent_at[node.depth];
    parent_at[node.depth + 1U] = i + 1;
    const bool in_array = node.depth > 0 && tree_[parent - 1].kind == NodeKind::array;
    const Field at{.name = field.name, .index = i, .of = field.of};
    if (in_array && !node.name.empty()) {
      faults.add(Code::INVALID_FIELD, at, "an entry of an array has no name");
    } else if (!in_array && node.name.empty()) {
      faults.add(Code::INVALID_FIELD, at, "a value in an object has a name");
    } else if (!in_array) {
      members.push_back({.object = parent, .node = i});
    }
  }
  std::sort(members.begin(), members.end(), [this](const Member& a, const Member& b) {
    if (a.object != b.object) return a.object < b.object;
    const int order = tree_[a.node].name.compare(tree_[b.node].name);
    return order != 0 ? order < 0 : a.node < b.node;
  });
  for (size_t i = 1; i < members.size() && !faults.full(); ++i) {
    if (members[i].object != members[i - 1].object ||
        tree_[members[i].node].name != tree_[members[i - 1].node].name) {
      continue;
    }
    faults.add(Code::INVALID_FIELD,
               {.name = field.name, .index = members[i].node, .of = field.of},
               quoted(tree_[members[i].node].name) + " is given twice in one object");
  }
}

bool check_depths(Faults& faults, const Tree& tree, const Field& field) {
  for (size_t i = 0; i < tree.size(); ++i) {
    const size_t depth = tree[i].depth;
    const Field at{.name = field.name, .index = i, .of = field.of};
    if (depth >= limits::kTreeDepthMax) {
      faults.add(Code::TOO_LARGE, at,
                 "values nest at most " + std::to_string(limits::kTreeDepthMax) + " deep");
      return false;
    }
    const bool inside = i > 0 && is_container(tree[i - 1].kind);
    const size_t deepest = i == 0 ? 0U : tree[i - 1].depth + (inside ? 1U : 0U);
    if (depth <= deepest) continue;
    faults.add(Code::INVALID_FIELD, at, "a value inside neither an object nor an array");
    return false;
  }
  return true;
}

void check_tree(Faults& faults, const Tree& tree, const Field& field) {
  if (!check_depths(faults, tree, field)) return;
  for (size_t i = 0; i < tree.size() && !faults.full(); ++i) {
    const Field at{.name = field.name, .index = i, .of = field.of};
    if (!check_text(faults, tree[i].name, at) || !check_text(faults, tree[i].value, at)) continue;
    const std::string fault = value_fault(tree[i]);
    if (fault.empty()) continue;
    faults.add(Code::INVALID_FIELD, at,
               tree[i].value.empty() ? fault : quoted(tree[i].value) + " " + fault);
  }
  Names(tree).check(faults, field);
}

}  // namespace

void check_trees(Faults& faults, const TraceEvent& event) {
  size_t nodes = event.ilmd.size() + event.extensions.size();
  for (const auto& sensor : event.sensors) {
    nodes += sensor.metadata.size();
    for (const auto& report : sensor.reports) nodes += report.other.size();
  }
  if (!check_count(faults, nodes, limits::kTreeNodesMax, {.name = "extensions"})) return;
  check_tree(faults, event.ilmd, {.name = "ilmd"});
  check_tree(faults, event.extensions, {.name = "extensions"});
  for (size_t i = 0; i < event.sensors.size() && !faults.full(); ++i) {
    const Field of{.name = "sensors", .index = i};
    check_tree(faults, event.sensors[i].metadata, {.name = "metadata", .of = &of});
    for (size_t k = 0; k < event.sensors[i].reports.size() && !faults.full(); ++k) {
      const Field report{.name = "reports", .index = k, .of = &of};
      check_tree(faults, event.sensors[i].reports[k].other, {.name = "other", .of = &report});
    }
  }
}

}  // namespace suyuan
