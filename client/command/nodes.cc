// suyuan nodes: the authorities' notice that states the ledger's nodes and the rules in force. One
// authority makes and signs the file, others sign it too, anyone posts it.
#include <algorithm>

#include "client/command/posting.h"
#include "client/render/paper.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "ledger/registry/rules_notice.h"
#include "proto/json/fields.h"

namespace suyuan {
namespace {

constexpr int64_t kNoticeDayMs = 24 * 60 * 60 * 1000;

struct NodesOptions {
  std::string file;
  std::string key;
  std::vector<std::string> add;
  std::vector<std::string> remove;
  bool next_rules = false;
  bool yes = false;
  uint32_t days = 7;
};

Error bad_option(const std::string& option, std::string message) {
  return {.code = Code::INVALID_FIELD, .message = std::move(message), .field = option};
}

// "<name>=<base64 of its key>", as suyuan-node key prints it. An existing name gets the new key.
Result<NamedKey> node_from(const std::string& text) {
  const size_t equals = text.find('=');
  const auto key = equals == std::string::npos
                       ? std::nullopt
                       : fixed_from_base64<PublicKey>(text.substr(equals + 1));
  if (key) return NamedKey{.name = text.substr(0, equals), .key = *key};
  return Unexpected(bad_option("--add", quote(text) + " is not <name>=<public key>, as suyuan-node "
                                                      "key prints it"));
}

Result<std::vector<NamedKey>> changed_nodes(std::vector<NamedKey> nodes,
                                            const NodesOptions& options) {
  for (const auto& name : options.remove) {
    if (std::erase_if(nodes, [&](const auto& one) { return one.name == name; }) == 0)
      return Unexpected(bad_option("--remove", "the ledger has no node " + quote(name)));
  }
  for (const auto& text : options.add) {
    SUYUAN_TRY(node, node_from(text));
    std::erase_if(nodes, [&](const auto& one) { return one.name == node.name; });
    nodes.push_back(std::move(node));
  }
  std::ranges::sort(nodes, {}, &NamedKey::name);
  return nodes;
}

Result<RulesNotice> read_notice(const std::string& path) {
  SUYUAN_TRY(text, read_file(path, limits::kNoteBytesMax));
  return parse_rules_notice(text);
}

// Shows how the notice changes the pinned nodes.
void put_nodes(Paper& paper, const std::vector<NamedKey>& pinned, const RulesText& rules) {
  const auto in = [](const std::vector<NamedKey>& all, const std::string& name) {
    return std::ranges::find(all, name, &NamedKey::name);
  };
  for (const NamedKey& node : rules.nodes) {
    const auto before = in(pinned, node.name);
    const bool is_new = before == pinned.end();
    const Say what = is_new                     ? Say::nodes_added
                     : before->key != node.key ? Say::nodes_rekeyed
                                               : Say::nodes_node;
    paper.labelled(what, shown(node.name) + " " + to_base64(node.key.view()),
                   what == Say::nodes_node ? Tone::plain : Tone::strong);
  }
  for (const NamedKey& node : pinned) {
    if (in(rules.nodes, node.name) == rules.nodes.end())
      paper.labelled(Say::nodes_removed, shown(node.name), Tone::strong);
  }
}

// By a key of genesis: only those are known without the log.
bool is_by_authority(const SignedNote& note, const NoteSignature& line, const Genesis& genesis) {
  return std::ranges::any_of(genesis.authorities, [&](const NamedKey& one) {
    return one.name == line.name && key_id(one.name, one.key) == line.key_id &&
           verify_note_signature(note.text, line, one.key);
  });
}

// One object: what the notice says, what it changes about the pinned nodes, and who signed it.
std::string rules_json(const RulesNotice& notice, const PinnedLedger& ledger) {
  const RulesText& rules = notice.rules;
  const auto find = [](const std::vector<NamedKey>& all, const std::string& name) {
    return std::ranges::find(all, name, &NamedKey::name);
  };
  const auto& pinned = ledger.genesis.nodes;
  JsonWriter out;
  out.begin_object();
  out.field("origin", rules.ledger.origin);
  number_field(out, "number", rules.number);
  number_field(out, "rules", rules.version);
  time_field(out, "until", static_cast<int64_t>(rules.until_ms));
  objects_field(out, "nodes", rules.nodes, [&](JsonWriter& inner, const NamedKey& node) {
    const auto before = find(pinned, node.name);
    inner.field("name", node.name);
    inner.field("key", to_base64(node.key.view()));
    if (before == pinned.end()) {
      inner.field("change", "added");
    } else if (before->key != node.key) {
      inner.field("change", "rekeyed");
    }
  });
  std::vector<std::string> removed;
  for (const NamedKey& node : pinned) {
    if (find(rules.nodes, node.name) == rules.nodes.end()) removed.push_back(node.name);
  }
  out.field("removed", removed);
  objects_field(out, "signatures", notice.note.signatures,
                [&](JsonWriter& inner, const NoteSignature& line) {
                  inner.field("name", line.name);
                  flag_field(inner, "verified",
                             is_by_authority(notice.note, line, ledger.genesis));
                });
  number_field(out, "required", rules_quorum(ledger.genesis));
  out.end_object();
  return std::move(out).str();
}

void print_rules(Shell& shell, const RulesNotice& notice, const PinnedLedger& ledger) {
  if (shell.options.json) return shell.print_line(rules_json(notice, ledger));
  const auto& [note, rules] = notice;
  Paper paper(shell.style());
  paper.labelled(Say::status_ledger, shown(rules.ledger.origin));
  paper.labelled(Say::nodes_notice, std::to_string(rules.number), Tone::strong);
  paper.labelled(Say::nodes_rules, std::to_string(rules.version));
  paper.labelled(Say::nodes_until, time_text(static_cast<int64_t>(rules.until_ms)));
  put_nodes(paper, ledger.genesis.nodes, rules);
  size_t verified = 0;
  for (const auto& line : note.signatures) {
    const bool good = is_by_authority(note, line, ledger.genesis);
    verified += good ? 1 : 0;
    paper.labelled(Say::nodes_signed,
                   good ? shown(line.name) : paper.say(Say::nodes_unverified, {shown(line.name)}),
                   good ? Tone::good : Tone::warning);
  }
  paper.line(paper.say(Say::nodes_quorum, {std::to_string(verified),
                                           std::to_string(rules_quorum(ledger.genesis))}));
  shell.print(paper.take());
}

// Adds our signature, writes the file, and shows its contents.
ExitCode sign_and_keep(Shell& shell, const std::string& path, const RulesNotice& notice,
                       const NamedKeyPair& key, const PinnedLedger& ledger) {
  const auto text = add_signature(notice, key.name, key.pair.secret, key.pair.key);
  if (!text) return shell.fail_local(text.error());
  const auto made = parse_rules_notice(*text);
  if (!made) return shell.fail_local(made.error());
  const auto written = write_file(path, *text, FileMode::shared);
  if (!written) return shell.fail_local(written.error());
  print_rules(shell, *made, ledger);
  return ExitCode::ok;
}

ExitCode run_make(Shell& shell, const NodesOptions& options) {
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  auto key = shell.key(options.key);
  if (!key) return key.error();
  auto nodes = changed_nodes(ledger->genesis.nodes, options);
  if (!nodes) return shell.fail_local(nodes.error());
  const int64_t until_ms = Shell::now_ms() + int64_t{options.days} * kNoticeDayMs;
  RulesNotice notice{.note = {},
                     .rules = {.ledger = ledger->id,
                               .number = ledger->rules.number + 1,
                               .version = ledger->rules.version + (options.next_rules ? 1U : 0U),
                               .nodes = *std::move(nodes),
                               .until_ms = static_cast<uint64_t>(until_ms)}};
  auto text = write_rules(notice.rules);
  if (!text) return shell.fail_local(text.error());
  notice.note.text = *std::move(text);
  return sign_and_keep(shell, options.file, notice, *key, *ledger);
}

// Shows the contents before signing: the file may come from a folder that others write to.
ExitCode run_sign(Shell& shell, const NodesOptions& options) {
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  auto key = shell.key(options.key);
  if (!key) return key.error();
  const auto notice = read_notice(options.file);
  if (!notice) return shell.fail_local(notice.error());
  if (notice->rules.ledger != ledger->id) {
    return shell.fail_local({.code = Code::LEDGER_MISMATCH,
                             .message = "the notice is for " + notice->rules.ledger.line()});
  }
  if (notice->rules.number != ledger->rules.number + 1) {
    return shell.fail_local(bad_option(
        "file", "it is notice " + std::to_string(notice->rules.number) + ", and notice " +
                    std::to_string(ledger->rules.number) + " is pinned here: pin the newest with "
                    "suyuan trust --rules, or make it again"));
  }
  if (!options.yes) {
    print_rules(shell, *notice, *ledger);
    return shell.fail_local(bad_option("--yes", std::string(shell.say(Say::nodes_look))));
  }
  return sign_and_keep(shell, options.file, *notice, *key, *ledger);
}

ExitCode run_show(Shell& shell, const NodesOptions& options) {
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  const auto notice = read_notice(options.file);
  if (!notice) return shell.fail_local(notice.error());
  print_rules(shell, *notice, *ledger);
  return ExitCode::ok;
}

ExitCode run_post_notice(Shell& shell, const NodesOptions& options) {
  auto ledger = shell.pinned();
  if (!ledger) return ledger.error();
  const auto notice = read_notice(options.file);
  if (!notice) return shell.fail_local(notice.error());
  auto connection = shell.connect();
  if (!connection) return connection.error();
  const std::string text = write_note(notice->note);
  const auto answer = (*connection)->submit_notice(text);
  if (!answer.outcome) return shell.fail_answer(answer.outcome.error());
  const auto checked = check_answer(*ledger, text, *answer.outcome);
  if (!checked) return shell.fail_verification(checked.error());
  const auto remembered = shell.receipts(*ledger).add({answer.outcome->note});
  if (!remembered) return shell.fail_local(remembered.error());
  if (!shell.options.json) {
    shell.print_line(shell.say(Say::nodes_posted,
                               {std::to_string(answer.outcome->leaf), options.file}));
    return ExitCode::ok;
  }
  JsonWriter out;
  out.begin_object();
  number_field(out, "notice", answer.outcome->leaf);
  out.end_object();
  shell.print_line(out.str());
  return ExitCode::ok;
}

CLI::App& add_nodes_part(CLI::App& app, Shell& shell, const std::string& name, Help about,
                         const std::shared_ptr<NodesOptions>& options,
                         ExitCode (*run)(Shell&, const NodesOptions&)) {
  auto* part = app.add_subcommand(name, help(about, shell.lang));
  part->add_option("file", options->file, help(Help::nodes_file, shell.lang))->required();
  part->callback([&shell, options, run] { shell.exit = run(shell, *options); });
  return *part;
}

}  // namespace

void add_nodes(CLI::App& app, Shell& shell) {
  auto* command = app.add_subcommand("nodes", help(Help::nodes, shell.lang));
  command->require_subcommand(1);
  command->fallthrough();
  // shared, because CLI11 copies the callbacks
  const auto options = std::make_shared<NodesOptions>();
  const auto text = [&shell](Help what) { return help(what, shell.lang); };
  auto& make = add_nodes_part(*command, shell, "make", Help::nodes_make, options, run_make);
  make.add_option("--key", options->key, text(Help::key))->required();
  make.add_option("--add", options->add, text(Help::nodes_add));
  make.add_option("--remove", options->remove, text(Help::nodes_remove));
  make.add_flag("--next-rules", options->next_rules, text(Help::nodes_next_rules));
  make.add_option("--days", options->days, text(Help::nodes_days))
      ->check(CLI::Range(1, 365))
      ->capture_default_str();
  auto& sign = add_nodes_part(*command, shell, "sign", Help::nodes_sign, options, run_sign);
  sign.add_option("--key", options->key, text(Help::key))->required();
  sign.add_flag("--yes", options->yes, text(Help::nodes_yes));
  add_nodes_part(*command, shell, "show", Help::nodes_show, options, run_show);
  add_nodes_part(*command, shell, "post", Help::nodes_post, options, run_post_notice);
}

}  // namespace suyuan
