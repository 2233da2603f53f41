// MemoryReservation: bytes of batches that are not answered yet, or of bodies that are being
// parsed, over all senders.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "ledger/batch/batch.h"

namespace suyuan {

// What a batch holds from decoding to its answer: its bytes as sent, its values, its future rows.
// Never less than what the heap holds (a test measures it). Much of it is the same for every event,
// so a small event holds ten times what was sent.
inline size_t reserved_bytes(const Submission& submission) {
  constexpr size_t kOfBatch = 4096;  // note, keys, receipt
  constexpr size_t kOfEvent = 1024;
  // An event holds its codes several times. In EPCIS two bytes, "0,", can be an element of an
  // array, which takes 72 bytes.
  const bool epcis = submission.note.find("\ntype application/ld+json\n") != std::string::npos;
  const size_t of_byte = epcis ? 40 : 8;
  return kOfBatch + submission.events.size() * kOfEvent + submission.bytes() * of_byte;
}

// Bytes of a batch, or of a call. It lives as long as whatever waits for the answer, also if its
// sender has gone.
class MemoryReservation {
 public:
  using Total = std::shared_ptr<std::atomic<size_t>>;
  // Returns null if `total` would exceed `max`. A single batch always has room.
  static std::shared_ptr<MemoryReservation> take(const Total& total, size_t bytes, size_t max) {
    // What is refused was never in the total: a smaller one that comes meanwhile has its room.
    size_t before = total->load();
    do {
      if (before != 0 && before + bytes > max) return nullptr;
    } while (!total->compare_exchange_weak(before, before + bytes));
    return std::make_shared<MemoryReservation>(total, bytes);
  }
  // Never refused: for a little that comes with what has found room.
  static std::shared_ptr<MemoryReservation> add(const Total& total, size_t bytes) {
    total->fetch_add(bytes);
    return std::make_shared<MemoryReservation>(total, bytes);
  }
  MemoryReservation(Total total, size_t bytes) : total_(std::move(total)), bytes_(bytes) {}
  ~MemoryReservation() { total_->fetch_sub(bytes_); }
  MemoryReservation(const MemoryReservation&) = delete;
  MemoryReservation& operator=(const MemoryReservation&) = delete;

 private:
  const Total total_;
  const size_t bytes_;
};

}  // namespace suyuan
