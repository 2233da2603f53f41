#include "client/command/question.h"

#include "client/session.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/os/files.h"

namespace suyuan {

void declare_asking_as(CLI::App& command, AskingAs& as, const Shell& shell) {
  command.add_option("--as", as.party, help(Help::as_party, shell.lang));
  command.add_option("--key", as.key, help(Help::as_key, shell.lang));
}

OrExit<std::unique_ptr<Connection>> connect_as(Shell& shell, const AskingAs& as) {
  if (as.key.empty() && as.party.empty()) return shell.connect();
  if (as.key.empty()) {
    return Unexpected(shell.fail_local({.code = Code::INVALID_FIELD,
                                        .message = std::string(shell.say(Say::error_as_needs_key)),
                                        .field = "--key"}));
  }
  auto key = shell.key(as.key);
  if (!key) return Unexpected(key.error());
  if (!as.party.empty() && as.party != key->name) {
    return Unexpected(shell.fail_local({.code = Code::INVALID_FIELD,
                                        .message = shell.say(Say::error_key_of_other,
                                                             {as.key, key->name, as.party}),
                                        .field = "--as"}));
  }
  auto connection = shell.connect();
  if (!connection) return connection;
  std::optional<LedgerId> pinned;
  if (file_exists(shell.genesis_path())) {
    const auto ledger = shell.pinned();
    if (!ledger) return Unexpected(ledger.error());
    pinned = ledger->id;
  }
  const auto opened = open_session(**connection, *key, pinned);
  if (!opened) return Unexpected(shell.fail_answer(opened.error()));
  return connection;
}

void declare_question(CLI::App& command, QuestionOptions& options, const Shell& shell) {
  command.add_option("code", options.code, help(Help::code, shell.lang))->required();
  declare_asking_as(command, options.as, shell);
  command.add_option("--at", options.at, help(Help::at, shell.lang));
  command.add_option("--known-at", options.known_at, help(Help::known_at, shell.lang))
      ->check(CLI::PositiveNumber);
  command.add_option("--limit", options.limit, help(Help::limit, shell.lang))
      ->check(CLI::PositiveNumber);
}

OrExit<CodeQuestion> question_of(const Shell& shell, const QuestionOptions& options) {
  CodeQuestion question{.code = options.code};
  // The registry's own names have chains too; parse_code() only keeps them from being posted.
  if (!is_registry_code(options.code)) {
    const auto code = parse_code(options.code);
    if (!code) return Unexpected(shell.fail_local(code.error()));
    question.code = code->text();
  }
  if (!options.at.empty()) {
    const auto at = from_rfc3339(options.at);
    if (!at) {
      return Unexpected(
          shell.fail_local({.code = Code::INVALID_FIELD,
                            .message = shell.say(Say::error_at_time, {quote(options.at)}),
                            .field = "--at"}));
    }
    question.as_of.at_ms = at->ms;
  }
  if (options.known_at > 0) question.as_of.known_at = options.known_at;
  // Commands that read page by page return everything; the others return one page.
  question.limit = std::min(options.limit, static_cast<uint32_t>(limits::kPageMax));
  return question;
}

}  // namespace suyuan
