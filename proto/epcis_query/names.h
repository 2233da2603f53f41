// Reduces the spellings of a name in EPCIS JSON (CURIE, web URI, URN, bare word) to one.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proto/jsontext/document.h"

namespace suyuan::epcis {

// Prefix to name space, as a @context declares them. Nothing is fetched: only the text itself and
// the standard's own context count, whose prefixes need not be here.
using Prefixes = std::map<std::string, std::string, std::less<>>;

// Adds the prefixes that a @context value declares: an object, or the objects of an array.
void add_prefixes(JsonValue context, Prefixes& prefixes);
// Reads the header GS1-Extensions: "example=http://ns.example.com/epcis/, other=...".
// Errors: BAD_REQUEST.
Result<Prefixes> prefixes_in_header(std::string_view header);

// Expands a CURIE as the reader of events does (proto/epcis/context.h): by a declared prefix, else
// by one of the standard's context. Returns other text unchanged.
std::string expand(std::string_view text, const Prefixes& prefixes);
// Expands the name of an extension. Unlike expand(), it has one spelling also where a prefix of the
// standard's context is declared in an older one: "cbvmda", "gs1".
std::string name_of(std::string_view text, const Prefixes& prefixes);
// Returns that, and how it is written, for clients that ask without declaring the prefix; under a
// prefix in an older spelling, also by that.
std::vector<std::string> names_of(std::string_view text, const Prefixes& prefixes);
// Returns a word of EPCIS, CBV or the GS1 vocabulary without its name space; other text expanded.
std::string word_of(std::string_view text, const Prefixes& prefixes);
// Returns a product, place or document code in canonical form; other text expanded.
std::string code_in(std::string_view text, const Prefixes& prefixes);
// Reads a JSON number, with or without exponent. Nullopt: outside the bounds of a Decimal.
std::optional<Decimal> decimal_in(std::string_view json_number);

}  // namespace suyuan::epcis
