// Expected: a value or an error. The part of C++23's std::expected that Suyuan needs, with its
// names.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "ledger/base/check.h"

namespace suyuan {

template <class E>
class Unexpected {
 public:
  explicit Unexpected(E error) : error_(std::move(error)) {}
  const E& error() const& { return error_; }
  E&& error() && { return std::move(error_); }

 private:
  E error_;
};

template <class T, class E>
class [[nodiscard]] Expected {
 public:
  using value_type = T;
  using error_type = E;

  Expected() requires std::is_default_constructible_v<T> : state_(std::in_place_index<0>) {}
  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  template <class G>
    requires std::is_constructible_v<E, G&&>
  Expected(Unexpected<G> unexpected)
      : state_(std::in_place_index<1>, std::move(unexpected).error()) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return *check(std::get_if<0>(&state_)); }
  const T& value() const& { return *check(std::get_if<0>(&state_)); }
  T&& value() && { return std::move(*check(std::get_if<0>(&state_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  E& error() & { return *check(std::get_if<1>(&state_)); }
  const E& error() const& { return *check(std::get_if<1>(&state_)); }
  E&& error() && { return std::move(*check(std::get_if<1>(&state_))); }

 private:
  template <class P>
  static P* check(P* pointer) {
    SUYUAN_CHECK(pointer != nullptr);
    return pointer;
  }
  std::variant<T, E> state_;
};

// Success without a value.
struct Done {
  friend bool operator==(Done, Done) { return true; }
};

}  // namespace suyuan

#define SUYUAN_JOIN_(a, b) a##b
#define SUYUAN_JOIN(a, b) SUYUAN_JOIN_(a, b)

// SUYUAN_TRY(name, expression): name is the value of expression, or the function returns its error.
#define SUYUAN_TRY(name, expression)                                                  \
  auto SUYUAN_JOIN(name, _result_) = (expression);                                    \
  if (!SUYUAN_JOIN(name, _result_))                                                   \
    return ::suyuan::Unexpected(std::move(SUYUAN_JOIN(name, _result_)).error());      \
  auto name = std::move(SUYUAN_JOIN(name, _result_)).value()

// SUYUAN_TRY_DONE(expression): returns the error of expression, if any.
#define SUYUAN_TRY_DONE(expression)                                                             \
  do {                                                                                          \
    auto suyuan_done_ = (expression);                                                           \
    if (!suyuan_done_) return ::suyuan::Unexpected(std::move(suyuan_done_).error());            \
  } while (false)
