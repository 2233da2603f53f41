// Compares the owner's code from under the lid with the commitment that the maker sealed into the
// event which created the item (docs/scans.md, Inner codes).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/provenance/verdict.h"

namespace suyuan {

// Normalises the code as people type it: upper case, without blanks and hyphens.
std::string plain_inner_code(std::string_view text);
// `makings`: the events that created the item.
// Errors: IO, CORRUPT.
Result<InnerCode> compare_inner_code(const Reader& reader, const std::string& code,
                                     const std::vector<Place>& makings, std::string_view inner);

}  // namespace suyuan
