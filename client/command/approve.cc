#include "client/acts.h"
#include "client/command/posting.h"
#include "ledger/os/files.h"
#include "proto/jsontext/document.h"
#include "proto/json/registry_json.h"

namespace suyuan {
namespace {

struct ApproveOptions {
  std::vector<std::string> files;
  std::string key;
  OtherSigners others;
};

void declare_approve(CLI::App& command, ApproveOptions& options, const Shell& shell) {
  command.add_option("file", options.files, help(Help::approve_file, shell.lang))->required();
  command.add_option("--key", options.key, help(Help::key, shell.lang))->required();
  options.others.add_to(command, shell);
}

ExitCode run_approve(Shell& shell, const ApproveOptions& options) {
  std::vector<RegistryEvent> acts;
  for (const auto& path : options.files) {
    const auto text = read_file(path, kJsonBytesMax);
    if (!text) return shell.fail_local(text.error());
    auto more = parse_acts(*text);
    if (!more) return shell.fail_local(more.error().front());
    // Shows what the registrar is about to sign.
    for (const auto& act : *more) {
      if (!shell.options.json) {
        shell.print_line(
            shell.say(Say::act_line, {act_word(act), shown(write_registry_json(act))}));
      }
      acts.push_back(act);
    }
  }
  return post_acts(shell, acts, options.key, limits::kBatchEventsMax, options.others);
}

}  // namespace

void add_approve(CLI::App& app, Shell& shell) {
  add_command<ApproveOptions>(app, shell, "approve", Help::approve, declare_approve, run_approve);
}

}  // namespace suyuan
