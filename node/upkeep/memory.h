// What malloc keeps after much was in use at a time is given back to the system: else a node would
// look for days as large as its largest flood.
#pragma once

#include <cstdint>
#include <optional>

namespace suyuan {

struct MemoryUse {
  uint64_t resident = 0;   // of no file
  uint64_t allocated = 0;  // of that, what the program holds
  // Held for later by malloc, or lost between what is in use.
  uint64_t idle() const { return resident > allocated ? resident - allocated : 0; }
};
std::optional<MemoryUse> memory_use();  // nullopt: the system does not say

// When it is worth while: to give back costs milliseconds for each 10 MiB, in which threads that
// allocate wait, and what lies between things in use stays however often it is tried.
class GivingBack {
 public:
  // Whether to do it now.
  bool look(const MemoryUse& use);
  void done(const MemoryUse& before, const MemoryUse& after);

 private:
  uint32_t looks_to_skip_ = 0;
};

void give_memory_back();

}  // namespace suyuan
