// The many spellings of one name in EPCIS JSON: CURIEs, web URIs, URNs, bare words; brought to one.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "proto/jsontext/document.h"

namespace suyuan::epcis {

// Prefix to namespace, as a @context declares them. Never fetched: what is not in the text itself,
// or in the standard's own context, is not there.
using Prefixes = std::map<std::string, std::string, std::less<>>;

// Adds those that a @context value declares: an object, or the objects of an array.
void add_prefixes(JsonValue context, Prefixes& prefixes);
// Of the header GS1-Extensions: "example=http://ns.example.com/epcis/, other=...". BAD_REQUEST.
Result<Prefixes> prefixes_in_header(std::string_view header);

// A CURIE of a declared prefix as its full URI; another text as it is.
std::string expand(std::string_view text, const Prefixes& prefixes);
// A word of EPCIS, CBV or the GS1 vocabulary without its name space; another text expanded.
std::string word_of(std::string_view text, const Prefixes& prefixes);
// A product, place or document code in canonical form; what is none, expanded.
std::string code_in(std::string_view text, const Prefixes& prefixes);
// A JSON number as a Decimal, also where it has an exponent. Nullopt: beyond a Decimal's bounds.
std::optional<Decimal> decimal_in(std::string_view json_number);

}  // namespace suyuan::epcis
