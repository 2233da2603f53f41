#include "client/command/question.h"

namespace suyuan {
namespace {

ExitCode run_balance(Shell& shell, const QuestionOptions& options) {
  return ask_and_print(
      shell, options,
      [](Connection& connection, const CodeQuestion& question) {
        return connection.balance(question);
      },
      [](const AnswerHead& head, const std::vector<BalanceLine>& lines, const Directory&,
         const Style& style) { return render_balance(head, lines, style); });
}

}  // namespace

void add_balance(CLI::App& app, Shell& shell) {
  add_command<QuestionOptions>(app, shell, "balance", Help::balance, declare_question, run_balance);
}

}  // namespace suyuan
