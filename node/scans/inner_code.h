// The owner's code from under the lid, against the commitment that the maker sealed into the event
// which brought the thing into being (docs/scans.md, Inner codes).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/provenance/verdict.h"

namespace suyuan {

// Upper case, without blanks and hyphens: as people may type it.
std::string plain_inner_code(std::string_view text);
// `makings`: the events that brought the code into being. IO, CORRUPT.
Result<InnerCode> compare_inner_code(const Reader& reader, const std::string& code,
                                     const std::vector<Place>& makings, std::string_view inner);

}  // namespace suyuan
