#include "client/label/terminal_qr.h"

namespace suyuan {

std::string terminal_qr(const QrMatrix& qr, bool colours) {
  constexpr std::string_view kBlackOnWhite = "\x1b[38;5;16;48;5;231m";
  constexpr std::string_view kPlain = "\x1b[0m";
  std::string out;
  const size_t modules = qr.size + 2 * kQuietZone;
  for (size_t y = 0; y < modules; y += 2) {
    if (colours) out += kBlackOnWhite;
    for (size_t x = 0; x < modules; ++x) {
      // Left of and above the symbol, the difference wraps to a number outside it. With an odd
      // number of rows, one light row is added below.
      const bool upper = qr.at(x - kQuietZone, y - kQuietZone) == colours;
      const bool lower = qr.at(x - kQuietZone, y + 1 - kQuietZone) == colours;
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    if (colours) out += kPlain;
    out += "\n";
  }
  return out;
}

}  // namespace suyuan
