#include "client/command/posting.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

struct RevokeOptions {
  std::string party;
  std::string revoked;
  std::string key;
  std::string reason;
  std::optional<uint64_t> suspect_from;
  OtherSigners others;
};

void declare_revoke(CLI::App& command, RevokeOptions& options, const Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("party", options.party, text(Help::revoke_party))->required();
  command.add_option("revoked", options.revoked, text(Help::revoke_key))->required();
  command.add_option("--key", options.key, text(Help::key))->required();
  command.add_option("--suspect-from", options.suspect_from, text(Help::revoke_suspect));
  command.add_option("--reason", options.reason, text(Help::revoke_reason));
  options.others.add_to(command, shell);
}

ExitCode run_revoke(Shell& shell, const RevokeOptions& options) {
  RevokeKey act{.party = options.party,
                .key = {},
                .suspect_from = options.suspect_from,
                .reason = options.reason};
  if (const auto key = fixed_from_base64<PublicKey>(options.revoked)) {
    act.key = *key;
  } else {
    auto file = shell.key(options.revoked);
    if (!file) return file.error();
    act.key = file->pair.key;
  }
  return post_acts(shell, {act}, options.key, 1, options.others);
}

}  // namespace

void add_revoke(CLI::App& app, Shell& shell) {
  add_command<RevokeOptions>(app, shell, "revoke", Help::revoke, declare_revoke, run_revoke);
}

}  // namespace suyuan
