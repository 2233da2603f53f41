#include "client/command/question.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"

namespace suyuan {

void declare_question(CLI::App& command, QuestionOptions& options, const Shell& shell) {
  command.add_option("code", options.code, help(Help::code, shell.lang))->required();
  command.add_option("--at", options.at, help(Help::at, shell.lang));
  command.add_option("--known-at", options.known_at, help(Help::known_at, shell.lang))
      ->check(CLI::PositiveNumber);
  command.add_option("--limit", options.limit, help(Help::limit, shell.lang))
      ->check(CLI::PositiveNumber);
}

OrExit<CodeQuestion> question_of(const Shell& shell, const QuestionOptions& options) {
  CodeQuestion question{.code = options.code};
  // The registry's own names have chains too; parse_code() keeps them from being posted.
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
  // Of commands that read page by page, the whole; of the others, one page.
  question.limit = std::min(options.limit, static_cast<uint32_t>(limits::kPageMax));
  return question;
}

}  // namespace suyuan
