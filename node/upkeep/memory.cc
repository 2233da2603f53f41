#include "node/upkeep/memory.h"

#include <unistd.h>

#include <fstream>

#ifdef SUYUAN_TCMALLOC
#include <gperftools/malloc_extension.h>
#else
#include <malloc.h>
#endif

namespace suyuan {
namespace {

constexpr uint64_t kIdleMax = uint64_t{128} << 20;
constexpr uint64_t kWorthWhile = uint64_t{32} << 20;
constexpr uint32_t kLooksToSkip = 60;

#ifdef SUYUAN_TCMALLOC
uint64_t allocated_bytes() {
  size_t bytes = 0;
  MallocExtension::instance()->GetNumericProperty("generic.current_allocated_bytes", &bytes);
  return bytes;
}
#else
uint64_t allocated_bytes() {
  const auto in_use = mallinfo2();
  return in_use.uordblks + in_use.hblkhd;
}
#endif

}  // namespace

std::optional<MemoryUse> memory_use() {
  std::ifstream file("/proc/self/statm");
  uint64_t all = 0;
  uint64_t resident = 0;
  uint64_t of_files = 0;
  if (!(file >> all >> resident >> of_files) || of_files > resident) return std::nullopt;
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return MemoryUse{.resident = (resident - of_files) * page, .allocated = allocated_bytes()};
}

bool GivingBack::look(const MemoryUse& use) {
  if (looks_to_skip_ > 0) {
    --looks_to_skip_;
    return false;
  }
  return use.idle() > kIdleMax;
}

void GivingBack::done(const MemoryUse& before, const MemoryUse& after) {
  const bool helped = after.resident + kWorthWhile < before.resident;
  looks_to_skip_ = helped ? 0 : kLooksToSkip;
}

#ifdef SUYUAN_TCMALLOC
void give_memory_back() { MallocExtension::instance()->ReleaseFreeMemory(); }
#else
void give_memory_back() { malloc_trim(0); }
#endif

}  // namespace suyuan
