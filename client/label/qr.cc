#include "client/label/qr.h"

#include <qrencode.h>

#include <memory>

namespace suyuan {

std::optional<QrLevel> qr_level_from(std::string_view word) {
  if (word == "M") return QrLevel::m;
  if (word == "Q") return QrLevel::q;
  if (word == "H") return QrLevel::h;
  return std::nullopt;
}

Result<QrMatrix> make_qr(const std::string& text, QrLevel level) {
  constexpr int kSmallest = 0;  // the library takes the smallest version that fits
  constexpr int kCaseSensitive = 1;
  const QRecLevel wanted = level == QrLevel::m   ? QR_ECLEVEL_M
                           : level == QrLevel::q ? QR_ECLEVEL_Q
                                                 : QR_ECLEVEL_H;
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeString(text.c_str(), kSmallest, wanted, QR_MODE_8, kCaseSensitive), QRcode_free);
  if (code == nullptr) {
    return fail(Code::TOO_LARGE, "a QR code cannot hold the " + std::to_string(text.size()) +
                                     " bytes of the link; a lower level or a shorter host may");
  }
  QrMatrix matrix{.size = static_cast<size_t>(code->width), .dark = {}};
  matrix.dark.reserve(matrix.size * matrix.size);
  // The lowest bit of a module is its colour.
  for (size_t i = 0; i < matrix.size * matrix.size; ++i) {
    matrix.dark.push_back((code->data[i] & 1U) != 0);
  }
  return matrix;
}

}  // namespace suyuan
