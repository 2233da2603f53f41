#include "client/command/posting.h"
#include "ledger/base/text.h"
#include "ledger/registry/act_rules.h"

namespace suyuan {
namespace {

struct DelegateOptions {
  std::string gateway;
  std::string key;
  std::string until;
  std::string out;
  bool end = false;
};

void declare_delegate(CLI::App& command, DelegateOptions& options, const Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("gateway", options.gateway, text(Help::delegate_gateway))->required();
  command.add_option("--key", options.key, text(Help::key))->required();
  auto* until = command.add_option("--until", options.until, text(Help::delegate_until));
  command.add_flag("--end", options.end, text(Help::delegate_end))->excludes(until);
  command.add_option("--out", options.out, text(Help::out));
}

// Writes a request, not an act: the registrar decides who may sign for whom.
ExitCode run_delegate(Shell& shell, const DelegateOptions& options) {
  auto key = shell.key(options.key);
  if (!key) return key.error();
  GrantDelegation grant{.party = key->name, .signer = options.gateway};
  if (!options.until.empty()) {
    const auto moment = from_rfc3339(options.until);
    if (!moment) {
      return shell.fail_local({.code = Code::INVALID_FIELD,
                               .message = "expected a time, such as 2027-01-01T00:00:00+08:00",
                               .field = "--until"});
    }
    grant.until = *moment;
  }
  std::vector<RegistryEvent> acts = {grant};
  if (options.end) acts = {EndDelegation{.party = grant.party, .signer = grant.signer}};
  if (const Errors faults = faults_of(acts.front()); !faults.empty()) {
    return shell.fail_local(faults.front());
  }
  const std::string path = options.out.empty() ? key->name + ".delegation.json" : options.out;
  return write_request(shell, path, acts);
}

}  // namespace

void add_delegate(CLI::App& app, Shell& shell) {
  add_command<DelegateOptions>(app, shell, "delegate", Help::delegate, declare_delegate,
                               run_delegate);
}

}  // namespace suyuan
