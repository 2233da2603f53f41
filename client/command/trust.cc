#include "client/command/command.h"
#include "ledger/os/files.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct TrustOptions {
  bool replace = false;
};

void declare_trust(CLI::App& command, TrustOptions& options, const Shell& shell) {
  command.add_flag("--replace", options.replace, help(Help::trust_replace, shell.lang));
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

// The node is asked in any case: a pin that no node answers to helps nobody.
// Kept beside the genesis. One that does not parse is refused before anything is written.
Result<Done> pin_policy(const Shell& shell) {
  const std::string path = shell.profile_folder() + "/policy";
  if (shell.options.policy.empty() || shell.options.policy == path) return Done{};
  SUYUAN_TRY(text, read_file(shell.options.policy, limits::kPolicyBytesMax));
  SUYUAN_TRY_DONE(parse_policy(text));
  SUYUAN_TRY_DONE(make_folder(shell.profile_folder()));
  return write_file(path, text, FileMode::shared);
}

ExitCode run_trust(Shell& shell, const TrustOptions& options) {
  auto connection = Connection::open({.node = shell.options.node});
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
  if (const auto pinned = pin_policy(shell); !pinned) return shell.fail_local(pinned.error());
  const std::string path = shell.profile_folder() + "/genesis.leaf";
  if (const auto before = load_pinned(path); before && before->leaf == ledger->leaf) {
    print_ledger(shell, ledger->id, path, Say::trust_kept);
    return ExitCode::ok;
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
  print_ledger(shell, ledger->id, path, Say::trust_saved);
  return ExitCode::ok;
}

}  // namespace

void add_trust(CLI::App& app, Shell& shell) {
  add_command<TrustOptions>(app, shell, "trust", Help::trust, declare_trust, run_trust);
}

}  // namespace suyuan
