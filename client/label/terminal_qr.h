// A QR code in a terminal: two modules in a character, with half blocks.
#pragma once

#include "client/label/qr.h"

namespace suyuan {

// With colours: black on white, whatever the terminal's own colours are. Without: light modules are
// the blocks, as suits a dark terminal.
std::string terminal_qr(const QrMatrix& qr, bool colours);

}  // namespace suyuan
