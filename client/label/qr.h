// A QR code's modules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"

namespace suyuan {

// Error correction: 15, 25 or 30 percent of the symbol may be lost. GS1 asks for M or better.
enum class QrLevel : uint8_t { m, q, h };
std::optional<QrLevel> qr_level_from(std::string_view word);  // "M", "Q", "H"

// The light border that a reader needs, in modules (ISO/IEC 18004 6.3.8).
inline constexpr size_t kQuietZone = 4;

struct QrMatrix {
  size_t size = 0;  // modules in a row, without the quiet zone
  std::vector<bool> dark;
  // Outside the symbol all is light, so a border needs no special case.
  bool at(size_t x, size_t y) const { return x < size && y < size && dark[y * size + x]; }
};

// Returns the smallest symbol that holds the text; the same text gives the same symbol.
// Errors: TOO_LARGE.
Result<QrMatrix> make_qr(const std::string& text, QrLevel level);

}  // namespace suyuan
