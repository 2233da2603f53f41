// A font of five by seven dots, for labels on machines without fonts. Internal to this folder.
#pragma once

#include <cstddef>
#include <string_view>

namespace suyuan {

inline constexpr size_t kGlyphWidth = 5;
inline constexpr size_t kGlyphHeight = 7;
inline constexpr size_t kGlyphAdvance = kGlyphWidth + 1;

// Returns true if the dot at column x and row y of the text line is dark. Characters other than
// graphic ASCII are blank.
bool text_dot(std::string_view line, size_t x, size_t y);

}  // namespace suyuan
