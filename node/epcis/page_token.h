// nextPageToken: says where a page begins. A MAC binds it to the question and the client, so it
// works only unchanged, and only until it expires or the client gives it back.
//
//   hex of: mac that it is a token of here (16) ‖ mac with what was asked (16) ‖ the page
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "ledger/crypto/hash.h"
#include "node/epcis/search.h"

namespace suyuan::epcis {

inline constexpr int64_t kTokenLifeMs = int64_t{24} * 3600 * 1000;
inline constexpr size_t kEndedTokensMax = 10'000;

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
  // `asked`: everything that must be the same on each page.
  std::string write(const PageToken& token, std::string_view asked) const;
  // Errors: PAGE_TOKEN_INVALID (not made here, for another question, expired, or given back).
  Result<PageToken> read(std::string_view text, std::string_view asked, int64_t now_ms) const;

  // Ends a token before it expires; any other text is ignored. Kept in memory for the newest
  // kEndedTokensMax tokens: a token holds no resources, so one that becomes valid again after a
  // restart is harmless. Thread-safe.
  void end(std::string_view text, int64_t now_ms);

 private:
  Bytes mac(std::string_view use, std::string_view asked, BytesView body) const;
  // Returns the token without its first MAC, if it was made here.
  std::optional<Bytes> opened(std::string_view text) const;
  const Hash secret_;
  mutable std::mutex mutex_;        // guards ended_; held for a look-up or an insertion
  std::map<Bytes, int64_t> ended_;  // by the second MAC, with the time when each was ended
};

}  // namespace suyuan::epcis
