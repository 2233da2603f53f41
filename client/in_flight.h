// Calls over RPC that are answered in any order. Includes KJ: for the client's connection alone.
#pragma once

#include <kj/async.h>

#include <deque>
#include <optional>
#include <utility>

#include "ledger/base/error.h"

namespace suyuan {

inline Error unavailable(const kj::Exception& exception) {
  if (exception.getType() == kj::Exception::Type::OVERLOADED) {
    return {.code = Code::UNAVAILABLE, .message = "no answer in time"};
  }
  return {.code = Code::UNAVAILABLE, .message = exception.getDescription().cStr()};
}

// Calls in flight: their answers queue up here until the caller's own code, outside the loop, takes
// them. A failed call ends the whole run, once what arrived beside it is taken.
template <class T>
class InFlight final : private kj::TaskSet::ErrorHandler {
 public:
  explicit InFlight(kj::WaitScope& scope) : scope_(scope), tasks_(*this) {}

  void add(kj::Promise<T> answer) {
    ++open_;
    tasks_.add(answer.then([this](T value) {
      arrived_.push_back(std::move(value));
      wake();
    }));
  }
  size_t open() const { return open_; }
  // Nothing more is to be added.
  bool failed() const { return failed_.has_value(); }

  // REQUIRES: open() > 0.
  Result<T> take() {
    while (arrived_.empty() && !failed_) {
      auto pair = kj::newPromiseAndFulfiller<void>();
      waker_ = kj::mv(pair.fulfiller);
      pair.promise.wait(scope_);
    }
    if (arrived_.empty()) return Unexpected(*failed_);
    T value = std::move(arrived_.front());
    arrived_.pop_front();
    --open_;
    return value;
  }

 private:
  void taskFailed(kj::Exception&& exception) override {
    failed_ = unavailable(exception);
    wake();
  }
  void wake() {
    if (waker_.get() != nullptr) waker_->fulfill();
  }

  kj::WaitScope& scope_;
  std::deque<T> arrived_;
  std::optional<Error> failed_;
  size_t open_ = 0;
  kj::Own<kj::PromiseFulfiller<void>> waker_;
  kj::TaskSet tasks_;  // dies first: its tasks use what stands above
};

}  // namespace suyuan
