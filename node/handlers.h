// The loop of the network's thread, and what becomes of a handler that fails.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

#include "ledger/base/error.h"

namespace suyuan {

// Counts failures within a minute, in bounded memory.
class FailureCount {
 public:
  static constexpr size_t kMax = 16;  // within a minute
  using Time = std::chrono::steady_clock::time_point;
  // Returns whether there were more than kMax in the minute before `now`, with this one.
  bool add(Time now) {
    Time& oldest = newest_[count_++ % kMax];
    const Time before = oldest;
    oldest = now;
    return count_ > kMax && now - before < std::chrono::minutes(1);
  }

 private:
  std::array<Time, kMax> newest_ = {};
  size_t count_ = 0;
};

// Runs handlers until the loop is stopped. One that throws is logged, and the loop goes on; what it
// had in hand is gone. After more than FailureCount::kMax in a minute, `end_with` is called,
// for each: then something is wrong that only a restart mends. Memory that ran out ends the process
// at once (out_of_memory.h): it is not known what was half done.
void run_handlers(boost::asio::io_context& io, const std::function<void(const Error&)>& end_with);

}  // namespace suyuan
