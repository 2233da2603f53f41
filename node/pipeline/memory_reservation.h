// MemoryReservation: what batches hold in memory that are taken and not answered, of all who send.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "ledger/batch/batch.h"

namespace suyuan {

// What a batch holds from when it is decoded until it is answered: as sent, as values, as rows to
// be. Never less than the heap does (a test measures it); much of it is the same for every event,
// so a small event holds ten times what was sent.
inline size_t reserved_bytes(const Submission& submission) {
  constexpr size_t kOfBatch = 4096;  // note, keys, receipt
  constexpr size_t kOfEvent = 1024;
  constexpr size_t kOfByte = 8;  // codes stand in an event several times
  return kOfBatch + submission.events.size() * kOfEvent + submission.bytes() * kOfByte;
}

// The bytes of one batch, among those of all. It goes with what waits for the answer, also where
// nobody is there any more to get it.
class MemoryReservation {
 public:
  using Total = std::shared_ptr<std::atomic<size_t>>;
  // Null where `total` would be above `max`; one batch alone always has room.
  static std::shared_ptr<MemoryReservation> take(const Total& total, size_t bytes, size_t max) {
    const size_t before = total->fetch_add(bytes);
    auto charge = std::make_shared<MemoryReservation>(total, bytes);
    return before == 0 || before + bytes <= max ? charge : nullptr;
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
