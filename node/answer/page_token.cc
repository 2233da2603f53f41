#include "node/answer/page_token.h"

#include <algorithm>

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

// What must stay the same from page to page; the limit may change.
std::string fingerprint(std::string_view asked, const CodeQuestion& question) {
  std::string text = std::string(asked) + "\n" + question.code + "\n";
  if (question.as_of.at_ms) text += std::to_string(*question.as_of.at_ms);
  text += "\n";
  if (question.as_of.known_at) text += std::to_string(*question.as_of.known_at);
  return to_hex(sha256(text).view().substr(0, 4));
}

}  // namespace

Result<PageStart> open_page(std::string_view asked, const CodeQuestion& question, uint64_t size) {
  const uint64_t known = std::min(question.as_of.known_at.value_or(size), size);
  if (question.page.empty()) return PageStart{.size = known, .cursor = {}};
  const auto parts = split(question.page, '.');
  const auto pinned = from_decimal(parts[0]);
  const auto cursor = parts.size() == 3 ? from_hex(parts[2]) : std::nullopt;
  if (!pinned || !cursor || cursor->empty() || *pinned > size ||
      parts[1] != fingerprint(asked, question)) {
    return fail(Code::PAGE_TOKEN_INVALID, "use `next` of the page before, with the same question",
                "page");
  }
  return PageStart{.size = *pinned, .cursor = *cursor};
}

std::string next_page(std::string_view asked, const CodeQuestion& question, uint64_t size,
                      std::string_view cursor) {
  return std::to_string(size) + "." + fingerprint(asked, question) + "." + to_hex(cursor);
}

}  // namespace suyuan
