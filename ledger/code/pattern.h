// What a question may name instead of one code: EPC patterns, and links that end in "*".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"

namespace suyuan {

//   urn:epc:idpat:sgtin:9521104.030101.*     that class and its units
//   urn:epc:idpat:sgtin:9521104.*.*          all classes and units of that company prefix
//   https://any.example/01/09521104301011*   all canonical texts that begin so
//   any other text that parse_code() takes    that code alone
struct CodePattern {
  std::string exact;                  // canonical; where it is empty:
  std::vector<std::string> prefixes;  // what matches begins with one of these, canonical as well
  bool whole = false;                 // the prefix is a whole value: no more of it may follow
  bool any_qualifier = false;
  std::string qualifier;              // the only AI that may follow the key; empty: none

  bool matches(std::string_view canonical) const;
};

// CODE_SYNTAX, CODE_CHECK_DIGIT, CODE_RESTRICTED.
Result<CodePattern> parse_code_pattern(std::string_view sent);

}  // namespace suyuan
