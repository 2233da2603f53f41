#include "client/label/sheet.h"

#include <algorithm>

namespace suyuan {
namespace {

constexpr uint32_t kPageWidth = 210'000;
constexpr uint32_t kPageHeight = 297'000;
constexpr uint32_t kMargin = 8'000;  // margin that printers leave white
constexpr uint32_t kGap = 3'000;

}  // namespace

Result<Grid> grid_for(std::span<const Label> labels, uint32_t module_um) {
  Grid grid;
  for (const Label& label : labels) {
    const LabelSize size = size_of(label, module_um);
    grid.cell.width = std::max(grid.cell.width, size.width + kGap);
    grid.cell.height = std::max(grid.cell.height, size.height + kGap);
  }
  if (grid.cell.width == 0) return fail(Code::INVALID_FIELD, "there is no label to print", "code");
  // The last label of a row needs no gap after it.
  grid.columns = (kPageWidth - 2 * kMargin + kGap) / grid.cell.width;
  grid.rows = (kPageHeight - 2 * kMargin + kGap) / grid.cell.height;
  if (grid.columns > 0 && grid.rows > 0) return grid;
  return fail(Code::INVALID_FIELD,
              "a label of " + millimetres(grid.cell.width) + " by " +
                  millimetres(grid.cell.height) + " mm does not fit an A4 page; take a smaller "
                  "module",
              "module");
}

std::string svg_page(std::span<const Label> labels, const Grid& grid, uint32_t module_um) {
  std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" "
      "viewBox=\"0 0 210 297\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" +
      std::string(kTextStyle);
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto column = static_cast<uint32_t>(i) % grid.columns;
    const auto row = static_cast<uint32_t>(i) / grid.columns;
    svg += svg_group(labels[i], module_um, kMargin + column * grid.cell.width,
                     kMargin + row * grid.cell.height);
  }
  return svg + "</g>\n</svg>\n";
}

}  // namespace suyuan
