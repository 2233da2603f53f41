#include "node/ops/disk.h"

#include <sys/statvfs.h>

namespace suyuan {

std::optional<uint64_t> free_bytes(const std::string& path) {
  struct statvfs state {};
  if (::statvfs(path.c_str(), &state) != 0) return std::nullopt;
  return uint64_t{state.f_bavail} * state.f_frsize;
}

bool DiskRoom::look(uint64_t free) {
  is_low_ = free < (is_low_ ? reserve_ + reserve_ / 4 : reserve_);
  return is_low_;
}

std::string DiskRoom::reason(uint64_t free) const {
  return "the disk is nearly full: " + std::to_string(free >> 20) + " MiB are free, " +
         std::to_string(reserve_ >> 20) +
         " MiB are kept in reserve; nothing is accepted until there is space again";
}

}  // namespace suyuan
