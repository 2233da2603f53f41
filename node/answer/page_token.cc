#include "node/answer/page_token.h"

#include <algorithm>

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

// What must stay the same from page to page; the limit may change. The viewer is part of it: a
// place counts what that viewer sees, so for another viewer the next page would leave things out.
std::string fingerprint(std::string_view asked, const CodeQuestion& question) {
  std::string text = std::string(asked) + "\n" + question.code + "\n";
  text += question.viewer.party + "\n";
  if (question.as_of.at_ms) text += std::to_string(*question.as_of.at_ms);
  text += "\n";
  if (question.as_of.known_at) text += std::to_string(*question.as_of.known_at);
  return to_hex(sha256(text).view().substr(0, 4));
}

// Base64 of a URL (RFC 4648 5), without padding.
std::string to_base64url(BytesView bytes) {
  std::string text = to_base64(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::optional<Bytes> from_base64url(std::string_view sent) {
  if (sent.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string text(sent);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return from_base64(text);
}

}  // namespace

Result<PageStart> open_page(std::string_view asked, const CodeQuestion& question, uint64_t size) {
  const uint64_t known = std::min(question.as_of.known_at.value_or(size), size);
  if (question.page.empty()) return PageStart{.size = known, .cursor = {}};
  const bool is_too_long = question.page.size() > kPageTokenBytesMax;
  const auto parts = split(is_too_long ? std::string_view() : question.page, '.');
  const auto pinned = from_decimal(parts[0]);
  const auto cursor = parts.size() == 3 ? from_base64url(parts[2]) : std::nullopt;
  if (!pinned || !cursor || cursor->empty() || *pinned > size ||
      parts[1] != fingerprint(asked, question)) {
    return fail(Code::PAGE_TOKEN_INVALID, "use `next` of the previous page, with the same question",
                "page");
  }
  return PageStart{.size = *pinned, .cursor = *cursor};
}

std::string next_page(std::string_view asked, const CodeQuestion& question, uint64_t size,
                      std::string_view cursor) {
  return std::to_string(size) + "." + fingerprint(asked, question) + "." + to_base64url(cursor);
}

}  // namespace suyuan
