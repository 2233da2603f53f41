// Sessions: a party proves with its key who it is, and gets a token that stands for it for a short
// time (docs/access.md). In memory alone: a node that starts again knows none. Time is an argument.
//
// A challenge is not remembered when it is given, so that asking for many costs the node nothing:
// it is random bytes and a MAC over them and its end. It is remembered once a registered party has
// signed it, so that it is used once.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "proto/answers.h"

namespace suyuan {

class Sessions {
 public:
  struct Limits {
    size_t sessions_max = 4096;
    size_t of_party_max = 16;  // one more ends the party's oldest
    size_t used_max = 65'536;  // challenges that were used and have not ended
    size_t used_of_party_max = 64;
    int64_t challenge_ms = 60'000;
    int64_t session_ms = 15 * 60'000;
  };
  struct Session {
    std::string party;
    PublicKey key;
    std::string key_id;
    int64_t until_ms = 0;
  };

  Sessions() : Sessions(Limits()) {}
  explicit Sessions(const Limits& limits);
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  // Each from any thread.
  Challenge challenge(const LedgerId& ledger, const std::string& node, int64_t now_ms) const;
  // Whether the nonce is one of ours, and in time. CHALLENGE_INVALID.
  Result<Done> check_challenge(const SessionText& text, int64_t now_ms) const;
  // REQUIRES: check_challenge, and the party's signature was verified. CHALLENGE_INVALID: used
  // before. BUSY: too many sessions; RATE_LIMITED: this party opens too many in a minute.
  Result<OpenedSession> open(const SessionText& text, int64_t now_ms);
  // SESSION_INVALID: no such token, or it has ended.
  Result<Session> find(std::string_view token, int64_t now_ms) const;
  size_t size() const;

 private:
  void forget_ended(int64_t now_ms);
  void make_room_for(const std::string& party);

  const Limits limits_;
  const Hash secret_;  // of the MACs
  mutable std::mutex mutex_;  // guards what follows, for as long as one entry is looked up
  std::map<Hash, Session> by_token_hash_;
  struct Used {
    int64_t until_ms = 0;
    std::string party;
  };
  std::map<SessionNonce, Used> used_;
  std::multimap<int64_t, SessionNonce> used_by_end_;
  std::map<std::string, size_t> used_of_party_;
};

}  // namespace suyuan
