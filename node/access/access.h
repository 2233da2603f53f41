// Who may know more than everyone: sessions opened by signed challenges, what each then sees, and
// the log of what was read (docs/access.md).
#pragma once

#include <memory>
#include <string>

#include "node/access/access_log.h"
#include "node/access/quotas.h"
#include "node/access/sessions.h"
#include "node/clock.h"

namespace suyuan {

// Who asks, and what: as the access log names it.
struct Asker {
  std::string token = {};  // empty: anyone
  std::string question = {};
  std::string code = {};
};

// A party's program that asks with a token of the gateway, which no session stands behind.
struct TokenAsker {
  std::string party;
  std::string token_id;  // the first 8 hex digits of the token's hash
};

class Access {
 public:
  struct Parts {
    LedgerId ledger;
    std::string node;  // its name
    Clock clock;
    Quotas& quotas;
  };
  Access(Parts parts, std::unique_ptr<AccessLog> log)
      : parts_(std::move(parts)), log_(std::move(log)) {}

  // Each from any thread.
  Challenge challenge() const {
    return sessions_.challenge(parts_.ledger, parts_.node, parts_.clock());
  }
  // NOTE_SYNTAX, SIGNATURE_LINES, LEDGER_MISMATCH, CHALLENGE_INVALID, PARTY_UNKNOWN, KEY_UNKNOWN,
  // KEY_NOT_IN_FORCE, SIGNATURE_INVALID, BUSY.
  Result<OpenedSession> open(const Reader& reader, std::string_view note);
  // Asks for the token's party, and writes the access log before it gives the answer: what could
  // not be logged is not answered. SESSION_INVALID, RATE_LIMITED, IO.
  template <class T, class Question>
  Result<T> answer(const Reader& reader, const Asker& asker, Question question) {
    Viewer viewer;
    if (asker.token.empty()) return question(viewer);
    SUYUAN_TRY(session, enter(reader, asker.token, viewer));
    Opened opened;
    viewer.opened = &opened;
    Result<T> value = question(viewer);
    SUYUAN_TRY_DONE(note(session.party, session.key_id, asker, opened));
    return value;
  }
  // The same of a program that asks with a token of the gateway; `question` puts into its Opened
  // what it opens. RATE_LIMITED, IO.
  template <class T, class Question>
  Result<T> answer_program(const TokenAsker& program, const Asker& asker, Question question) {
    SUYUAN_TRY_DONE(admit(program.party));
    Opened opened;
    Result<T> value = question(opened);
    SUYUAN_TRY_DONE(note(program.party, program.token_id, asker, opened));
    return value;
  }
  // Before a report leaves that a party subscribed to: nobody asks, and no token is shown. IO.
  Result<Done> note_report(const std::string& party, const Asker& asker, const Opened& opened) {
    return note(party, "-", asker, opened);
  }
  // NOT_ENTITLED: only parties with the role authority or market_supervision read it. TOO_MANY.
  Result<AccessPage> read_log(const Viewer& viewer, uint64_t after, uint32_t limit) const;
  const Sessions& sessions() const { return sessions_; }
  Result<Done> link_log_to(const std::string& folder) const { return log_->link_to(folder); }

 private:
  // A key that was revoked meanwhile ends its sessions.
  Result<Sessions::Session> enter(const Reader& reader, std::string_view token,
                                  Viewer& viewer) const;
  Result<Done> admit(const std::string& party) const;  // RATE_LIMITED
  Result<Done> note(const std::string& party, const std::string& key_id, const Asker& asker,
                    const Opened& opened);

  const Parts parts_;
  Sessions sessions_;
  const std::unique_ptr<AccessLog> log_;
};

}  // namespace suyuan
