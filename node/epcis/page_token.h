// nextPageToken: where a page begins, bound to what was asked and by whom, with a MAC, so that it
// can be used only as it was given; and until it ends, or whoever has it gives it back.
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
  // `asked`: all that must be the same from page to page.
  std::string write(const PageToken& token, std::string_view asked) const;
  // PAGE_TOKEN_INVALID: not made here, for another question, too old, or given back.
  Result<PageToken> read(std::string_view text, std::string_view asked, int64_t now_ms) const;

  // Ends a token of here before its time; of any other text nothing is kept. In memory, of the
  // newest kEndedTokensMax: a token holds nothing, so one that a restart lets live again does no
  // harm. Any thread.
  void end(std::string_view text, int64_t now_ms);

 private:
  Bytes mac(std::string_view use, std::string_view asked, BytesView body) const;
  // A token of here: without its first mac.
  std::optional<Bytes> opened(std::string_view text) const;
  const Hash secret_;
  mutable std::mutex mutex_;  // of ended_, for a look-up or one more
  std::map<Bytes, int64_t> ended_;  // by the second mac, with the time when each was ended
};

}  // namespace suyuan::epcis
