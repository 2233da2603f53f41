// One run of the simulation: nodes, a log, a network, clients and a clock, moved by one seed; and
// what must hold after every step.
#pragma once

#include <string>

#include "tests/simulation/mutant.h"

namespace suyuan::sim {

struct History {
  std::string wrong;  // empty: everything held; else what did not, at which step
  size_t steps = 0;
  size_t acknowledged = 0;
  size_t refused = 0;
  size_t repeated = 0;
  size_t published = 0;
  size_t crashes = 0;
  size_t in_commit = 0;     // of them, in the middle of a commit
  size_t rolled_back = 0;   // stores that came back older and were refused
  size_t failed_commits = 0;
  std::string last_root;    // of the tree that all nodes end with
};

// The same seed is the same run, to the last byte.
History simulate(uint64_t seed, Mutant mutant = Mutant::none);

}  // namespace suyuan::sim
