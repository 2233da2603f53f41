// Control characters, which no payload text may contain. Signed texts are shown in terminals and
// pages for years, and these characters can change what a reader sees.
#pragma once

#include <string>
#include <string_view>

namespace suyuan {

// Names the first refused character (formats.md 2), empty if there is none: C0 except TAB, LF, CR;
// DEL; C1; the bidirectional controls U+202A to 202E, U+2066 to 2069. Accepts any bytes; finds
// nothing in text that is not UTF-8.
std::string control_fault(std::string_view text);

}  // namespace suyuan
