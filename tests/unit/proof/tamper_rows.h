// What can be wrong with a bundle, and the failure that each must end in. Shared by the tests and
// by the frozen vectors.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ledger/proof/verdict.h"
#include "tests/support/forge.h"

namespace suyuan::testing {

struct Tampering {
  std::string name;
  BundleFault fault;
  // The operator's lies, before everything is hashed and signed again; and what is done to the
  // finished bundle and the policy after that.
  std::function<void(Forge&)> forge = {};
  std::function<void(Bundle&)> edit = {};
  std::function<void(Policy&)> policy = {};
};

// Moves a chain of the bundle to its cuts, honestly.
void cut(Bundle& bundle, const std::string& code);

// Leaves out the events that no chain of the bundle names, leaves without events, and notices about
// events that are not there.
void prune(Bundle& bundle);

// One or more for every failure but POLICY_SYNTAX.
std::vector<Tampering> all_tamperings();

}  // namespace suyuan::testing
