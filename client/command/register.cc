#include "client/command/posting.h"
#include "ledger/base/text.h"
#include "ledger/registry/act_rules.h"
#include "ledger/registry/possession.h"

namespace suyuan {
namespace {

struct RegisterOptions {
  std::string key;
  std::string out;
  PartyData party;
  std::vector<std::string> roles;
};

void declare_register(CLI::App& command, RegisterOptions& options, const Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("--key", options.key, text(Help::key))->required();
  command.add_option("--id", options.party.id, text(Help::register_id));
  command.add_option("--name", options.party.name, text(Help::register_name))->required();
  command.add_option("--name-zh", options.party.name_zh, text(Help::register_name_zh));
  command.add_option("--role", options.roles, text(Help::register_role))->required();
  command.add_option("--country", options.party.country, text(Help::register_country));
  command.add_option("--gln", options.party.gln, text(Help::register_gln));
  command.add_option("--credit-code", options.party.credit_code, text(Help::register_credit_code));
  command.add_option("--represented-by", options.party.represented_by,
                     text(Help::register_represented_by));
  command.add_option("--out", options.out, text(Help::out));
}

Result<std::vector<Role>> roles_of(const std::vector<std::string>& words) {
  std::vector<Role> roles;
  for (const auto& text : words) {
    const auto role = role_from(text);
    if (!role) {
      return fail(Code::INVALID_FIELD, quote(text) + " is not a role; docs/registry.md lists them",
                  "--role");
    }
    roles.push_back(*role);
  }
  std::sort(roles.begin(), roles.end());
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  return roles;
}

ExitCode run_register(Shell& shell, const RegisterOptions& options) {
  auto signing = shell.signing_with(options.key);
  if (!signing) return signing.error();
  auto& [ledger, key] = *signing;
  auto roles = roles_of(options.roles);
  if (!roles) return shell.fail_local(roles.error());
  RegisterParty act{.party = options.party, .keys = {}};
  act.party.roles = *std::move(roles);
  if (act.party.id.empty()) act.party.id = key.name;
  // The note's signature line has the key's name, so a key of another name could never sign.
  if (act.party.id != key.name) {
    return shell.fail_local({.code = Code::INVALID_FIELD,
                             .message = "the key file is named " + quote(key.name) +
                                        ", the party " + quote(act.party.id) +
                                        "; make the key with 'suyuan keygen <party id>'",
                             .field = "--id"});
  }
  act.keys.push_back(prove_possession(ledger.id, act.party.id, key.pair.secret, key.pair.key));
  const std::vector<RegistryEvent> acts = {act};
  if (const Errors faults = faults_of(acts.front()); !faults.empty()) {
    return shell.fail_local(faults.front());
  }
  const std::string path = options.out.empty() ? act.party.id + ".request.json" : options.out;
  return write_request(shell, path, acts);
}

}  // namespace

void add_register(CLI::App& app, Shell& shell) {
  add_command<RegisterOptions>(app, shell, "register", Help::register_, declare_register,
                               run_register);
}

}  // namespace suyuan
