#include "client/command/paging.h"
#include "client/command/question.h"
#include "client/command/verify_bundle.h"
#include "client/session.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

struct TraceOptions {
  QuestionOptions question;
  bool verify = false;
  std::string bundle;
};

void declare_trace(CLI::App& command, TraceOptions& options, const Shell& shell) {
  declare_question(command, options.question, shell);
  command.add_flag("--verify", options.verify, help(Help::trace_verify, shell.lang));
  command.add_option("--bundle", options.bundle, help(Help::trace_bundle, shell.lang));
}

struct JudgedBundle {
  std::string text;
  BundleVerdict verdict;
};

// Asks as of the newest checkpoint, which covers all that this client knows, including what was
// just posted.
OrExit<JudgedBundle> ask_bundle(Shell& shell, Connection& connection, CodeQuestion question) {
  question.at_least = shell.newest_known();
  auto answer = connection.bundle(question);
  if (!answer.value) return Unexpected(shell.fail_answer(answer.value.error()));
  auto verdict = judge_bundle(shell, answer.value->text, std::nullopt);
  if (!verdict) return Unexpected(verdict.error());
  return JudgedBundle{.text = std::move(answer.value->text), .verdict = *std::move(verdict)};
}

Answer<TracePage> ask_trace(Connection& connection, const CodeQuestion& question, size_t most) {
  return all_pages<TracePage>(
      question, kEventsInPage, most,
      [&](const CodeQuestion& page) { return connection.trace(page, true); },
      [](const TracePage& page) { return page.trace.steps.size(); },
      [](TracePage& whole, TracePage more) {
        append(whole.trace.steps, std::move(more.trace.steps));
        append(whole.events, std::move(more.events));
        whole.next = std::move(more.next);
      });
}

// Prints `answer` with the sections that are open to the asking party, if there is one.
ExitCode print_trace(Shell& shell, Connection& connection, Answer<TracePage>& answer,
                     const AskingAs& as) {
  if (!as.key.empty()) {
    const auto fetched = fetch_sections(connection, answer.value->events);
    if (!fetched && fetched.error().code == Code::SECTION_MISMATCH)
      return shell.fail_verification(fetched.error());
    if (!fetched) return shell.fail_answer(fetched.error());
  }
  if (shell.options.json) {
    shell.print_line(to_json(answer.head, *answer.value));
    return ExitCode::ok;
  }
  auto names = Directory::fetch(connection);
  if (!names) return shell.fail_answer(names.error());
  shell.print(render_trace(answer.head, *answer.value, *names, shell.style()));
  return ExitCode::ok;
}

// Does not write a bundle that this machine would refuse: what is kept for years must verify today.
ExitCode write_bundle(Shell& shell, Connection& connection, const CodeQuestion& question,
                      const std::string& path) {
  const auto bundle = ask_bundle(shell, connection, question);
  if (!bundle) return bundle.error();
  if (bundle->verdict.judged == Judged::refused) return print_verdict(shell, bundle->verdict);
  const auto written = write_file(path, bundle->text, FileMode::shared);
  if (!written) return shell.fail_local(written.error());
  return print_verdict(shell, bundle->verdict);
}

// Asks as of the bundle's checkpoint, so that everything printed was proven before.
ExitCode trace_proven(Shell& shell, Connection& connection, CodeQuestion question,
                      const QuestionOptions& options) {
  const size_t most = options.limit;
  const auto bundle = ask_bundle(shell, connection, question);
  if (!bundle) return bundle.error();
  if (bundle->verdict.judged == Judged::refused) return print_verdict(shell, bundle->verdict);
  auto& known_at = question.as_of.known_at;
  known_at = std::min(known_at.value_or(UINT64_MAX), bundle->verdict.size);
  const bool whole = most == 0 && !question.as_of.at_ms;
  auto answer = ask_trace(connection, question, most);
  if (!answer.value) return shell.fail_answer(answer.value.error());
  const auto same = check_shown(bundle->text, *answer.value,
                                {.code = question.code, .whole = whole, .known_at = *known_at});
  if (!same) return shell.fail_verification(same.error());
  const ExitCode printed = print_trace(shell, connection, answer, options.as);
  if (printed != ExitCode::ok) return printed;
  // With --json, only the answer goes to standard output.
  if (shell.options.json) return note_verdict(shell, bundle->verdict);
  shell.print_line("");
  return print_verdict(shell, bundle->verdict);
}

ExitCode run_trace(Shell& shell, const TraceOptions& options) {
  const auto question = question_of(shell, options.question);
  if (!question) return question.error();
  auto connection = connect_as(shell, options.question.as);
  if (!connection) return connection.error();
  if (!options.bundle.empty())
    return write_bundle(shell, **connection, *question, options.bundle);
  if (options.verify)
    return trace_proven(shell, **connection, *question, options.question);
  auto answer = ask_trace(**connection, *question, options.question.limit);
  if (!answer.value) return shell.fail_answer(answer.value.error());
  return print_trace(shell, **connection, answer, options.question.as);
}

}  // namespace

void add_trace(CLI::App& app, Shell& shell) {
  add_command<TraceOptions>(app, shell, "trace", Help::trace, declare_trace, run_trace);
}

}  // namespace suyuan
