// How long a reader waits for a node that answers RATE_LIMITED: what the node says, longer each
// time that it says so again, and never more in all than it was given.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace suyuan {

// A node gives back in a minute all that it takes from a reader.
inline constexpr uint32_t kPatienceMs = 60'000;

// For one question.
class Patience {
 public:
  explicit Patience(uint32_t total_ms) : left_ms_(total_ms) {}

  // Returns how long to wait before asking again; nullopt: that would be more than it was given,
  // so the answer is that the node is asked too much.
  std::optional<uint32_t> wait_ms(uint32_t said_ms) {
    constexpr uint32_t kLeastMsMax = 5'000;
    const uint32_t wait = std::max(said_ms, least_ms_);
    if (wait > left_ms_) return std::nullopt;
    left_ms_ -= wait;
    least_ms_ = std::min(2 * least_ms_, kLeastMsMax);
    return wait;
  }

 private:
  uint32_t left_ms_;
  uint32_t least_ms_ = 50;  // others may wait for the same moment
};

}  // namespace suyuan
