// Charge: what submissions hold that are taken and not answered, of all connections together.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace suyuan {

// The bytes of one submission, among those of all that are taken and not answered. It goes with
// what waits for the answer, also where nobody is there any more to get it.
class Charge {
 public:
  using Total = std::shared_ptr<std::atomic<size_t>>;
  // Null where `total` would be above `max`; one submission alone always has room.
  static std::shared_ptr<Charge> take(const Total& total, size_t bytes, size_t max) {
    const size_t before = total->fetch_add(bytes);
    auto charge = std::make_shared<Charge>(total, bytes);
    return before == 0 || before + bytes <= max ? charge : nullptr;
  }
  Charge(Total total, size_t bytes) : total_(std::move(total)), bytes_(bytes) {}
  ~Charge() { total_->fetch_sub(bytes_); }
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;

 private:
  const Total total_;
  const size_t bytes_;
};

}  // namespace suyuan
