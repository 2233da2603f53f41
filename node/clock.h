// The only real time of the node. Everything below takes it as an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace suyuan {

using Clock = std::function<int64_t()>;  // milliseconds since 1970

inline int64_t system_now_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace suyuan
