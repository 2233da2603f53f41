// One run of the simulation: nodes, a log, a network, clients and a clock, driven by one seed; and
// the invariants checked after every step.
#pragma once

#include <string>

#include "tests/simulation/mutant.h"

namespace suyuan::sim {

struct History {
  std::string wrong;  // empty: all invariants held; otherwise which one failed, at which step
  size_t steps = 0;
  size_t acknowledged = 0;
  size_t refused = 0;
  size_t repeated = 0;
  size_t published = 0;
  size_t crashes = 0;
  size_t in_commit = 0;    // of these, in the middle of a commit
  size_t rolled_back = 0;  // older stores that were refused
  size_t failed_commits = 0;
  std::string last_root;  // of the tree that all nodes end with
};

// The same seed gives the same run, to the last byte.
History simulate(uint64_t seed, Mutant mutant = Mutant::none);

}  // namespace suyuan::sim
