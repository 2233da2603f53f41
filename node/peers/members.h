// Members: who the ledger's nodes are, as of each of its places, for all threads of this node.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/registry/rules_notice.h"

namespace suyuan {

class Members {
 public:
  // `state`: what the store holds. IO, CORRUPT.
  static Result<std::vector<RulesState>> read(const Reader& state, const Genesis& genesis);
  // REQUIRES: what read() gave, or one at least.
  explicit Members(std::vector<RulesState> known) : known_(std::move(known)) {}

  // A notice that is committed.
  void add(RulesState rules);
  RulesState newest() const;
  // Behind all that is committed.
  std::vector<NamedKey> nodes() const { return newest().nodes; }
  std::optional<PublicKey> key_of(const std::string& node) const;
  // Those that may sign a tree whose last leaf this is.
  std::vector<NamedKey> nodes_at(uint64_t leaf) const;

 private:
  mutable std::mutex mutex_;  // guards known_: added to by the sequencer, read by all
  std::vector<RulesState> known_;  // by place; the first is genesis'
};

}  // namespace suyuan
