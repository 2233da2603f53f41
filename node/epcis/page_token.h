// nextPageToken: where a page begins, bound to what was asked and by whom, with a MAC, so that it
// can be used only as it was given.
#pragma once

#include <string>

#include "ledger/crypto/hash.h"
#include "node/epcis/search.h"

namespace suyuan::epcis {

inline constexpr int64_t kTokenLifeMs = int64_t{24} * 3600 * 1000;

// Of searches, of values (`name` is the last one shown), of jobs and names.
struct PageToken {
  PageCursor cursor;
  std::string name = {};
  int64_t expires_ms = 0;
  friend bool operator==(const PageToken&, const PageToken&) = default;
};

class PageTokens {
 public:
  explicit PageTokens(const Hash& secret) : secret_(secret) {}
  // `asked`: all that must be the same from page to page.
  std::string write(const PageToken& token, std::string_view asked) const;
  // PAGE_TOKEN_INVALID: not made here, for another question, or too old.
  Result<PageToken> read(std::string_view text, std::string_view asked, int64_t now_ms) const;

 private:
  Bytes mac(BytesView body, std::string_view asked) const;
  const Hash secret_;
};

}  // namespace suyuan::epcis
