// Counts captures in progress, for the whole node and for each party. A job whose party is over its
// quota may wait for minutes; others use its place in that time.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "ledger/base/error.h"

namespace suyuan::epcis {

inline constexpr size_t kJobsAtOnceMax = 64;   // more are refused with BUSY
inline constexpr size_t kJobsOfPartyMax = 32;  // running and waiting
inline constexpr size_t kJobsWaitingMax = 64;  // for their party's quota; more end with its error

// Thread-safe.
class CapturePlaces {
 public:
  // Errors: BUSY (too many for the node, or for this party).
  Result<Done> take(const std::string& whose) {
    const std::scoped_lock lock(mutex_);
    if (running_ >= kJobsAtOnceMax)
      return fail(Code::BUSY, "too many captures are in progress; send it again later");
    size_t& of_party = of_party_[whose];
    if (of_party >= kJobsOfPartyMax) {
      return fail(Code::BUSY, "too many captures of " + whose +
                                  " are in progress; send it again when one has ended");
    }
    ++of_party;
    ++running_;
    return Done{};
  }
  void give_up(const std::string& whose) {
    const std::scoped_lock lock(mutex_);
    --running_;
    const auto of_party = of_party_.find(whose);
    if (--of_party->second == 0) of_party_.erase(of_party);
  }
  // Moves a running job to the waiting ones. Returns false if too many wait.
  bool set_aside() {
    const std::scoped_lock lock(mutex_);
    if (waiting_ >= kJobsWaitingMax) return false;
    ++waiting_;
    --running_;
    return true;
  }
  // Moves a waiting job back to the running ones, even if that exceeds the bound by one.
  void come_back() {
    const std::scoped_lock lock(mutex_);
    --waiting_;
    ++running_;
  }

 private:
  std::mutex mutex_;
  size_t running_ = 0;
  size_t waiting_ = 0;
  std::map<std::string, size_t> of_party_;
};

}  // namespace suyuan::epcis
