#include "client/command/question.h"

namespace suyuan {
namespace {

ExitCode run_custody(Shell& shell, const QuestionOptions& options) {
  return ask_and_print(
      shell, options,
      [](Connection& connection, const CodeQuestion& question) {
        return connection.custody(question);
      },
      render_custody);
}

}  // namespace

void add_custody(CLI::App& app, Shell& shell) {
  add_command<QuestionOptions>(app, shell, "custody", Help::custody, declare_question, run_custody);
}

}  // namespace suyuan
