#include "node/http/linkset.h"

#include <algorithm>

#include "proto/jsontext/writer.h"

namespace suyuan::http {
namespace {

void write_target(JsonWriter& out, const Link& link) {
  out.begin_object();
  out.field("href", link.href);
  out.field("title", link.title);
  out.field("type", link.media_type);
  out.field("hreflang", link.languages);
  out.end_object();
}

}  // namespace

std::string to_json(const Linkset& linkset) {
  JsonWriter out;
  out.begin_object();
  out.key("linkset");
  out.begin_array();
  for (const LinkContext& context : linkset) {
    out.begin_object();
    out.field("anchor", context.anchor);
    out.field("description", context.description);
    std::vector<std::string_view> written;
    for (const Link& first : context.links) {
      if (std::ranges::find(written, first.type) != written.end()) continue;
      written.push_back(first.type);
      out.key(std::string(kGs1Vocabulary) + first.type);
      out.begin_array();
      for (const Link& link : context.links) {
        if (link.type == first.type) write_target(out, link);
      }
      out.end_array();
    }
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return std::move(out).str();
}

std::string_view link_type_name(std::string_view asked) {
  for (const std::string_view prefix :
       {std::string_view("gs1:"), kGs1Vocabulary, std::string_view("https://gs1.org/voc/"),
        std::string_view("http://gs1.org/voc/")}) {
    if (asked.starts_with(prefix)) return asked.substr(prefix.size());
  }
  return asked.find_first_of(":/") == std::string_view::npos ? asked : std::string_view();
}

std::vector<Link> links_of_type(const Linkset& linkset, std::string_view type) {
  std::vector<Link> found;
  for (const LinkContext& context : linkset) {
    for (const Link& link : context.links) {
      if (link.type == type) found.push_back(link);
    }
    if (!found.empty()) break;
  }
  return found;
}

}  // namespace suyuan::http
