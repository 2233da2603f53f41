// Letters of five by seven dots, for labels that no font is at hand for. Internal to this folder.
#pragma once

#include <cstddef>
#include <string_view>

namespace suyuan {

inline constexpr size_t kGlyphWidth = 5;
inline constexpr size_t kGlyphHeight = 7;
inline constexpr size_t kGlyphAdvance = kGlyphWidth + 1;

// Whether the dot at column x and row y of the line is dark, its letters side by side. What is no
// graphic ASCII is blank.
bool text_dot(std::string_view line, size_t x, size_t y);

}  // namespace suyuan
