#include "node/access/access.h"

#include <algorithm>

#include "ledger/apply/apply.h"
#include "ledger/base/limits.h"
#include "node/access/viewer.h"

namespace suyuan {

Result<OpenedSession> Access::open(const Reader& reader, std::string_view note) {
  SUYUAN_TRY(session, parse_session_note(note));
  if (session.text.ledger != parts_.ledger)
    return fail(Code::LEDGER_MISMATCH, "the challenge is of another ledger", "ledger");
  if (session.text.node != parts_.node)
    return fail(Code::CHALLENGE_INVALID, "the challenge is of node " + session.text.node +
                                             ", this is " + parts_.node, "node");
  const int64_t now_ms = parts_.clock();
  SUYUAN_TRY_DONE(sessions_.check_challenge(session.text, now_ms));
  SUYUAN_TRY(party, find_party(reader, session.text.party));
  if (!party)
    return fail(Code::PARTY_UNKNOWN, "'" + session.text.party + "' is not registered", "party");
  SUYUAN_TRY(head, read_head(reader));
  SUYUAN_TRY_DONE(check_session_signature(session, *party, head.leaves));
  return sessions_.open(session.text, now_ms);
}

Result<Sessions::Session> Access::enter(const Reader& reader, std::string_view token,
                                        Viewer& viewer) {
  SUYUAN_TRY(session, sessions_.find(token, parts_.clock()));
  SUYUAN_TRY(party, find_party(reader, session.party));
  SUYUAN_TRY(head, read_head(reader));
  const bool in_force = party && std::ranges::any_of(party->keys, [&](const KeyState& key) {
    return key.key == session.key && key.in_force_at(head.leaves);
  });
  if (!in_force) {
    sessions_.end(token);  // so what it asks from now on counts for its client
    return fail(Code::SESSION_INVALID, "the key that opened this session is no longer in force",
                "Authorization");
  }
  SUYUAN_TRY(known, viewer_of(reader, session.party));
  viewer = std::move(known);
  return session;
}

Result<Done> Access::admit(const Asker& asker) const {
  const int64_t now_ms = parts_.clock();
  if (!asker.token.empty()) {
    if (const auto session = sessions_.find(asker.token, now_ms))
      return admit_party(session->party);
  }
  const uint32_t wait_ms = parts_.quotas.read_of_client(asker.client, now_ms);
  if (wait_ms != 0)
    return Unexpected(rate_limited("too many questions from this address", wait_ms));
  return Done{};
}

Result<Done> Access::admit_party(const std::string& party) const {
  const uint32_t wait_ms = parts_.quotas.read_of_party(party, parts_.clock());
  if (wait_ms != 0) return Unexpected(rate_limited("too many questions of " + party, wait_ms));
  return Done{};
}

Result<Done> Access::note(const std::string& party, const std::string& key_id, const Asker& asker,
                          const Opened& opened) {
  return log_->append({.time_ms = parts_.clock(),
                       .party = party,
                       .key_id = key_id,
                       .question = asker.question,
                       .code = asker.code,
                       .places = {opened.places.begin(), opened.places.end()},
                       .more = opened.more});
}

Result<AccessPage> Access::read_log(const Viewer& viewer, uint64_t after, uint32_t limit) const {
  const bool entitled = std::ranges::any_of(viewer.roles, [](Role role) {
    return role == Role::authority || role == Role::market_supervision;
  });
  if (!entitled)
    return fail(Code::NOT_ENTITLED,
                "only parties with the role authority or market_supervision may read the access "
                "log");
  if (limit > limits::kPageMax)
    return fail(Code::TOO_MANY,
                "at most " + std::to_string(limits::kPageMax) + " entries in one page", "limit");
  return log_->read(after, limit == 0 ? limits::kPageDefault : limit);
}

}  // namespace suyuan
