// Returns memory that the allocator keeps after a peak to the system: otherwise a node looks for
// days as large as its largest peak. The allocator is gperftools' tcmalloc; in builds with
// sanitizers it is theirs, which counts nothing and returns nothing.
#pragma once

#include <cstdint>
#include <optional>

namespace suyuan {

struct MemoryUse {
  uint64_t resident = 0;   // without file pages
  uint64_t allocated = 0;  // the part of it that the program holds
  // Kept for later by the allocator, or lost between allocations.
  uint64_t idle() const { return resident > allocated ? resident - allocated : 0; }
};
std::optional<MemoryUse> memory_use();  // nullopt: the system does not report it

// When it is worthwhile: returning memory costs milliseconds for each 10 MiB, in which allocating
// threads wait, and gaps between allocations stay however often it is tried.
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
