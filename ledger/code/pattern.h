// What a question may name instead of one code: an EPC pattern, or a link that ends in "*".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"

namespace suyuan {

//   urn:epc:idpat:sgtin:9521104.030101.*     that class and its units
//   urn:epc:idpat:sgtin:9521104.*.*          all classes and units of that company prefix
//   https://any.example/01/09521104301011*   all canonical texts that begin like this
//   any other text that parse_code() takes    that code only
struct CodePattern {
  std::string exact;                  // canonical; if empty:
  std::vector<std::string> prefixes;  // a match begins with one of these, which are canonical too
  bool whole = false;                 // the prefix is a whole value: the value may not continue
  bool any_qualifier = false;
  std::string qualifier;              // the only AI that may follow the key; empty: none

  bool matches(std::string_view canonical) const;
};

// Errors: CODE_SYNTAX, CODE_CHECK_DIGIT, CODE_RESTRICTED.
Result<CodePattern> parse_code_pattern(std::string_view sent);

}  // namespace suyuan
