// Access for registered parties: sessions opened by signed challenges, what each session sees, and
// the log of what was read (docs/access.md).
#pragma once

#include <memory>
#include <string>

#include "ledger/crypto/note.h"
#include "node/access/access_log.h"
#include "node/access/quotas.h"
#include "node/access/sessions.h"
#include "node/clock.h"

namespace suyuan {

// Who asks and what, as the access log names it.
struct Asker {
  std::string client = {};  // as Clients names it; empty: it is not counted
  std::string token = {};   // empty: anyone
  std::string question = {};
  std::string code = {};
};

// A party's program that asks with a gateway token, without a session.
struct TokenAsker {
  std::string party;
  std::string token_id;  // the first 8 hex digits of the token's hash
};

class Access {
 public:
  struct Parts {
    LedgerId ledger;
    std::string node;  // the node's name
    Clock clock;
    Quotas& quotas;
  };
  Access(Parts parts, std::unique_ptr<AccessLog> log)
      : parts_(std::move(parts)), log_(std::move(log)) {}

  // Thread-safe, all of them.
  Challenge challenge() const {
    return sessions_.challenge(parts_.ledger, parts_.node, parts_.clock());
  }
  // Errors: NOTE_SYNTAX, SIGNATURE_LINES, LEDGER_MISMATCH, CHALLENGE_INVALID, PARTY_UNKNOWN,
  // KEY_UNKNOWN, KEY_NOT_IN_FORCE, SIGNATURE_INVALID, BUSY.
  Result<OpenedSession> open(const Reader& reader, std::string_view note);
  // Counts a question before anything is done for it: for the party of its session, else for its
  // client. What follows is asked afterwards.
  // Errors: RATE_LIMITED.
  Result<Done> admit(const Asker& asker) const;
  // As above, for what a gateway token or a permit asks.
  Result<Done> admit_party(const std::string& party) const;
  // Asks for the token's party. Writes the access log before it returns the answer: what cannot be
  // logged is not answered.
  // Errors: SESSION_INVALID, RATE_LIMITED (no room in the log), IO.
  template <class T, class Question>
  Result<T> answer(const Reader& reader, const Asker& asker, Question question) {
    Viewer viewer;
    if (asker.token.empty()) return question(viewer);
    SUYUAN_TRY(session, enter(reader, asker.token, viewer));
    SUYUAN_TRY_DONE(log_->check_share(session.party, parts_.clock()));
    Opened opened;
    viewer.opened = &opened;
    Result<T> value = question(viewer);
    SUYUAN_TRY_DONE(note(session.party, session.key_id, asker, opened));
    return value;
  }
  // As above, for a program with a gateway token. `question` records what it opens in its Opened
  // argument.
  // Errors: RATE_LIMITED (no room in the log), IO.
  template <class T, class Question>
  Result<T> answer_program(const TokenAsker& program, const Asker& asker, Question question) {
    SUYUAN_TRY_DONE(log_->check_share(program.party, parts_.clock()));
    Opened opened;
    Result<T> value = question(opened);
    SUYUAN_TRY_DONE(note(program.party, program.token_id, asker, opened));
    return value;
  }
  // As above, for a request that the party signed by itself, without a session. Counts it too:
  // nobody knew whose it is. `key_id`: of the key that signed it, which the caller has verified.
  // Errors: RATE_LIMITED, IO.
  template <class T, class Question>
  Result<T> answer_signed(const std::string& party, uint32_t key_id, const Asker& asker,
                          Question question) {
    SUYUAN_TRY_DONE(admit_party(party));
    return answer_program<T>({.party = party, .token_id = key_id_text(key_id)}, asker,
                             [&](Opened&) { return question(); });
  }
  // Logs a report to a party's subscription before it leaves. There is no asker and no token.
  // Errors: IO.
  Result<Done> note_report(const std::string& party, const Asker& asker, const Opened& opened) {
    return note(party, "-", asker, opened);
  }
  // Errors: NOT_ENTITLED (only parties with the role authority or market_supervision read it),
  // TOO_MANY.
  Result<AccessPage> read_log(const Viewer& viewer, uint64_t after, uint32_t limit) const;
  const Sessions& sessions() const { return sessions_; }
  Result<Done> link_log_to(const std::string& folder) const { return log_->link_to(folder); }

 private:
  // Finds the session. A key that was revoked since ends its sessions.
  Result<Sessions::Session> enter(const Reader& reader, std::string_view token, Viewer& viewer);
  Result<Done> note(const std::string& party, const std::string& key_id, const Asker& asker,
                    const Opened& opened);

  const Parts parts_;
  Sessions sessions_;
  const std::unique_ptr<AccessLog> log_;
};

}  // namespace suyuan
