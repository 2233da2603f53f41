#include "node/http/accept.h"

#include <string>

#include "ledger/base/text.h"
#include "node/http/http.h"

namespace suyuan::http {
namespace {

std::string_view bare(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "0.5" gives 500. An invalid qvalue counts as 0.
int quality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int value = (text[0] - '0') * 1000;
  if (text.size() == 1) return value;
  if (text[1] != '.' || text.size() > 5) return 0;
  int weight = 100;
  for (const char c : text.substr(2)) {
    if (c < '0' || c > '9') return 0;
    value += (c - '0') * weight;
    weight /= 10;
  }
  return value <= 1000 ? value : 0;
}

struct Range {
  std::string_view type;  // "text/html", "text/*", "*/*"; of an encoding, "gzip"
  int q = 1000;
};

Range range_of(std::string_view element) {
  Range range;
  bool first = true;
  for (const auto part : split(element, ';')) {
    const auto text = bare(part);
    if (first) range.type = text;
    else if (text.starts_with("q=") || text.starts_with("Q=")) range.q = quality(text.substr(2));
    first = false;
  }
  return range;
}

// How exactly the range names the type: 3 by itself, 2 by "text/*", 1 by "*/*", 0 not at all.
int exactness_of(std::string_view range, std::string_view type) {
  if (range == "*/*") return 1;
  if (range.ends_with("/*")) {
    const auto family = range.substr(0, range.size() - 1);
    return type.size() > family.size() && same_in_any_case(family, type.substr(0, family.size()))
               ? 2
               : 0;
  }
  return same_in_any_case(range, type) ? 3 : 0;
}

// Returns 0 to 1000; 0: not acceptable.
int quality_of(std::string_view accept, std::string_view type) {
  if (bare(accept).empty()) return 1000;
  int best_match = 0;
  int q = 0;
  for (const auto element : split(accept, ',')) {
    const Range range = range_of(element);
    const int exactness = exactness_of(range.type, type);
    if (exactness <= best_match) continue;
    best_match = exactness;
    q = range.q;
  }
  return q;
}

}  // namespace

std::optional<size_t> best_offer(std::string_view accept,
                                 std::span<const std::string_view> offers) {
  std::optional<size_t> best;
  int best_q = 0;
  for (size_t i = 0; i < offers.size(); ++i) {
    const int q = quality_of(accept, offers[i]);
    if (q <= best_q) continue;
    best_q = q;
    best = i;
  }
  return best;
}

bool names_type(std::string_view accept, std::string_view type) {
  for (const auto element : split(accept, ',')) {
    const Range range = range_of(element);
    if (range.q > 0 && exactness_of(range.type, type) == 3) return true;
  }
  return false;
}

bool accepts_encoding(std::string_view accept_encoding, std::string_view encoding) {
  for (const auto element : split(accept_encoding, ',')) {
    const Range range = range_of(element);
    if (range.q > 0 && same_in_any_case(range.type, encoding)) return true;
  }
  return false;
}

}  // namespace suyuan::http
