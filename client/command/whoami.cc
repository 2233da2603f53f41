#include "client/command/command.h"
#include "client/render/answers.h"
#include "proto/json/answers_json.h"

namespace suyuan {
namespace {

struct WhoamiOptions {
  std::string key;
};

void declare_whoami(CLI::App& command, WhoamiOptions& options, const Shell& shell) {
  command.add_option("--key", options.key, help(Help::key, shell.lang))->required();
}

ExitCode run_whoami(Shell& shell, const WhoamiOptions& options) {
  auto key = shell.key(options.key);
  if (!key) return key.error();
  auto connection = shell.connect();
  if (!connection) return connection.error();
  const auto answer = (*connection)->parties({.id = key->name});
  if (!answer.value) return shell.fail_answer(answer.value.error());
  if (shell.options.json) {
    shell.print_line(to_json(answer.head, *answer.value));
    return ExitCode::ok;
  }
  for (const auto& party : answer.value->items) {
    shell.print(render_party(party, &key->pair.key, shell.style()));
  }
  return ExitCode::ok;
}

}  // namespace

void add_whoami(CLI::App& app, Shell& shell) {
  add_command<WhoamiOptions>(app, shell, "whoami", Help::whoami, declare_whoami, run_whoami);
}

}  // namespace suyuan
