#include "client/acts.h"
#include "client/command/posting.h"
#include "client/handing_on.h"
#include "ledger/os/files.h"
#include "proto/json/registry_json.h"
#include "proto/jsontext/document.h"

namespace suyuan {
namespace {

struct CosignOptions {
  std::string file;
  std::string key;
  std::string out;
};

void declare_cosign(CLI::App& command, CosignOptions& options, const Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("file", options.file, text(Help::cosign_file))->required();
  command.add_option("--key", options.key, text(Help::key))->required();
  command.add_option("--out", options.out, text(Help::out));
}

// The last signer posts it. After a failure it can be run again: the ledger takes it once.
ExitCode run_cosign(Shell& shell, const CosignOptions& options) {
  auto signing = shell.signing_with(options.key);
  if (!signing) return signing.error();
  auto& [ledger, key] = *signing;
  const auto text = read_file(options.file, kJsonBytesMax);
  if (!text) return shell.fail_local(text.error());
  auto handed = read_handed_on(*text, ledger.id);
  if (!handed) return shell.fail_local(handed.error());
  if (const Errors errors = check_possessions(ledger.id, handed->acts); !errors.empty())
    return shell.fail_answer(errors);
  // Shows what is about to be signed.
  for (const auto& act : handed->acts) {
    if (shell.options.json) break;
    shell.print_line(shell.say(Say::act_line, {act_word(act), shown(write_registry_json(act))}));
  }
  if (const auto done = handed->note.sign(signer_of(key)); !done)
    return shell.fail_local(done.error());
  const std::string whole = write_handed_on(*handed);
  const auto missing = handed->note.missing();
  if (!missing.empty()) {
    const std::string path = options.out.empty() ? options.file : options.out;
    return write_for_others(shell, path, whole, missing);
  }
  handed->submission.note = handed->note.text();
  return post_signed(shell, ledger, handed->submission);
}

}  // namespace

void add_cosign(CLI::App& app, Shell& shell) {
  add_command<CosignOptions>(app, shell, "cosign", Help::cosign, declare_cosign, run_cosign);
}

}  // namespace suyuan
