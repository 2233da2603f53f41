// Shared code of the commands that ask about a code.
#pragma once

#include "client/command/command.h"
#include "client/directory.h"
#include "client/render/answers.h"
#include "proto/json/answers_json.h"

namespace suyuan {

// Who asks: a party with its key, or anyone if there is no key.
struct AskingAs {
  std::string party;  // empty: the key's party
  std::string key;
};
void declare_asking_as(CLI::App& command, AskingAs& as, const Shell& shell);
// As Shell::connect; opens the party's session if there is a key.
OrExit<std::unique_ptr<Connection>> connect_as(Shell& shell, const AskingAs& as);

struct QuestionOptions {
  AskingAs as;
  std::string code;
  std::string at;
  uint64_t known_at = 0;
  uint32_t limit = 0;
};
void declare_question(CLI::App& command, QuestionOptions& options, const Shell& shell);

// Returns the question with its code in canonical form.
// Errors: CODE_*, INVALID_FIELD.
OrExit<CodeQuestion> question_of(const Shell& shell, const QuestionOptions& options);

// Asks, and prints the answer as JSON or for people. `ask` takes connection and question; `check`
// takes connection and value, before anything is printed; `render` takes head, value, names and
// style.
template <class Ask, class Render, class Check>
ExitCode ask_and_print(Shell& shell, const QuestionOptions& options, Ask ask, Render render,
                       Check check) {
  auto question = question_of(shell, options);
  if (!question) return question.error();
  auto connection = connect_as(shell, options.as);
  if (!connection) return connection.error();
  const auto answer = ask(**connection, *question);
  if (!answer.value) return shell.fail_answer(answer.value.error());
  const ExitCode checked = check(**connection, *answer.value);
  if (checked != ExitCode::ok) return checked;
  if (shell.options.json) {
    shell.print_line(to_json(answer.head, *answer.value));
    return ExitCode::ok;
  }
  auto names = Directory::fetch(**connection);
  if (!names) return shell.fail_answer(names.error());
  shell.print(render(answer.head, *answer.value, *names, shell.style()));
  return ExitCode::ok;
}

template <class Ask, class Render>
ExitCode ask_and_print(Shell& shell, const QuestionOptions& options, Ask ask, Render render) {
  return ask_and_print(shell, options, ask, render,
                       [](Connection&, const auto&) { return ExitCode::ok; });
}

}  // namespace suyuan
