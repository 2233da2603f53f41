#include "client/command/posting.h"
#include "client/event_rows.h"
#include "client/on_nodes.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "proto/json/event_json.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct PostOptions {
  std::vector<std::string> files;
  std::string key;
  std::string party;
  std::string journal;
  std::string audience;
  size_t batch = 256;
  size_t in_flight = 1;
  size_t nodes = 0;  // nodes that must have it; 0: the one that is asked
  bool one_batch = false;
  bool strict = false;
};

void declare_post(CLI::App& command, PostOptions& options, const Shell& shell) {
  constexpr size_t kInFlightMax = 256;
  const auto text = [&](Help what) { return help(what, shell.lang); };
  command.add_option("file", options.files, text(Help::post_file))->required();
  command.add_option("--key", options.key, text(Help::key))->required();
  command.add_option("--party", options.party, text(Help::post_party));
  command.add_option("--batch", options.batch, text(Help::post_batch))
      ->check(CLI::Range(size_t{1}, limits::kBatchEventsMax))
      ->capture_default_str();
  command.add_flag("--one-batch", options.one_batch, text(Help::post_one_batch));
  command.add_flag("--strict", options.strict, text(Help::post_strict));
  command.add_option("--in-flight", options.in_flight, text(Help::post_in_flight))
      ->check(CLI::Range(size_t{1}, kInFlightMax))
      ->capture_default_str();
  command.add_option("--nodes", options.nodes, text(Help::post_nodes))
      ->check(CLI::PositiveNumber);
  command.add_option("--audience", options.audience, text(Help::post_audience))
      ->check(CLI::IsMember({"public", "partner"}));
  command.add_option("--journal", options.journal, text(Help::post_journal));
}

class FilePost {
 public:
  FilePost(Shell& shell, const PostOptions& options, const PinnedLedger& ledger,
           const NamedKeyPair& key, Connection& connection)
      : shell_(shell), options_(options), ledger_(ledger), key_(key), connection_(connection) {}

  ExitCode run(const std::string& file);

 private:
  std::string party() const { return options_.party.empty() ? key_.name : options_.party; }
  std::string row_name(size_t row) const {
    return row == 0 ? std::string(shell_.say(Say::post_batch))
                    : shell_.say(Say::post_row, {std::to_string(row)});
  }
  void list_faults(const std::vector<RowFault>& faults) const;
  void list_findings(const std::vector<RowFinding>& findings) const;
  void print_json(const std::string& file, const Poster::Report& report,
                  const std::vector<RowFault>& faults, const OnNodes& held = {}) const;
  ExitCode finish(const std::string& file, const std::string& journal, const Poster::Report& report,
                  std::vector<RowFault> faults, ExitCode sent) const;
  Result<OnNodes> held_by_nodes(const std::string& journal, const Poster::Report& report,
                                ExitCode sent) const;
  Result<std::vector<TreeHead>> trees_to_hold(const std::string& journal,
                                              const Poster::Report& report) const;
  void say_where(const OnNodes& held) const;

  Shell& shell_;
  const PostOptions& options_;
  const PinnedLedger& ledger_;
  const NamedKeyPair& key_;
  Connection& connection_;
};

void FilePost::list_faults(const std::vector<RowFault>& faults) const {
  if (faults.empty()) return;
  shell_.note(shell_.say(Say::post_bad, {std::to_string(faults.size())}));
  for (const auto& fault : faults) {
    Error error = fault.error;
    error.event = -1;  // the row number says it
    std::string text = "  " + row_name(fault.row) + "  " + shown(to_text(error));
    if (shell_.lang == Lang::zh) text += " — " + std::string(rule_name(error.code, Lang::zh));
    shell_.note(text);
  }
}

void FilePost::list_findings(const std::vector<RowFinding>& findings) const {
  if (findings.empty()) return;
  shell_.note(shell_.say(Say::post_flags));
  // Grouped by flag, with the first row's reason for all: a late file gives every row the same one.
  std::map<Flag, std::vector<const RowFinding*>> by_flag;
  for (const auto& one : findings) by_flag[one.finding.flag].push_back(&one);
  for (const auto& [flag, rows] : by_flag) {
    constexpr size_t kRowsShown = 8;
    std::vector<std::string> names;
    for (const auto* one : rows) names.push_back(row_name(one->row));
    shell_.note("  " +
                shell_.say(Say::post_flag,
                           {std::to_string(rows.size()), word(flag),
                            list_text(names, kRowsShown, shell_.lang),
                            shell_.say(Say::flagged, {flag_name(flag, shell_.lang),
                                                      shown(rows.front()->finding.reason)})}));
  }
}

