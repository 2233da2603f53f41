// FaultLatch: why the node writes nothing until it is restarted.
#pragma once

#include <mutex>
#include <string>

#include "ledger/base/error.h"

namespace suyuan {

// Thread-safe.
class FaultLatch {
 public:
  // Keeps the fault, and returns true, if none is kept yet.
  bool keep(const Error& fault) {
    const std::lock_guard lock(mutex_);
    if (!text_.empty()) return false;
    text_ = to_text(fault);
    return true;
  }
  // The fault as text. Empty: there was none.
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;  // guards text_
  std::string text_;
};

}  // namespace suyuan
