// RecallMemory: what walks forward (trace_forward, recall_list) remember, over all questions of a
// node. A walk remembers the lots that it met and the things that are used further, not the many
// that end there.
#pragma once

#include <cstddef>

#include "ledger/base/error.h"
#include "ledger/base/limits.h"

namespace suyuan {

// For one thread. A node's, which all its threads share, is node/answer/shared_recall_memory.h.
class RecallMemory {
 public:
  // Bytes, of one walk and of all together. What a walk holds up to a 64th of it is not counted, so
  // that ordinary questions never wait for large ones.
  explicit RecallMemory(size_t bytes_max = limits::kRecallBytesMax) : bytes_max_(bytes_max) {}
  virtual ~RecallMemory() = default;
  RecallMemory(const RecallMemory&) = delete;
  RecallMemory& operator=(const RecallMemory&) = delete;
  size_t bytes_max() const { return bytes_max_; }
  size_t uncounted() const { return bytes_max_ / 64; }

  // `held`: what the same walk took before. Returns false if others hold too much.
  virtual bool take(size_t held, size_t more) {
    if (!has_room(bytes_, held, more)) return false;
    bytes_ += more;
    return true;
  }
  virtual void give_back(size_t bytes) { bytes_ -= bytes; }
  virtual size_t bytes() const { return bytes_; }

 protected:
  // Alone, a walk always has room.
  bool has_room(size_t all, size_t held, size_t more) const {
    return all <= held || all + more <= bytes_max_;
  }

 private:
  const size_t bytes_max_;
  size_t bytes_ = 0;
};

// One walk's part of it. For one thread.
class RecallShare {
 public:
  explicit RecallShare(RecallMemory& all) : all_(all) {}
  ~RecallShare() { all_.give_back(taken_); }
  RecallShare(const RecallShare&) = delete;
  RecallShare& operator=(const RecallShare&) = delete;

  // `bytes`: all that the walk holds by now.
  // Errors: TOO_COMPLEX (more than one walk may), BUSY (others hold too much).
  Result<Done> hold(size_t bytes);
  // As hold(), where `of_units` of the bytes are units that the walk takes together, to be faster.
  // False: it has to take fewer. So for more than for_units(), and while other walks hold half of
  // the memory: the rest is for what walks have to remember.
  bool hold_with_units(size_t bytes, size_t of_units);
  // A million units that are all used further have room next to these.
  size_t for_units() const { return all_.bytes_max() / 5; }

 private:
  // Whether it takes more than it has, of what is counted.
  bool takes_more(size_t bytes) const { return bytes > taken_ && bytes > all_.uncounted(); }

  RecallMemory& all_;
  size_t taken_ = 0;
};

}  // namespace suyuan
