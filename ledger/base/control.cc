#include "ledger/base/control.h"

#include <cstdint>
#include <cstring>
#include <optional>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

// All eight bytes are 0x20 to 0x7E.
bool is_printable_word(const char* bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  // If no high bit is set, adding 1 sets it only for 0x7F, and subtracting 0x20 sets it for what is
  // below. A borrow or carry comes only from a byte that is itself refused.
  return ((word | (word + kOnes) | (word - 0x20 * kOnes)) & kHighs) == 0;
}

std::optional<uint32_t> control_in(std::string_view text) {
  const auto byte = [text](size_t at) { return static_cast<uint8_t>(text[at]); };
  for (size_t i = 0; i < text.size(); ++i) {
    while (text.size() - i >= 8 && is_printable_word(text.data() + i)) i += 8;
    if (i == text.size()) break;
    const uint8_t one = byte(i);
    const bool space = one == '\t' || one == '\n' || one == '\r';
    if ((one < 0x20 && !space) || one == 0x7F) return one;
    // U+0080 to 009F are C2 80 to C2 9F; the others begin with E2 80 or E2 81.
    if (one == 0xC2 && text.size() - i >= 2 && byte(i + 1) < 0xA0) return byte(i + 1);
    if (one != 0xE2 || text.size() - i < 3) continue;
    const uint32_t point = 0x2000U | (byte(i + 1) & 0x3FU) << 6 | (byte(i + 2) & 0x3FU);
    if ((point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069)) return point;
  }
  return std::nullopt;
}

}  // namespace

std::string control_fault(std::string_view text) {
  const auto point = control_in(text);
  if (!point) return {};
  const Bytes bytes = {static_cast<char>(*point >> 8), static_cast<char>(*point & 0xFFU)};
  std::string number = to_hex(bytes);
  for (char& c : number) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  return "holds the control character U+" + number + "; texts have none except TAB, LF and CR";
}

}  // namespace suyuan
