#include "node/commands/gateway.h"

#include <cstdio>

#include "ledger/base/text.h"
#include "node/commands/shared_options.h"
#include "node/epcis/gateway.h"
#include "node/folder/init.h"
#include "node/folder/node_keys.h"

namespace suyuan {

void GatewayCommands::add_to(CLI::App& app) {
  auto* gateway = app.add_subcommand("gateway", "sign for parties whose programs cannot");
  gateway->require_subcommand(1);
  const auto subcommand = [&](const std::string& name, const std::string& about,
                              bool needs_party) {
    auto* command = gateway->add_subcommand(name, about);
    command->add_option("--data", data, "folder of the node's data")->required();
    if (needs_party) command->add_option("party", party, "party id")->required();
    return command;
  };
  init = subcommand("init", "make the key of the gateway party", true);
  add_passphrase_options(*init, passphrase);
  add = subcommand("add-token", "add a token for a party's program; it is shown only now", true);
  add->add_flag("--public", is_public,
                "what it captures is public, unless the request says otherwise");
  remove = subcommand("remove-tokens", "revoke all tokens of a party", true);
  list = subcommand("tokens", "list the parties that have tokens", false);
}

Result<Done> GatewayCommands::run() const {
  const epcis::GatewayFolder folder{DataFolder{data}.gateway()};
  if (init->parsed()) {
    NodePassphrase given(passphrase);
    SUYUAN_TRY(seals, given.for_new());
    SUYUAN_TRY(key, epcis::make_gateway_key(folder, party, seals));
    std::printf("key      %s\npublic   %s   register it for %s: suyuan register --key FILE\n",
                folder.key().c_str(), to_base64(key.view()).c_str(), party.c_str());
    if (!seals.empty())
      std::printf("next     a running node opens a sealed key only when it is restarted\n");
  } else if (add->parsed()) {
    SUYUAN_TRY(token, epcis::add_token(folder, {.party = party, .is_public = is_public}));
    std::printf("%s\n", token.c_str());
  } else if (remove->parsed()) {
    SUYUAN_TRY(removed, epcis::remove_tokens(folder, party));
    std::printf("%zu removed\n", removed);
  } else {
    SUYUAN_TRY(lines, epcis::read_tokens(folder));
    for (const auto& line : lines) {
      std::printf("%s  %s  %s\n", to_hex(line.hash.view()).substr(0, 12).c_str(),
                  line.bearer.party.c_str(), line.bearer.is_public ? "public" : "partner");
    }
  }
  return Done{};
}

}  // namespace suyuan
