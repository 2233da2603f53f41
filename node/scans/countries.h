// The countries of ISO 3166-1.
#pragma once

#include <string_view>

namespace suyuan {

// Returns whether it is an officially assigned alpha-2 code, such as NZ.
bool is_country(std::string_view code);

}  // namespace suyuan
