#include "client/command/posting.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "ledger/registry/possession.h"

namespace suyuan {
namespace {

struct RotateOptions {
  std::string key;
  std::string new_key;
  std::string out;
  bool keep = false;
};

void declare_rotate(CLI::App& command, RotateOptions& options, const Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("--key", options.key, text(Help::key))->required();
  command.add_option("--new-key", options.new_key, text(Help::rotate_new))->required();
  command.add_flag("--keep-old", options.keep, text(Help::rotate_keep));
  command.add_option("--out", options.out, text(Help::out));
}

// A new key is sealed as the old one is: with the passphrase that was given for both, or with one
// that is asked for at the terminal.
Result<Done> make_new_key(const Shell& shell, const RotateOptions& options,
                          const std::string& name) {
  SUYUAN_TRY(sealed, is_sealed_key(options.key));
  std::string passphrase;
  if (sealed) {
    SUYUAN_TRY(asked, shell.new_passphrase());
    passphrase = std::move(asked);
  }
  const auto made = make_key_file(options.new_key, name, passphrase);
  wipe(passphrase);
  if (!made) return Unexpected(made.error());
  return Done{};
}

// Both acts are in one request, so that the registrar's batch takes both or none: there is no
// moment without a key.
ExitCode run_rotate(Shell& shell, const RotateOptions& options) {
  auto signing = shell.signing_with(options.key);
  if (!signing) return signing.error();
  auto& [ledger, old_key] = *signing;
  if (!file_exists(options.new_key)) {
    const auto made = make_new_key(shell, options, old_key.name);
    if (!made) return shell.fail_local(made.error());
  }
  const auto old_sealed = is_sealed_key(options.key);
  const auto new_sealed = is_sealed_key(options.new_key);
  if (old_sealed && new_sealed && *old_sealed && !*new_sealed) {
    return shell.fail_local({.code = Code::INVALID_FIELD,
                             .message = options.new_key + " is in clear, and the old key is "
                                        "sealed: remove that file, and a sealed key is made",
                             .field = "--new-key"});
  }
  auto new_key = shell.key(options.new_key);
  if (!new_key) return new_key.error();
  if (new_key->name != old_key.name || new_key->pair.key == old_key.pair.key) {
    return shell.fail_local(
        {.code = Code::INVALID_FIELD,
         .message = "the new key must be another key of " + quote(old_key.name),
         .field = "--new-key"});
  }
  const std::string& party = old_key.name;
  std::vector<RegistryEvent> acts = {
      AddKey{.party = party,
             .key = prove_possession(ledger.id, party, new_key->pair.secret, new_key->pair.key)}};
  if (!options.keep) {
    acts.push_back(RevokeKey{.party = party, .key = old_key.pair.key, .reason = "rotated"});
  }
  const std::string path = options.out.empty() ? party + ".rotate.json" : options.out;
  return write_request(shell, path, acts);
}

}  // namespace

void add_rotate(CLI::App& app, Shell& shell) {
  add_command<RotateOptions>(app, shell, "rotate", Help::rotate, declare_rotate, run_rotate);
}

}  // namespace suyuan
