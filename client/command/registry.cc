#include "client/acts.h"
#include "client/command/posting.h"
#include "ledger/base/limits.h"
#include "ledger/os/files.h"
#include "proto/jsontext/document.h"

namespace suyuan {
namespace {

struct RegistryOptions {
  std::string file;
  std::string key;
  std::string keys;
  size_t batch = 256;
};

void declare_registry(CLI::App& command, RegistryOptions& options, const Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("file", options.file, text(Help::registry_file))->required();
  command.add_option("--key", options.key, text(Help::key))->required();
  command.add_option("--keys", options.keys, text(Help::registry_keys));
  command.add_option("--batch", options.batch, text(Help::post_batch))
      ->check(CLI::Range(size_t{1}, limits::kBatchEventsMax))
      ->capture_default_str();
}

ExitCode run_registry(Shell& shell, const RegistryOptions& options) {
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  const auto text = read_file(options.file, kJsonBytesMax);
  if (!text) return shell.fail_local(text.error());
  auto acts = parse_acts(*text);
  if (!acts) return shell.fail_local(acts.error().front());
  if (!options.keys.empty()) {
    const auto ask = [&](const std::string& path) {
      return shell.passphrase.get(shell.say(Say::passphrase_of, {path}));
    };
    const auto added = add_keys_from(options.keys, ledger->id, ask, *acts);
    if (!added) return shell.fail_local(added.error());
  }
  return post_acts(shell, *acts, options.key, options.batch);
}

}  // namespace

void add_registry(CLI::App& app, Shell& shell) {
  add_command<RegistryOptions>(app, shell, "registry", Help::registry, declare_registry,
                               run_registry);
}

}  // namespace suyuan
