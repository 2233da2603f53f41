#include "client/command/question.h"
#include "ledger/base/limits.h"

namespace suyuan {
namespace {

// Asks for one page: there is no token for a second one, and what was left out is stated.
Answer<Contents> ask_contents(Connection& connection, CodeQuestion question) {
  if (question.limit == 0) question.limit = limits::kPageMax;
  return connection.contents(question);
}

ExitCode run_contents(Shell& shell, const QuestionOptions& options) {
  return ask_and_print(shell, options, ask_contents, render_contents);
}

}  // namespace

void add_contents(CLI::App& app, Shell& shell) {
  add_command<QuestionOptions>(app, shell, "contents", Help::contents, declare_question,
                               run_contents);
}

}  // namespace suyuan
