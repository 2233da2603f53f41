#include "proto/epcis/context.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "proto/epcis/forms.h"
#include "proto/epcis/terms.h"

namespace suyuan::ld {
namespace {

constexpr std::string_view kStandard[] = {
    "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    "https://ref.gs1.org/standards/epcis/2.0.1/epcis-context.jsonld",
    "https://gs1.github.io/EPCIS/epcis-context.jsonld"};

// As prefixes they would change the meaning of identifiers.
constexpr std::string_view kSchemes[] = {"data", "did", "file", "ftp", "geo",  "http", "https",
                                         "info", "ni",  "oid",  "tag", "urn",  "ws",   "wss"};

bool is_prefix_name(std::string_view name) {
  constexpr size_t kNameMax = 64;
  return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-' || c == '.';
  });
}

// JSON-LD requires exactly this value; all processors of EPCIS 2.0's context read by it.
constexpr std::string_view kVersion = "1.1";

// Returns the name space of a prefix: as text, or as {"@id": "...", "@prefix": true}, which means
// the same. Nullopt: neither.
std::optional<std::string> space_in(JsonValue declared) {
  const bool expanded = declared.kind() == NodeKind::object && declared.size() == 2;
  const auto space = expanded ? declared.find("@id") : declared;
  if (!space || space->kind() != NodeKind::text) return std::nullopt;
  if (expanded) {
    const auto prefix = declared.find("@prefix");
    if (!prefix || prefix->kind() != NodeKind::boolean || prefix->value() != "true")
      return std::nullopt;
  }
  return space->value();
}

// What a reader that expands the text would take as a prefix; empty: nothing.
std::string_view prefix_in(std::string_view text) {
  const size_t colon = text.find(':');
  const bool none = colon == std::string_view::npos || text.substr(colon + 1).starts_with("//");
  return none ? std::string_view() : text.substr(0, colon);
}

bool is_known_scheme(std::string_view name) {
  return std::ranges::any_of(kSchemes, [name](std::string_view scheme) {
    return name.size() == scheme.size() && begins_with(name, scheme);
  });
}

}  // namespace

void Context::add(JsonValue context, const At& at, Faults& faults) {
  switch (context.kind()) {
    case NodeKind::text: return add_address(context.value(), at, faults);
    case NodeKind::object: return add_prefixes(context, at, faults);
    case NodeKind::array: break;
    default:
      return faults.add(Code::INVALID_FIELD, at,
                        "@context is an address, an object of prefixes, or an array of these");
  }
  size_t i = 0;
  for (const JsonValue entry : context) {
    const At here = at.entry(i++);
    if (entry.kind() == NodeKind::text) {
      add_address(entry.value(), here, faults);
    } else if (entry.kind() == NodeKind::object) {
      add_prefixes(entry, here, faults);
    } else {
      faults.add(Code::INVALID_FIELD, here, "an entry of @context is an address or an object");
    }
    if (faults.full()) return;
  }
}

void Context::add_address(std::string_view address, const At& at, Faults& faults) {
  if (++entries_ > limits::kEpcisContextMax) {
    return faults.add(Code::TOO_MANY, at, "@context has too many entries: at most " +
                                              std::to_string(limits::kEpcisContextMax));
  }
  if (std::ranges::find(kStandard, address) != std::end(kStandard)) {
    standard_ = true;
  } else if (!is_uri_shaped(address)) {
    faults.add(Code::INVALID_FIELD, at, quoted(address) + " is not the address of a context");
  }
}

void Context::add_prefixes(JsonValue object, const At& at, Faults& faults) {
  for (const JsonValue member : object) {
    if (faults.full()) return;
    if (++entries_ > limits::kEpcisContextMax) {
      return faults.add(Code::TOO_MANY, at, "@context has too many entries: at most " +
                                                std::to_string(limits::kEpcisContextMax));
    }
    const At here = at.member(member.name());
    if (member.name() == "@version") {
      if (member.kind() == NodeKind::number && member.value() == kVersion) continue;
      faults.add(Code::INVALID_FIELD, here, "the version of JSON-LD is the number 1.1");
    } else {
      add_prefix(member.name(), member, here, faults);
    }
  }
}

void Context::add_prefix(const std::string& name, JsonValue declared, const At& at,
                         Faults& faults) {
  const auto refuse = [&](std::string why) {
    faults.add(Code::INVALID_FIELD, at, quoted(name) + std::move(why));
  };
  if (name.starts_with('@')) {
    return refuse(" changes how the whole event is read; a @context here may declare only "
                  "prefixes");
  }
  if (!is_prefix_name(name)) return refuse(" is not a prefix: letters, digits, '-', '_', '.'");
  const auto space = space_in(declared);
  if (!space || !is_uri_shaped(*space)) {
    return refuse(" is declared with something other than a name space; write \"" + name +
                  "\": \"https://...\"");
  }
  if (is_known_scheme(name)) {
    return refuse(" is a scheme of URIs: as a prefix it would change what identifiers mean");
  }
  if (standard_space(name)) {
    if (!is_standard_space(name, *space)) {
      return refuse(" is a prefix of the EPCIS context and keeps its meaning; choose another name");
    }
  } else if (is_reserved_term(name)) {
    return refuse(" is a term of EPCIS, CBV or suyuan and keeps its meaning; choose another name");
  }
  // If it were expanded once here and fully elsewhere, it would be two things.
  const bool chained = std::ranges::any_of(
      prefixes_, [&](const auto& before) { return prefix_in(before.second) == name; });
  const std::string_view begin = prefix_in(*space);
  if (chained || begin == name || is_prefix(begin)) {
    return refuse(": write the name space in full, without a prefix");
  }
  if (begins_with(*space, kOwnPrefix)) {
    return refuse(" is declared within suyuan:, whose names are the ledger's and written as they "
                  "are");
  }
  const auto [known, fresh] = prefixes_.emplace(name, *space);
  if (!fresh && known->second != *space) {
    refuse(" is declared twice, as " + quoted(known->second) + " and " + quoted(*space));
  }
}

bool Context::is_prefix(std::string_view name) const {
  return !name.empty() && (prefixes_.contains(name) || standard_space(name));
}

std::string Context::name_fault(std::string_view name) const {
  if (!is_uri_shaped(name)) return "a field of your own is named by a URI or \"prefix:name\"";
  const std::string whole = expand(name);
  if (begins_with(whole, kOwnPrefix)) return "names of suyuan: are the ledger's (docs/epcis.md)";
  if (is_under_gs1(whole, "epcis/")) return "write names of the standard without a prefix";
  return {};
}

std::optional<std::string> Context::space_of(std::string_view prefix) const {
  if (const auto declared = prefixes_.find(prefix); declared != prefixes_.end()) {
    return declared->second;
  }
  const auto known = standard_space(prefix);
  return known ? std::optional(std::string(*known)) : std::nullopt;
}

std::string Context::expand(std::string_view text) const {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.substr(colon + 1).starts_with("//")) {
    return std::string(text);
  }
  const auto space = space_of(text.substr(0, colon));
  return space ? *space + std::string(text.substr(colon + 1)) : std::string(text);
}

}  // namespace suyuan::ld
