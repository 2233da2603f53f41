// Counts captures in progress and the bytes they hold, for the whole node and for each party. A job
// whose party is over its quota may wait for minutes; others use its place in that time.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "ledger/base/error.h"

namespace suyuan::epcis {

inline constexpr size_t kJobsAtOnceMax = 64;   // more are refused with BUSY
inline constexpr size_t kJobsOfPartyMax = 32;  // running and waiting
inline constexpr size_t kJobsWaitingMax = 64;  // for their party's quota; more end with its error
// Bytes of all jobs, running and waiting, and of one party's. A job alone always has room.
inline constexpr size_t kJobsBytesMax = size_t{256} << 20;
inline constexpr size_t kJobsBytesOfPartyMax = size_t{128} << 20;

// Thread-safe.
class CapturePlaces {
 public:
  // `bytes`: what the job holds until it has ended.
  // Errors: BUSY (too many for the node, or for this party; or they hold too much).
  Result<Done> take(const std::string& whose, size_t bytes) {
    const std::scoped_lock lock(mutex_);
    if (running_ >= kJobsAtOnceMax)
      return fail(Code::BUSY, "too many captures are under way; send it again later");
    const auto known = of_party_.find(whose);
    const OfParty before = known == of_party_.end() ? OfParty{} : known->second;
    if (before.jobs >= kJobsOfPartyMax) {
      return fail(Code::BUSY, "too many captures of " + whose +
                                  " are in progress; send it again when one has ended");
    }
    if (!has_room(bytes_, before.bytes, bytes)) return too_large();
    bytes_ += bytes;
    of_party_[whose] = {before.jobs + 1, before.bytes + bytes};
    ++running_;
    return Done{};
  }
  // `held`: what the job took so far; with `more` it holds both.
  // Errors: BUSY; the job keeps its place and what it held.
  Result<Done> hold_more(const std::string& whose, size_t held, size_t more) {
    const std::scoped_lock lock(mutex_);
    OfParty& of_party = of_party_.at(whose);
    if (!has_room(bytes_ - held, of_party.bytes - held, held + more)) return too_large();
    bytes_ += more;
    of_party.bytes += more;
    return Done{};
  }
  // `bytes`: all that it took.
  void give_up(const std::string& whose, size_t bytes) {
    const std::scoped_lock lock(mutex_);
    --running_;
    bytes_ -= bytes;
    const auto of_party = of_party_.find(whose);
    of_party->second.bytes -= bytes;
    if (--of_party->second.jobs == 0) of_party_.erase(of_party);
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
  struct OfParty {
    size_t jobs = 0;
    size_t bytes = 0;
  };
  static bool has_room(size_t others, size_t others_of_party, size_t bytes) {
    return (others == 0 || others + bytes <= kJobsBytesMax) &&
           (others_of_party == 0 || others_of_party + bytes <= kJobsBytesOfPartyMax);
  }
  static Unexpected<Error> too_large() {
    return fail(Code::BUSY, "captures that are under way hold too much; send it again later");
  }

  std::mutex mutex_;
  size_t running_ = 0;
  size_t waiting_ = 0;
  size_t bytes_ = 0;
  std::map<std::string, OfParty> of_party_;
};

}  // namespace suyuan::epcis
