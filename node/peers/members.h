// Members: the ledger's nodes as of each leaf, for all threads of this node.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/registry/rules_notice.h"

namespace suyuan {

class Members {
 public:
  // `state`: the store's. Errors: IO, CORRUPT.
  static Result<std::vector<RulesState>> read(const Reader& state, const Genesis& genesis);
  // REQUIRES: the result of read(), or at least one.
  explicit Members(std::vector<RulesState> known) : known_(std::move(known)) {}

  // A notice that was committed.
  void add(RulesState rules);
  RulesState newest() const;
  // After everything that is committed.
  std::vector<NamedKey> nodes() const { return newest().nodes; }
  std::optional<PublicKey> key_of(const std::string& node) const;
  // The nodes that may sign a tree with this last leaf.
  std::vector<NamedKey> nodes_at(uint64_t leaf) const;

 private:
  mutable std::mutex mutex_;  // guards known_: added to by the sequencer, read by all
  std::vector<RulesState> known_;  // by place; the first is genesis'
};

}  // namespace suyuan
