#include "node/out_of_memory.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace suyuan {

void end_out_of_memory() noexcept {
  constexpr std::string_view kText =
      "suyuan-node: memory has run out, and the program ends as by a kill: run it again with more; "
      "what a node acknowledged is in its store (docs/reliability.md)\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kText.data(), kText.size());
  std::abort();
}

}  // namespace suyuan
