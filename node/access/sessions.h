// Sessions: a party proves with its key who it is, and gets a token for a short time
// (docs/access.md). Kept in memory only: a restarted node knows none. Time is an argument.
//
// A challenge is not stored when it is given, so requesting many costs the node nothing: it is
// random bytes and a MAC over them and their expiry. It is stored once a registered party has
// signed it, so that it is used only once.
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
    size_t of_party_max = 16;  // one more ends the party's oldest session
    size_t used_max = 65'536;  // used challenges that have not expired
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

  // Thread-safe, all of them.
  Challenge challenge(const LedgerId& ledger, const std::string& node, int64_t now_ms) const;
  // Verifies that the nonce is ours and has not expired.
  // Errors: CHALLENGE_INVALID.
  Result<Done> check_challenge(const SessionText& text, int64_t now_ms) const;
  // Opens a session.
  // Errors: CHALLENGE_INVALID (used before), BUSY (too many sessions), RATE_LIMITED (this party
  // opens too many in a minute).
  // Requires: check_challenge succeeded and the party's signature was verified.
  Result<OpenedSession> open(const SessionText& text, int64_t now_ms);
  // Errors: SESSION_INVALID (no such token, or it has expired).
  Result<Session> find(std::string_view token, int64_t now_ms) const;
  // Ends a session, if there is one.
  void end(std::string_view token);
  size_t size() const;

 private:
  void forget_ended(int64_t now_ms);
  void make_room_for(const std::string& party);

  const Limits limits_;
  const Hash secret_;         // of the MACs
  mutable std::mutex mutex_;  // guards what follows; held while one entry is looked up
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
