#include "client/command/command.h"
#include "ledger/os/files.h"
#include "ledger/proof/node_policy.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct TrustOptions {
  bool replace = false;
  size_t nodes = 0;  // 0: not said
};

void declare_trust(CLI::App& command, TrustOptions& options, const Shell& shell) {
  command.add_flag("--replace", options.replace, help(Help::trust_replace, shell.lang));
  command.add_option("--nodes", options.nodes, help(Help::trust_nodes, shell.lang))
      ->check(CLI::PositiveNumber);
}

void print_ledger(Shell& shell, const LedgerId& id, const std::string& path, Say what) {
  if (shell.options.json) {
    JsonWriter out;
    out.begin_object();
    out.field("origin", id.origin);
    out.field("fingerprint", fingerprint(id));
    out.field("path", path);
    out.end_object();
    return shell.print_line(out.str());
  }
  Paper paper(shell.style());
  paper.labelled(Say::status_ledger, shown(id.origin), Tone::strong);
  paper.labelled(Say::status_fingerprint, fingerprint(id));
  paper.labelled(Say::status_trust, paper.say(what, {path}), Tone::good);
  if (what == Say::trust_saved) paper.line(paper.say(Say::trust_compare));
  shell.print(paper.take());
}

// The policy to pin, as text; empty: none was asked for. One that does not parse is refused before
// anything is written.
Result<std::string> policy_to_pin(const Shell& shell, const PinnedLedger& ledger, size_t nodes) {
  const std::string& given = shell.options.policy;
  if (nodes > 0) {
    if (!given.empty()) {
      return fail(Code::INVALID_FIELD, "--nodes writes a policy of its own: give it or --policy",
                  "nodes");
    }
    SUYUAN_TRY(policy, policy_of_nodes(ledger.genesis, ledger.id, nodes));
    return write_policy(policy);
  }
  if (given.empty() || given == shell.profile_folder() + "/policy") return std::string();
  SUYUAN_TRY(text, read_file(given, limits::kPolicyBytesMax));
  SUYUAN_TRY_DONE(parse_policy(text));
  return text;
}

// Kept beside the genesis.
Result<Done> pin_policy(const Shell& shell, const std::string& text) {
  if (text.empty()) return Done{};
  SUYUAN_TRY_DONE(make_folder(shell.profile_folder()));
  return write_file(shell.profile_folder() + "/policy", text, FileMode::shared);
}

// The node is asked in any case: a pin that no node answers to helps nobody.
ExitCode run_trust(Shell& shell, const TrustOptions& options) {
  auto connection = Connection::open(shell.connection_options());
  if (!connection) return shell.fail_answer(connection.error());
  const auto answer = (*connection)->status();
  if (!answer.value) return shell.fail_answer(answer.value.error());
  const auto ledger = pinned_from_leaf(answer.value->genesis_leaf);
  if (!ledger) return shell.fail_verification(ledger.error());
  if (!shell.options.genesis.empty()) {
    auto named = shell.pinned();
    if (!named) return named.error();
    if (const auto same = check_same_ledger(*named, *answer.value); !same) {
      return shell.fail_verification(same.error());
    }
  }
  const std::string path = shell.profile_folder() + "/genesis.leaf";
  const auto policy = policy_to_pin(shell, *ledger, options.nodes);
  if (!policy) return shell.fail_local(policy.error());
  const auto pin = [&](Say what) {
    const auto pinned = pin_policy(shell, *policy);
    if (!pinned) return shell.fail_local(pinned.error());
    print_ledger(shell, ledger->id, path, what);
    return ExitCode::ok;
  };
  if (const auto before = load_pinned(path); before && before->leaf == ledger->leaf) {
    return pin(Say::trust_kept);
  } else if (before && !options.replace) {
    return shell.fail_verification(
        {.code = Code::LEDGER_MISMATCH,
         .message = shell.say(Say::trust_other, {path, before->id.line()})});
  }
  if (auto made = make_folder(shell.profile_folder()); !made) {
    return shell.fail_local(made.error());
  }
  if (auto written = write_file(path, ledger->leaf, FileMode::shared); !written) {
    return shell.fail_local(written.error());
  }
  return pin(Say::trust_saved);
}

}  // namespace

void add_trust(CLI::App& app, Shell& shell) {
  add_command<TrustOptions>(app, shell, "trust", Help::trust, declare_trust, run_trust);
}

}  // namespace suyuan
