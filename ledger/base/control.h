// Control characters, which no text of a payload holds: what is signed is shown in terminals and
// pages for years, and these can change what is seen of it.
#pragma once

#include <string>
#include <string_view>

namespace suyuan {

// Names the first character that is refused (formats.md 2): C0 but TAB, LF, CR; DEL; C1; the
// bidirectional controls U+202A to 202E, U+2066 to 2069. Empty: there is none. Total; on bytes that
// are not UTF-8 it says nothing.
std::string control_fault(std::string_view text);

}  // namespace suyuan
