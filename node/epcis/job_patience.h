// How long a capture job goes on sending a batch that is answered BUSY or RATE_LIMITED.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "ledger/base/error.h"

namespace suyuan::epcis {

// For one batch of a job at a time.
class JobPatience {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr uint32_t kBusyRetriesMax = 40;
  // A party's limits come back within a minute, and its other jobs wait for the same.
  static constexpr std::chrono::minutes kLimitedMax{5};

  // Returns whether to send it again after this answer. BUSY is counted, since a queue empties
  // soon; a limit comes back with time.
  bool again(Code code, Clock::time_point now) {
    if (code == Code::BUSY) return ++busy_ <= kBusyRetriesMax;
    if (code != Code::RATE_LIMITED) return false;
    if (!limited_since_) limited_since_ = now;
    return now - *limited_since_ < kLimitedMax;
  }
  // It has another answer.
  void reset() { *this = {}; }

 private:
  uint32_t busy_ = 0;
  std::optional<Clock::time_point> limited_since_;
};

}  // namespace suyuan::epcis
