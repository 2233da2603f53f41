// SharedRecallMemory: the one RecallMemory of a node. Its questions are answered on many threads.
#pragma once

#include <atomic>

#include "ledger/provenance/recall_memory.h"

namespace suyuan {

// Thread-safe.
class SharedRecallMemory final : public RecallMemory {
 public:
  using RecallMemory::RecallMemory;
  bool take(size_t held, size_t more) override {
    size_t before = bytes_.load();
    do {
      if (!has_room(before, held, more)) return false;
    } while (!bytes_.compare_exchange_weak(before, before + more));
    return true;
  }
  void give_back(size_t bytes) override { bytes_ -= bytes; }
  size_t bytes() const override { return bytes_; }

 private:
  std::atomic<size_t> bytes_ = 0;
};

}  // namespace suyuan
