// RPC calls that are answered in any order. Includes KJ, so only the client's connection may
// include it.
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

// Calls in flight. Answers queue up here until the caller's code, outside the loop, takes them. A
// failed call ends the whole run, once the answers that arrived with it are taken.
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
  // True if no further call may be added.
  bool failed() const { return failed_.has_value(); }

  // Requires: open() > 0.
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
  kj::TaskSet tasks_;  // destroyed first: its tasks use the members above
};

}  // namespace suyuan
