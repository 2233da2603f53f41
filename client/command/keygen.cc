#include "client/command/command.h"
#include "ledger/base/text.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct KeygenOptions {
  std::string name;
  std::string out;
  bool passphrase = false;
};

void declare_keygen(CLI::App& command, KeygenOptions& options, const Shell& shell) {
  command.add_option("name", options.name, help(Help::keygen_name, shell.lang))->required();
  command.add_option("--out", options.out, help(Help::out, shell.lang));
  command.add_flag("--passphrase", options.passphrase, help(Help::keygen_passphrase, shell.lang));
}

ExitCode run_keygen(Shell& shell, const KeygenOptions& options) {
  const std::string path = options.out.empty() ? options.name + ".key" : options.out;
  std::string passphrase;
  if (options.passphrase) {
    auto asked = shell.new_passphrase();
    if (!asked) return shell.fail_local(asked.error());
    passphrase = *std::move(asked);
  }
  const auto key = make_key_file(path, options.name, passphrase);
  wipe(passphrase);
  if (!key) return shell.fail_local(key.error());
  const std::string text = to_base64(key->view());
  if (shell.options.json) {
    JsonWriter out;
    out.begin_object();
    out.field("name", options.name);
    out.field("key", text);
    out.field("path", path);
    out.end_object();
    shell.print_line(out.str());
    return ExitCode::ok;
  }
  Paper paper(shell.style());
  paper.labelled(Say::key_name, options.name);
  paper.labelled(Say::key_public, text, Tone::strong);
  paper.labelled(Say::key_made, path);
  shell.print(paper.take());
  return ExitCode::ok;
}

}  // namespace

void add_keygen(CLI::App& app, Shell& shell) {
  add_command<KeygenOptions>(app, shell, "keygen", Help::keygen, declare_keygen, run_keygen);
}

}  // namespace suyuan
