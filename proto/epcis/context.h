// The @context of an event or document: which prefixes it declares. Nothing is fetched: of contexts
// that are named by address, only the standard's own is known. Internal to this folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "proto/epcis/faults.h"
#include "proto/jsontext/document.h"

namespace suyuan::ld {

class Context {
 public:
  // Adds what a @context says. Refused: what gives a term of EPCIS, CBV or suyuan another meaning,
  // a scheme of URIs as a prefix, a prefix with two meanings, anything that is no prefix.
  void add(JsonValue context, const At& at, Faults& faults);
  // One of the addresses of the standard's own context was among them.
  bool has_standard() const { return standard_; }
  // A CURIE with a prefix that is declared here, or by the standard, as its whole URI; else as it
  // is.
  std::string expand(std::string_view text) const;
  // What stands against a field of one's own with this name, in words; empty: nothing does.
  std::string name_fault(std::string_view name) const;
  // The name space of a prefix that is declared here, or by the standard.
  std::optional<std::string> space_of(std::string_view prefix) const;

 private:
  void add_address(std::string_view address, const At& at, Faults& faults);
  void add_prefixes(JsonValue object, const At& at, Faults& faults);
  void add_prefix(const std::string& name, JsonValue space, const At& at, Faults& faults);
  bool is_prefix(std::string_view name) const;

  std::map<std::string, std::string, std::less<>> prefixes_;
  size_t entries_ = 0;
  bool standard_ = false;
};

}  // namespace suyuan::ld
