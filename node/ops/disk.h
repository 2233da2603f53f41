// Room on the disk, looked at before it ends: a node that is told in time waits for space and goes
// on by itself; one whose write failed must be started again, since a failed sync is never trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace suyuan {

// For who is not root, on the file system of the path. Nullopt: it cannot be asked.
std::optional<uint64_t> free_bytes(const std::string& path);

// Low below the reserve; no longer low once a quarter more than it is free, so that it does not
// change with every file that comes and goes.
class DiskRoom {
 public:
  explicit DiskRoom(uint64_t reserve_bytes) : reserve_(reserve_bytes) {}
  // Whether it is low now.
  bool look(uint64_t free);
  bool is_low() const { return is_low_; }
  uint64_t reserve() const { return reserve_; }
  std::string reason(uint64_t free) const;

 private:
  const uint64_t reserve_;
  bool is_low_ = false;
};

}  // namespace suyuan
