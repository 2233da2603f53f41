#include "client/command/paging.h"
#include "client/command/question.h"
#include "client/command/verify_bundle.h"
#include "client/verify.h"
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

// What is printed was checked before: a person who reads on does not see what nobody signed.
ExitCode verify_page(Shell& shell, Connection& connection, const TracePage& page,
                     std::string& verdict) {
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  Verifier verifier(connection, *ledger);
  for (size_t i = 0; i < page.trace.steps.size(); ++i) {
    const Place place = page.trace.steps[i].place;
    const auto good = i < page.events.size() && page.events[i].place == place
                          ? verifier.check(page.events[i])
                          : Result<Done>(fail(Code::ROOT_MISMATCH, "a step lacks its event"));
    if (good) continue;
    return info(good.error().code).refusal ? shell.fail_verification(good.error())
                                           : shell.fail_answer(good.error());
  }
  const auto counts = verifier.counts();
  verdict = shell.say(Say::verified, {std::to_string(counts.events), std::to_string(counts.batches),
                                      std::to_string(counts.keys)});
  return ExitCode::ok;
}

// A bundle that this machine would refuse is not written: what is kept for years must hold today.
ExitCode write_bundle(Shell& shell, const TraceOptions& options) {
  const auto question = question_of(shell, options.question);
  if (!question) return question.error();
  auto connection = shell.connect();
  if (!connection) return connection.error();
  const auto answer = (*connection)->bundle(*question);
  if (!answer.value) return shell.fail_answer(answer.value.error());
  const auto verdict = judge_bundle(shell, answer.value->text, std::nullopt);
  if (!verdict) return verdict.error();
  if (verdict->judged == Judged::refused) return print_verdict(shell, *verdict);
  const auto written = write_file(options.bundle, answer.value->text, FileMode::shared);
  if (!written) return shell.fail_local(written.error());
  return print_verdict(shell, *verdict);
}

ExitCode run_trace(Shell& shell, const TraceOptions& options) {
  if (!options.bundle.empty()) return write_bundle(shell, options);
  const auto ask = [&](Connection& connection, const CodeQuestion& question) {
    return all_pages<TracePage>(
        question, kEventsInPage, options.question.limit,
        [&](const CodeQuestion& page) { return connection.trace(page, true); },
        [](const TracePage& page) { return page.trace.steps.size(); },
        [](TracePage& whole, TracePage more) {
          append(whole.trace.steps, std::move(more.trace.steps));
          append(whole.events, std::move(more.events));
          whole.next = std::move(more.next);
        });
  };
  std::string verdict;
  const auto check = [&](Connection& connection, const TracePage& page) {
    return options.verify ? verify_page(shell, connection, page, verdict) : ExitCode::ok;
  };
  const ExitCode code = ask_and_print(shell, options.question, ask, render_trace, check);
  if (code != ExitCode::ok || verdict.empty()) return code;
  if (shell.options.json)
    shell.note(verdict);
  else
    shell.print_line(toned(verdict, Tone::good, shell.style().view));
  return ExitCode::ok;
}

}  // namespace

void add_trace(CLI::App& app, Shell& shell) {
  add_command<TraceOptions>(app, shell, "trace", Help::trace, declare_trace, run_trace);
}

}  // namespace suyuan
