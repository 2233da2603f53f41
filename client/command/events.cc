#include "client/command/paging.h"
#include "client/command/question.h"

namespace suyuan {
namespace {

ExitCode run_events(Shell& shell, const QuestionOptions& options) {
  const auto ask = [&](Connection& connection, const CodeQuestion& question) {
    return all_pages<ChainPage>(
        question, kEventsInPage, options.limit,
        [&](const CodeQuestion& page) { return connection.events(page, true); },
        [](const ChainPage& page) { return page.entries.size(); },
        [](ChainPage& whole, ChainPage more) {
          append(whole.entries, std::move(more.entries));
          append(whole.events, std::move(more.events));
          whole.next = std::move(more.next);
        });
  };
  return ask_and_print(shell, options, ask, render_chain);
}

}  // namespace

void add_events(CLI::App& app, Shell& shell) {
  add_command<QuestionOptions>(app, shell, "events", Help::events, declare_question, run_events);
}

}  // namespace suyuan
