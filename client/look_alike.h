// Names that may pass for others.
#pragma once

#include <string_view>

namespace suyuan {

// A word of Latin letters and such as only look like them.
bool mixes_alphabets(std::string_view text);

}  // namespace suyuan
