// A store whose commits wait until they are released, and may fail then.
#pragma once

#include <condition_variable>
#include <mutex>

#include "ledger/store/store.h"

namespace suyuan::test {

class GatedStore final : public Store {
 public:
  explicit GatedStore(Store& inner) : inner_(inner) {}
  std::unique_ptr<Reader> snapshot() const override { return inner_.snapshot(); }
  const Reader& latest() const override { return inner_.latest(); }
  Result<Done> commit(const Changes& changes) override {
    {
      std::unique_lock lock(mutex_);
      const size_t number = ++begun_;
      changed_.notify_all();
      changed_.wait(lock, [&] { return number <= let_; });
      if (number >= fails_from_) return fail(Code::IO, "the disk is gone");
    }
    return inner_.commit(changes);
  }
  void wait_for(size_t commits) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= commits; });
  }
  void let(size_t commits, size_t fails_from = SIZE_MAX) {
    {
      const std::lock_guard lock(mutex_);
      let_ = commits;
      fails_from_ = fails_from;
    }
    changed_.notify_all();
  }

 private:
  Store& inner_;
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t begun_ = 0;
  size_t let_ = 0;
  size_t fails_from_ = SIZE_MAX;
};

}  // namespace suyuan::test
