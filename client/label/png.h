// A label as PNG: black and white, the symbol with its quiet zone, and below it the same as text.
#pragma once

#include "client/label/svg.h"
#include "ledger/base/bytes.h"

namespace suyuan {

// Each module is a square of `pixels`; the file states the module's intended size. The text is
// about as large as in SVG, in built-in letters, so no font is required.
// Errors: IO (the library fails).
// Requires: `pixels` in 1 to 64, `module_um` not 0.
Result<Bytes> png_of(const Label& label, uint32_t pixels, uint32_t module_um);

}  // namespace suyuan
