// Another node of the same ledger may be a moment behind the one that was asked before. That is no
// rollback: a node goes back only where it has shown more itself, or where it stays behind.
#pragma once

#include <chrono>
#include <string>

#include "client/memory.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// Both are checkpoints that nodes of this genesis gave out, each with a line by its own key, and
// the nodes are not the same one.
bool are_of_two_nodes(const std::string& one, const std::string& other, const Genesis& genesis);

// Asks until the node shows as much as is remembered, where it is another node that showed that, or
// may be. BUSY: it is another, and still behind after the time. Of who may be, what it shows then
// is given, for the memory to judge.
struct WaitForNode {
  std::string before;  // the remembered note; empty: none
  const Genesis& genesis;
  std::chrono::milliseconds time{15'000};
  std::chrono::milliseconds pause{100};
};
Memory::Ask ask_until_not_behind(Memory::Ask ask, WaitForNode wait);

}  // namespace suyuan
