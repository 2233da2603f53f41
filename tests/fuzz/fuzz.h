// What every fuzz target shares: input as text, and a check that ends the run with the reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ledger/base/check.h"

namespace suyuan::fuzz {

inline std::string_view text(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace suyuan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
