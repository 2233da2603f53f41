// A QR code in a terminal: two modules to a character, by half blocks.
#pragma once

#include "client/label/qr.h"

namespace suyuan {

// With colours: black on white, whatever the terminal's own. Without: light modules are the blocks,
// as on a dark terminal.
std::string terminal_qr(const QrMatrix& qr, bool colours);

}  // namespace suyuan
