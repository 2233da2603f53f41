// What a MATCH_ parameter may name: one code, or a pattern of many.
#pragma once

#include <string>
#include <string_view>

#include "proto/epcis_query/names.h"

namespace suyuan::epcis {

// A canonical text fits where it equals `exact`, or begins with `begins`, has `digits` from
// `digits_at` on, and `holds` after that. Empty parts ask for nothing; all empty fits nothing.
struct CodePattern {
  std::string exact = {};
  std::string begins = {};
  size_t digits_at = 0;
  std::string digits = {};
  std::string holds = {};
  bool fits(std::string_view canonical) const;
  // The class that all it fits are of, "https://id.gs1.org/01/<gtin>"; empty: no such one.
  std::string under = {};
};

// A code in any of its forms; urn:epc:idpat with stars from the right; a Digital Link that ends in
// '*'. CODE_*, CODE_SYNTAX for a pattern that is none of these.
Result<CodePattern> parse_pattern(std::string_view text, const Prefixes& prefixes);

}  // namespace suyuan::epcis
