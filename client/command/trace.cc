#include "client/command/paging.h"
#include "client/command/question.h"

namespace suyuan {
namespace {

ExitCode run_trace(Shell& shell, const QuestionOptions& options) {
  const auto ask = [&](Connection& connection, const CodeQuestion& question) {
    return all_pages<TracePage>(
        question, kEventsInPage, options.limit,
        [&](const CodeQuestion& page) { return connection.trace(page, true); },
        [](const TracePage& page) { return page.trace.steps.size(); },
        [](TracePage& whole, TracePage more) {
          append(whole.trace.steps, std::move(more.trace.steps));
          append(whole.events, std::move(more.events));
          whole.next = std::move(more.next);
        });
  };
  return ask_and_print(shell, options, ask, render_trace);
}

}  // namespace

void add_trace(CLI::App& app, Shell& shell) {
  add_command<QuestionOptions>(app, shell, "trace", Help::trace, declare_question, run_trace);
}

}  // namespace suyuan
