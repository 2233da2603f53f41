// The symbol as PNG: black and white, with its quiet zone, without text.
#pragma once

#include "client/label/qr.h"
#include "ledger/base/bytes.h"

namespace suyuan {

// `pixels` square for each module, 1 to 64; the file says how large a module is meant to be.
// IO: the library fails. REQUIRES: pixels in 1 to 64, module_um not 0.
Result<Bytes> png_of(const QrMatrix& qr, uint32_t pixels, uint32_t module_um);

}  // namespace suyuan
