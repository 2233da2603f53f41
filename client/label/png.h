// A label as PNG: black and white, the symbol with its quiet zone and below it the same for people.
#pragma once

#include "client/label/svg.h"
#include "ledger/base/bytes.h"

namespace suyuan {

// `pixels` square for each module; the file says how large a module is meant to be. The text is
// about as large as in SVG, of letters of our own, so no font needs to be installed.
// IO: the library fails. REQUIRES: pixels in 1 to 64, module_um not 0.
Result<Bytes> png_of(const Label& label, uint32_t pixels, uint32_t module_um);

}  // namespace suyuan
