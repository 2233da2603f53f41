// What every fuzz target shares: input as text, and a check that ends the run with the reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/check.h"

namespace suyuan::fuzz {

inline std::string_view text(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Valid inputs that the project's own encoders make, so that they stay valid when a format changes.
// A target that has some says SEEDS in CMakeLists.txt; of the others it returns none.
std::vector<std::string> seeds();

}  // namespace suyuan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
