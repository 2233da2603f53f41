// Detects names that may pass for others (homoglyphs).
#pragma once

#include <string_view>

namespace suyuan {

// Returns true if a word mixes Latin letters with letters that only look Latin.
bool mixes_alphabets(std::string_view text);

}  // namespace suyuan
