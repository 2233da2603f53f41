// Labels as SVG: a QR code that holds a GS1 Digital Link, and below it the same as text.
#pragma once

#include "client/label/qr.h"
#include "ledger/code/gs1_text.h"

namespace suyuan {

// Size of one module, in micrometres. GS1 asks for 396 to 990 if a till reads the symbol.
inline constexpr uint32_t kModuleDefault = 495;
inline constexpr uint32_t kModuleMin = 100;
inline constexpr uint32_t kModuleMax = 10'000;

struct Label {
  std::string link;                // encoded in the symbol
  std::vector<std::string> lines;  // human readable, one for each AI: "(01)09521104301011"
  QrMatrix qr;
};

// `resolver`: "https://trace.example", with or without a path.
// Errors: CODE_*, INVALID_FIELD, TOO_LARGE.
Result<Label> make_label(std::string_view code, const std::string& host, QrLevel level);

// In micrometres; text, and symbol with its quiet zone.
struct LabelSize {
  uint32_t width = 0;
  uint32_t height = 0;
};
LabelSize size_of(const Label& label, uint32_t module_um);

// Returns a whole SVG file. The same label gives the same bytes.
std::string svg_of(const Label& label, uint32_t module_um);
// Returns a group without the file around it, with its upper left corner at (x, y).
std::string svg_group(const Label& label, uint32_t module_um, uint32_t x, uint32_t y);
// Opens the group around all labels: black, and the font of the text.
inline constexpr std::string_view kTextStyle =
    "<g fill=\"#000\" font-family=\"monospace\" font-size=\"1.8\" text-anchor=\"middle\">\n";
// Formats micrometres as millimetres, "12.345".
std::string millimetres(uint32_t um);

}  // namespace suyuan
