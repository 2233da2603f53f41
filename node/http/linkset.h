// Linksets (RFC 9264) as GS1's resolver standard requires: for each level of a Digital Link, what
// is available and where.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace suyuan::http {

inline constexpr std::string_view kLinksetType = "application/linkset+json";
// The JSON-LD context.
inline constexpr std::string_view kLinksetContext =
    "https://ref.gs1.org/standards/resolver/linkset-context";
// Namespace of the relation types in the GS1 Web vocabulary.
inline constexpr std::string_view kGs1Vocabulary = "https://ref.gs1.org/voc/";

struct Link {
  std::string type;  // without kGs1Vocabulary: "traceability"
  std::string href;
  std::string title;
  std::string media_type = {};
  std::vector<std::string> languages = {};
};

struct LinkContext {
  std::string anchor;  // the Digital Link of one level
  std::string description = {};
  std::vector<Link> links;
};

// The finest level first.
using Linkset = std::vector<LinkContext>;

std::string to_json(const Linkset& linkset);

// Maps "gs1:pip", "https://gs1.org/voc/pip", "https://ref.gs1.org/voc/pip" and "pip" to "pip".
// Returns empty for a name outside the vocabulary.
std::string_view link_type_name(std::string_view asked);

// Returns the links of one type at the finest level that has any.
std::vector<Link> links_of_type(const Linkset& linkset, std::string_view type);

}  // namespace suyuan::http
