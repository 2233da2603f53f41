#include "client/command/question.h"

namespace suyuan {
namespace {

ExitCode run_recall(Shell& shell, const QuestionOptions& options) {
  return ask_and_print(
      shell, options,
      [](Connection& connection, const CodeQuestion& question) {
        return connection.recall(question);
      },
      render_recall);
}

}  // namespace

void add_recall(CLI::App& app, Shell& shell) {
  add_command<QuestionOptions>(app, shell, "recall", Help::recall, declare_question, run_recall);
}

}  // namespace suyuan
