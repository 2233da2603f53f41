// The @context of an event or document: the prefixes it declares. Nothing is fetched: of contexts
// named by address only the standard's own is known. Internal to this folder.
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
  // Adds the content of a @context. Refuses another meaning for a term of EPCIS, CBV or suyuan, a
  // URI scheme as a prefix, a prefix with two meanings, and anything that is not a prefix.
  void add(JsonValue context, const At& at, Faults& faults);
  // Returns whether the address of the standard's own context was included.
  bool has_standard() const { return standard_; }
  // Expands a CURIE whose prefix is declared here or by the standard; returns other text unchanged.
  std::string expand(std::string_view text) const;
  // Returns why an extension field may not have this name, in words; empty: it may.
  std::string name_fault(std::string_view name) const;
  // Returns the name space of a prefix declared here or by the standard.
  std::optional<std::string> space_of(std::string_view prefix) const;

 private:
  void add_address(std::string_view address, const At& at, Faults& faults);
  void add_prefixes(JsonValue object, const At& at, Faults& faults);
  void add_prefix(const std::string& name, JsonValue declared, const At& at, Faults& faults);
  bool is_prefix(std::string_view name) const;

  std::map<std::string, std::string, std::less<>> prefixes_;
  size_t entries_ = 0;
  bool standard_ = false;
};

}  // namespace suyuan::ld
