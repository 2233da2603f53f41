// Another node of the same ledger may lag behind the one asked before. That is no rollback: a
// rollback is a node that shows less than it showed before, or a node that stays behind.
#pragma once

#include <chrono>
#include <string>

#include "client/memory.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// Returns true if both are checkpoints of nodes of this genesis, each with a signature line by the
// node's own key, and the two nodes differ.
bool are_of_two_nodes(const std::string& one, const std::string& other, const Genesis& genesis);

// Asks until the node shows as much as is remembered, if another node showed that or may have.
// If only "may have" is known, returns what the node shows in the end, for the memory to judge.
// Errors: BUSY (it is another node, and still behind when the time is over).
struct WaitForNode {
  std::string before;  // the remembered note; empty if there is none
  const Genesis& genesis;
  std::chrono::milliseconds time{15'000};
  std::chrono::milliseconds pause{100};
};
Memory::Ask ask_until_not_behind(Memory::Ask ask, WaitForNode wait);

}  // namespace suyuan
