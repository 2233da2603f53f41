// Faults in an event's JSON, with their places. Internal to this folder.
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/error.h"

namespace suyuan::ld {

// A place in the JSON. Allocates nothing until it is written out for a fault.
struct At {
  static constexpr size_t kWhole = static_cast<size_t>(-1);
  const At* of = nullptr;
  std::string_view name = {};
  size_t index = kWhole;
  At member(std::string_view member_name) const { return {.of = this, .name = member_name}; }
  At entry(size_t i) const { return {.of = this, .name = {}, .index = i}; }
  std::string pointer() const;  // RFC 6901
};
inline constexpr At kEvent = {};

class Faults {
 public:
  void add(Code code, const At& at, std::string message);
  bool any() const { return !errors_.empty(); }
  bool full() const;
  Errors take() { return std::move(errors_); }

 private:
  Errors errors_;
};

}  // namespace suyuan::ld
