// FullDisk: while it lives, writes to files fail as on a full disk.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "ledger/base/check.h"

namespace suyuan::test {

// No file of the process may grow. The process is this one, unless another is named.
class FullDisk {
 public:
  explicit FullDisk(pid_t pid = ::getpid()) : pid_(pid) {
    if (pid_ == ::getpid()) std::signal(SIGXFSZ, SIG_IGN);
    SUYUAN_CHECK(::prlimit(pid_, RLIMIT_FSIZE, nullptr, &before_) == 0);
    const rlimit none{.rlim_cur = 1, .rlim_max = before_.rlim_max};
    SUYUAN_CHECK(::prlimit(pid_, RLIMIT_FSIZE, &none, nullptr) == 0);
  }
  ~FullDisk() { ::prlimit(pid_, RLIMIT_FSIZE, &before_, nullptr); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  const pid_t pid_;
  rlimit before_{};
};

}  // namespace suyuan::test
