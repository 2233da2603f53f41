#include <filesystem>

#include "client/command/command.h"
#include "ledger/base/limits.h"
#include "ledger/os/files.h"
#include "ledger/proof/node_policy.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct TrustOptions {
  bool replace = false;
  size_t nodes = 0;  // 0: not given
  std::string rules;
};

void declare_trust(CLI::App& command, TrustOptions& options, const Shell& shell) {
  command.add_flag("--replace", options.replace, help(Help::trust_replace, shell.lang));
  command.add_option("--nodes", options.nodes, help(Help::trust_nodes, shell.lang))
      ->check(CLI::PositiveNumber);
  command.add_option("--rules", options.rules, help(Help::trust_rules, shell.lang));
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

// Returns the policy to pin, as text; empty if none was requested. An invalid policy is refused
// before anything is written.
Result<std::string> policy_to_pin(const Shell& shell, const PinnedLedger& ledger, size_t nodes) {
  const std::string& given = shell.options.policy;
  if (nodes > 0) {
    if (!given.empty()) {
      return fail(Code::INVALID_FIELD, "--nodes writes its own policy: leave --policy out",
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

// Writes it next to the genesis.
Result<Done> pin_policy(const Shell& shell, const std::string& text) {
  if (text.empty()) return Done{};
  SUYUAN_TRY_DONE(make_folder(shell.profile_folder()));
  return write_file(shell.profile_folder() + "/policy", text, FileMode::shared);
}

// The ledger with the notice about its nodes, given now or pinned already; and the notice's text,
// if it must be written.
struct RulesToPin {
  PinnedLedger ledger;
  std::string note = {};
};
Result<RulesToPin> rules_to_pin(const Shell& shell, PinnedLedger ledger,
                                const std::optional<PinnedLedger>& before,
                                const std::string& file) {
  const bool same = before && before->leaf == ledger.leaf;
  if (file.empty()) return RulesToPin{.ledger = same ? *before : ledger};
  SUYUAN_TRY(note, read_file(file, limits::kNoteBytesMax));
  SUYUAN_TRY(with, with_rules(std::move(ledger), note));
  if (same && before->rules.number > with.rules.number) {
    return fail(Code::INVALID_FIELD,
                shell.say(Say::trust_rules_older, {file, std::to_string(with.rules.number),
                                                   std::to_string(before->rules.number)}),
                "rules");
  }
  return RulesToPin{.ledger = std::move(with), .note = std::move(note)};
}

// Removes files of a previously pinned ledger.
Result<Done> pin_rules(const std::string& path, const std::string& note, bool is_other_ledger) {
  if (!note.empty()) return write_file(rules_path(path), note, FileMode::shared);
  if (!is_other_ledger) return Done{};
  std::error_code error;
  std::filesystem::remove(rules_path(path), error);
  if (!error) return Done{};
  return fail(Code::IO, rules_path(path) + ": " + error.message());
}

// Returns what is pinned; nullopt if nothing is. For another ledger only its genesis is read:
// --replace removes all of it.
Result<std::optional<PinnedLedger>> pinned_before(const std::string& path, BytesView leaf) {
  auto pinned = read_file(path, limits::kLeafBytesMax);
  if (!pinned && pinned.error().code == Code::NOT_FOUND) return std::optional<PinnedLedger>();
  if (!pinned) return Unexpected(std::move(pinned).error());
  auto whole = *pinned == leaf ? load_pinned(path) : pinned_from_leaf(*pinned);
  if (!whole) return Unexpected(std::move(whole).error());
  return std::optional(*std::move(whole));
}

// The node is asked in any case: a pin that no node answers to is useless.
ExitCode run_trust(Shell& shell, const TrustOptions& options) {
  auto connection = Connection::open(shell.connection_options());
  if (!connection) return shell.fail_answer(connection.error());
  const auto answer = (*connection)->status();
  if (!answer.value) return shell.fail_answer(answer.value.error());
  auto of_node = pinned_from_leaf(answer.value->genesis_leaf);
  if (!of_node) return shell.fail_verification(of_node.error());
  if (!shell.options.genesis.empty()) {
    auto named = shell.pinned();
    if (!named) return named.error();
    if (const auto same = check_same_ledger(*named, *answer.value); !same) {
      return shell.fail_verification(same.error());
    }
  }
  const std::string path = shell.profile_folder() + "/genesis.leaf";
  const auto loaded = pinned_before(path, of_node->leaf);
  if (!loaded) return shell.fail_verification(loaded.error());
  const auto& before = *loaded;
  const auto to_pin = rules_to_pin(shell, *std::move(of_node), before, options.rules);
  if (!to_pin) return shell.fail_verification(to_pin.error());
  const PinnedLedger* ledger = &to_pin->ledger;
  const bool is_other = before && before->leaf != ledger->leaf;
  const auto policy = policy_to_pin(shell, *ledger, options.nodes);
  if (!policy) return shell.fail_local(policy.error());
  const auto pin = [&](Say what) {
    auto pinned = pin_policy(shell, *policy);
    if (pinned) pinned = pin_rules(path, to_pin->note, is_other);
    if (!pinned) return shell.fail_local(pinned.error());
    print_ledger(shell, ledger->id, path, what);
    return ExitCode::ok;
  };
  if (before && !is_other) return pin(Say::trust_kept);
  if (before && !options.replace) {
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
