// Monitors free disk space. A node that is warned in time waits for space and continues by itself;
// one whose write failed must be restarted, because a failed sync is never trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace suyuan {

// Returns the bytes free for non-root users on the path's file system; nullopt if they cannot be
// determined.
std::optional<uint64_t> free_bytes(const std::string& path);

// Low below the reserve, and no longer low once a quarter more than the reserve is free. The
// hysteresis keeps it from changing with every file that comes and goes.
class DiskRoom {
 public:
  explicit DiskRoom(uint64_t reserve_bytes) : reserve_(reserve_bytes) {}
  // Takes the free bytes and returns whether space is low now.
  bool look(uint64_t free);
  bool is_low() const { return is_low_; }
  uint64_t reserve() const { return reserve_; }
  std::string reason(uint64_t free) const;

 private:
  const uint64_t reserve_;
  bool is_low_ = false;
};

}  // namespace suyuan
