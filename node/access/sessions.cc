#include "node/access/sessions.h"

#include <algorithm>

#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/hmac.h"
#include "ledger/os/files.h"
#include "node/access/quotas.h"

namespace suyuan {
namespace {

constexpr std::string_view kTokenBegins = "sys_";  // so that a leaked token is recognised as one
constexpr size_t kRandomBytes = 16;                // random bytes of a nonce; the rest is the MAC

using TokenSecret = Fixed<32, struct TokenSecretTag>;

Hash token_hash(std::string_view token) { return sha256({"suyuan/session/token\n", token}); }

std::string mac_of(const Hash& secret, BytesView random, int64_t until_ms) {
  Bytes message("suyuan/session/challenge\n");
  message += random;
  put_u64(message, static_cast<uint64_t>(until_ms));
  return std::string(hmac_sha256(secret.view(), message).view().substr(0, kRandomBytes));
}

}  // namespace

Sessions::Sessions(const Limits& limits) : limits_(limits), secret_(random_fixed<Hash>()) {}

Challenge Sessions::challenge(const LedgerId& ledger, const std::string& node,
                              int64_t now_ms) const {
  const int64_t until_ms = now_ms + limits_.challenge_ms;
  const auto random = random_fixed<Fixed<kRandomBytes, struct ChallengeRandomTag>>();
  const Bytes nonce = random.bytes() + mac_of(secret_, random.view(), until_ms);
  return {.ledger = ledger,
          .node = node,
          .nonce = SessionNonce::from(nonce),
          .until_ms = until_ms};
}

Result<Done> Sessions::check_challenge(const SessionText& text, int64_t now_ms) const {
  const BytesView nonce = text.nonce.view();
  const std::string mac = mac_of(secret_, nonce.substr(0, kRandomBytes), text.until_ms);
  if (!equal_in_constant_time(mac, nonce.substr(kRandomBytes)))
    return fail(Code::CHALLENGE_INVALID, "this node did not give this nonce with this time",
                "nonce");
  if (text.until_ms < now_ms || text.until_ms > now_ms + limits_.challenge_ms)
    return fail(Code::CHALLENGE_INVALID, "the challenge has expired; ask for another", "until");
  return Done{};
}

void Sessions::forget_ended(int64_t now_ms) {
  std::erase_if(by_token_hash_, [&](const auto& one) { return one.second.until_ms < now_ms; });
  while (!used_by_end_.empty() && used_by_end_.begin()->first < now_ms) {
    const auto ended = used_.find(used_by_end_.begin()->second);
    const auto count = used_of_party_.find(ended->second.party);
    if (--count->second == 0) used_of_party_.erase(count);
    used_.erase(ended);
    used_by_end_.erase(used_by_end_.begin());
  }
}

void Sessions::make_room_for(const std::string& party) {
  auto oldest = by_token_hash_.end();
  size_t count = 0;
  for (auto one = by_token_hash_.begin(); one != by_token_hash_.end(); ++one) {
    if (one->second.party != party) continue;
    ++count;
    if (oldest == by_token_hash_.end() || one->second.until_ms < oldest->second.until_ms)
      oldest = one;
  }
  if (count >= limits_.of_party_max) by_token_hash_.erase(oldest);
}

Result<OpenedSession> Sessions::open(const SessionText& text, int64_t now_ms) {
  const auto secret = random_fixed<TokenSecret>();
  const std::string token = std::string(kTokenBegins) + to_hex(secret.view());
  const std::lock_guard lock(mutex_);
  forget_ended(now_ms);
  if (used_.contains(text.nonce))
    return fail(Code::CHALLENGE_INVALID, "this challenge was used before; ask for another",
                "nonce");
  const auto used = used_of_party_.find(text.party);
  if (used != used_of_party_.end() && used->second >= limits_.used_of_party_max)
    return Unexpected(rate_limited("too many sessions of " + text.party,
                                   static_cast<uint32_t>(limits_.challenge_ms)));
  make_room_for(text.party);
  if (by_token_hash_.size() >= limits_.sessions_max || used_.size() >= limits_.used_max)
    return fail(Code::BUSY, "too many sessions are open; try again later");
  used_.emplace(text.nonce, Used{.until_ms = text.until_ms, .party = text.party});
  used_by_end_.emplace(text.until_ms, text.nonce);
  ++used_of_party_[text.party];
  const int64_t until_ms = now_ms + limits_.session_ms;
  by_token_hash_.emplace(token_hash(token),
                         Session{.party = text.party,
                                 .key = text.key,
                                 .key_id = key_id_text(key_id(text.party, text.key)),
                                 .until_ms = until_ms});
  return OpenedSession{.token = token, .party = text.party, .until_ms = until_ms};
}

Result<Sessions::Session> Sessions::find(std::string_view token, int64_t now_ms) const {
  const Hash hash = token_hash(token);
  const std::lock_guard lock(mutex_);
  const auto found = by_token_hash_.find(hash);
  if (found == by_token_hash_.end() || found->second.until_ms < now_ms)
    return fail(Code::SESSION_INVALID, "this token is not one of this node's, or has expired",
                "Authorization");
  return found->second;
}

void Sessions::end(std::string_view token) {
  const Hash hash = token_hash(token);
  const std::lock_guard lock(mutex_);
  by_token_hash_.erase(hash);
}

size_t Sessions::size() const {
  const std::lock_guard lock(mutex_);
  return by_token_hash_.size();
}

}  // namespace suyuan