void FilePost::print_json(const std::string& file, const Poster::Report& report,
                          const std::vector<RowFault>& faults, const OnNodes& held) const {
  JsonWriter out;
  const auto number = [&](std::string_view name, uint64_t value) {
    out.key(name);
    out.number(value);
  };
  out.begin_object();
  out.field("file", file);
  number("posted", report.posted);
  number("postedBefore", report.known);
  number("batches", report.batches);
  number("size", report.size);
  out.key("nodes");
  out.begin_array();
  for (const auto& name : held.nodes) out.text(name);
  out.end_array();
  number("of", ledger_.genesis.nodes.size());
  out.key("bad");
  out.begin_array();
  for (const auto& fault : faults) {
    out.begin_object();
    number("row", fault.row);
    out.field("code", info(fault.error.code).name);
    out.field("field", fault.error.field);
    out.field("message", fault.error.message);
    out.end_object();
  }
  out.end_array();
  out.key("flagged");
  out.begin_array();
  for (const auto& one : report.findings) {
    out.begin_object();
    number("row", one.row);
    out.field("flag", word(one.finding.flag));
    out.field("reason", one.finding.reason);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  shell_.print_line(out.str());
}

// Returns the trees of this run's receipts. If rows were posted in an earlier run, also those of
// all receipts in the journal, because it is unknown which nodes had them then.
Result<std::vector<TreeHead>> FilePost::trees_to_hold(const std::string& journal,
                                                      const Poster::Report& report) const {
  std::map<uint64_t, TreeHead> trees;
  const auto add = [&](const std::string& note) {
    if (const auto tree = tree_of_receipt(note)) trees.emplace(tree->size, *tree);
  };
  for (const auto& [size, note] : report.receipts) add(note);
  if (report.known > 0) {
    SUYUAN_TRY(before, receipts_in_journal(journal, ledger_.id));
    for (const auto& note : before) add(note);
  }
  while (trees.size() > Poster::kReceiptsReportedMax) trees.erase(trees.begin());
  std::vector<TreeHead> all;
  for (const auto& [size, tree] : trees) all.push_back(tree);
  return all;
}

// If no more was requested: the nodes that acknowledged it. None if nothing was posted.
Result<OnNodes> FilePost::held_by_nodes(const std::string& journal, const Poster::Report& report,
                                        ExitCode sent) const {
  const OnNodes acknowledged{.size = 0, .nodes = {report.nodes.begin(), report.nodes.end()}};
  if (options_.nodes == 0 || sent != ExitCode::ok) return acknowledged;
  SUYUAN_TRY(trees, trees_to_hold(journal, report));
  if (trees.empty()) return acknowledged;
  return wait_for_nodes(ledger_, {.nodes = options_.nodes, .trees = std::move(trees)},
                        [this](uint64_t size) { return connection_.checkpoint(size); });
}

void FilePost::say_where(const OnNodes& held) const {
  const size_t of = ledger_.genesis.nodes.size();
  const std::string names = list_text(held.nodes, held.nodes.size(), shell_.lang);
  if (held.size > 0) {
    shell_.print_line(shell_.say(Say::post_on_nodes, {std::to_string(held.nodes.size()),
                                                      std::to_string(held.size), names}));
  } else if (of > 1 && !held.nodes.empty()) {
    shell_.print_line(
        shell_.say(Say::post_on_disk,
                   {names, std::to_string(held.nodes.size()), std::to_string(of)}));
  }
}

ExitCode FilePost::finish(const std::string& file, const std::string& journal,
                          const Poster::Report& report, std::vector<RowFault> faults,
                          ExitCode sent) const {
  faults.insert(faults.end(), report.faults.begin(), report.faults.end());
  std::stable_sort(faults.begin(), faults.end(),
                   [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
  const auto held = held_by_nodes(journal, report, sent);
  if (shell_.options.json) {
    print_json(file, report, faults, held ? *held : OnNodes{});
  } else {
    shell_.print_line(shell_.say(
        Say::post_done, {file, std::to_string(report.posted), std::to_string(report.batches)}));
    if (report.known > 0) {
      shell_.print_line(shell_.say(Say::post_known, {std::to_string(report.known)}));
    }
    if (held) say_where(*held);
    list_findings(report.findings);
    list_faults(faults);
  }
  if (!held) return shell_.fail_answer(held.error());
  if (sent == ExitCode::unreachable) shell_.note(shell_.say(Say::post_resume, {journal}));
  if (sent != ExitCode::ok) return sent;
  if (faults.empty()) return ExitCode::ok;
  // Refused as a whole, by a reason that does not concern one row, or because the sender wants
  // that.
  const bool refused =
      std::any_of(report.faults.begin(), report.faults.end(), [this](const RowFault& fault) {
        return fault.row == 0 || options_.one_batch || options_.strict;
      });
  if (!refused) shell_.note(shell_.say(Say::post_mend));
  return refused ? ExitCode::refused : ExitCode::bad_rows;
}

ExitCode FilePost::run(const std::string& file) {
  const auto text = read_file(file, kEventFileBytesMax);
  if (!text) return shell_.fail_local(text.error());
  auto rows = read_event_rows(file, *text, party(), random_salt,
                              event_audience_from(options_.audience));
  if (rows.master_data > 0 && !shell_.options.json) {
    shell_.note(shell_.say(Say::post_master_data, {std::to_string(rows.master_data)}));
  }
  if (rows.unsaid > 0 && !shell_.options.json) {
    shell_.note(shell_.say(Say::post_unsaid, {std::to_string(rows.unsaid)}));
  }
  if (rows.good.empty() && rows.bad.empty()) {
    return shell_.fail_local(
        {.code = Code::MISSING_FIELD, .message = shell_.say(Say::error_no_events, {file})});
  }
  if (!rows.bad.empty() && (options_.strict || options_.one_batch)) {
    if (shell_.options.json)
      print_json(file, {}, rows.bad);
    else
      list_faults(rows.bad);
    shell_.note(shell_.say(Say::post_nothing));
    return ExitCode::bad_rows;
  }
  const std::string path = options_.journal.empty() ? file + ".suyuan-journal" : options_.journal;
  auto journal = Journal::open(path, ledger_.id, party());
  if (!journal) return shell_.fail_local(journal.error());
  const size_t count = rows.good.size();
  Poster poster({.ledger = ledger_,
                 .signer = signer_of(key_),
                 .journal = **journal,
                 .rules = {.type = rows.type,
                           .batch = options_.batch,
                           .one_batch = options_.one_batch,
                           .strict = options_.strict,
                           .until_ms = until_from_now(),
                           .on_behalf_of = party() == key_.name ? "" : party()},
                 .nonces = random_fixed<Nonce>},
                std::move(rows.good));
  const ExitCode sent = run_poster(shell_, ledger_, connection_, poster, options_.in_flight, count);
  return finish(file, path, poster.report(), std::move(rows.bad), sent);
}

ExitCode run_post(Shell& shell, const PostOptions& options) {
  if (!options.journal.empty() && options.files.size() > 1) {
    return shell.fail_local({.code = Code::INVALID_FIELD,
                             .message = "--journal takes a single file",
                             .field = "--journal"});
  }
  auto signing = shell.signing_with(options.key);
  if (!signing) return signing.error();
  auto& [ledger, key] = *signing;
  auto connection = shell.connect();
  if (!connection) return connection.error();
  FilePost post(shell, options, ledger, key, **connection);
  ExitCode worst = ExitCode::ok;
  for (const auto& file : options.files) {
    const ExitCode code = post.run(file);
    if (code != ExitCode::ok) worst = code;
    // Later files may depend on this one; only bad rows do not stop them.
    if (code != ExitCode::ok && code != ExitCode::bad_rows) break;
  }
  return worst;
}

}  // namespace

void add_post(CLI::App& app, Shell& shell) {
  add_command<PostOptions>(app, shell, "post", Help::post, declare_post, run_post);
}

}  // namespace suyuan
