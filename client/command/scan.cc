// suyuan scan, suyuan verdict: what a label's code means to whoever holds the item.
#include "client/command/command.h"
#include "client/render/answers.h"
#include "proto/json/answers_json.h"

namespace suyuan {
namespace {

struct VerdictOptions {
  std::string code;
};

void declare_verdict(CLI::App& command, VerdictOptions& options, const Shell& shell) {
  command.add_option("code", options.code, help(Help::code, shell.lang))->required();
}

void declare_scan(CLI::App& command, ScanRequest& scan, const Shell& shell) {
  command.add_option("code", scan.code, help(Help::code, shell.lang))->required();
  command.add_option("--inner", scan.inner, help(Help::scan_inner, shell.lang));
  command.add_option("--place", scan.place, help(Help::scan_place, shell.lang));
  command.add_option("--device", scan.device, help(Help::scan_device, shell.lang));
}

ExitCode print(Shell& shell, const Answer<VerdictView>& answer) {
  if (!answer.value) return shell.fail_answer(answer.value.error());
  if (shell.options.json) {
    shell.print_line(to_json(answer.head, *answer.value));
  } else {
    shell.print(render_scan(answer.head, *answer.value, shell.style()));
  }
  return ExitCode::ok;
}

ExitCode run_verdict(Shell& shell, const VerdictOptions& options) {
  auto connection = shell.connect();
  if (!connection) return connection.error();
  return print(shell, (*connection)->verdict({.code = options.code}));
}

ExitCode run_scan(Shell& shell, const ScanRequest& scan) {
  auto connection = shell.connect();
  if (!connection) return connection.error();
  return print(shell, (*connection)->scan(scan));
}

}  // namespace

void add_verdict(CLI::App& app, Shell& shell) {
  add_command<VerdictOptions>(app, shell, "verdict", Help::verdict, declare_verdict, run_verdict);
}

void add_scan(CLI::App& app, Shell& shell) {
  add_command<ScanRequest>(app, shell, "scan", Help::scan, declare_scan, run_scan);
}

}  // namespace suyuan
