#include "client/command/paging.h"
#include "client/command/question.h"

namespace suyuan {
namespace {

ExitCode run_forward(Shell& shell, const QuestionOptions& options) {
  const auto ask = [&](Connection& connection, const CodeQuestion& question) {
    return all_pages<Forward>(
        question, limits::kPageMax, options.limit,
        [&](const CodeQuestion& page) { return connection.forward(page); },
        [](const Forward& page) { return page.units.size(); },
        [](Forward& whole, Forward more) {
          append(whole.lots, std::move(more.lots));
          std::sort(whole.lots.begin(), whole.lots.end());
          append(whole.units, std::move(more.units));
          whole.units_total = more.units_total;
          whole.next = std::move(more.next);
        });
  };
  return ask_and_print(shell, options, ask, render_forward);
}

}  // namespace

void add_forward(CLI::App& app, Shell& shell) {
  add_command<QuestionOptions>(app, shell, "forward", Help::forward, declare_question, run_forward);
}

}  // namespace suyuan
