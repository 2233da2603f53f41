#include "client/command/question.h"

namespace suyuan {
namespace {

ExitCode run_state(Shell& shell, const QuestionOptions& options) {
  return ask_and_print(
      shell, options,
      [](Connection& connection, const CodeQuestion& question) {
        return connection.state(question);
      },
      render_state);
}

}  // namespace

void add_state(CLI::App& app, Shell& shell) {
  add_command<QuestionOptions>(app, shell, "state", Help::state, declare_question, run_state);
}

}  // namespace suyuan
