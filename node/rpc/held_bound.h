// HeldBound: bounds what the answers of one submitMany call hold of the newest checkpoint.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

#include "ledger/base/bytes.h"
#include "proto/answers.h"

namespace suyuan {

// Batches that were already there come with all lines of the newest checkpoint: 256 times that is
// more than a client reads in one message. Beyond the bound it is left out, as before anything is
// published; a client that asks for such a receipt gets it.
inline constexpr size_t kHeldBytesOfCallMax = 4 << 20;

// One for each call. Thread-safe.
class HeldBound {
 public:
  // Counts the checkpoint and the path of one answer. Where the call's answers then have more than
  // the bound, `held` keeps only what the receipt itself says: its own node.
  void count(Held& held) {
    const size_t bytes = held.checkpoint.size() + held.path.size() * Hash::kSize;
    if (bytes_.fetch_add(bytes) + bytes <= kHeldBytesOfCallMax || held.nodes.empty()) return;
    Held own{.nodes = {held.nodes.front()}, .of = held.of};
    std::swap(held, own);  // an assignment would keep the memory
  }

 private:
  std::atomic<size_t> bytes_ = 0;
};

}  // namespace suyuan
