// Many labels on A4 pages.
#pragma once

#include <span>

#include "client/label/svg.h"

namespace suyuan {

inline constexpr size_t kSheetLabelsMax = 10'000;

// How labels of one size are placed on a page: in rows from the upper left.
struct Grid {
  uint32_t columns = 0;
  uint32_t rows = 0;
  LabelSize cell;  // including the gap to the next
};
// Errors: INVALID_FIELD (not even one label fits).
Result<Grid> grid_for(std::span<const Label> labels, uint32_t module_um);

// Renders one page.
// Requires: labels.size() <= columns * rows.
std::string svg_page(std::span<const Label> labels, const Grid& grid, uint32_t module_um);

}  // namespace suyuan
