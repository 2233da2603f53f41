#include "ledger/event/finding.h"

#include <array>

namespace suyuan {
namespace {

struct FlagInfo {
  std::string_view word;
  std::string_view meaning;
};

constexpr FlagInfo kFlags[] = {
#define SUYUAN_X(name, meaning) {#name, meaning},
    SUYUAN_FLAGS(SUYUAN_X)
#undef SUYUAN_X
};

}  // namespace

std::string_view word(Flag flag) {
  const auto index = static_cast<size_t>(flag);
  return index < std::size(kFlags) ? kFlags[index].word : std::string_view{};
}

std::string_view meaning(Flag flag) {
  const auto index = static_cast<size_t>(flag);
  return index < std::size(kFlags) ? kFlags[index].meaning : std::string_view{};
}

std::optional<Flag> flag_from(std::string_view text) {
  for (size_t i = 0; i < std::size(kFlags); ++i) {
    if (kFlags[i].word == text) return static_cast<Flag>(i);
  }
  return std::nullopt;
}

}  // namespace suyuan
