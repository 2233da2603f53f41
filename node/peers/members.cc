#include "node/peers/members.h"

#include <algorithm>

namespace suyuan {

Result<std::vector<RulesState>> Members::read(const Reader& state, const Genesis& genesis) {
  SUYUAN_TRY(changes, list_rules(state));
  changes.insert(changes.begin(), rules_of(genesis));
  return changes;
}

void Members::add(RulesState rules) {
  const std::scoped_lock lock(mutex_);
  known_.push_back(std::move(rules));
}

RulesState Members::newest() const {
  const std::scoped_lock lock(mutex_);
  return known_.back();
}

std::optional<PublicKey> Members::key_of(const std::string& node) const {
  const std::scoped_lock lock(mutex_);
  const auto& nodes = known_.back().nodes;
  const auto found = std::ranges::find(nodes, node, &NamedKey::name);
  return found == nodes.end() ? std::nullopt : std::optional(found->key);
}

std::vector<NamedKey> Members::nodes_at(uint64_t leaf) const {
  const std::scoped_lock lock(mutex_);
  const auto behind = std::ranges::find_if(
      known_.begin() + 1, known_.end(), [leaf](const auto& one) { return one.leaf >= leaf; });
  return std::prev(behind)->nodes;
}

}  // namespace suyuan
