// suyuan export: the whole log as a folder of static files.
#include <optional>

#include "client/command/command.h"
#include "client/http_log.h"
#include "client/terminal.h"
#include "ledger/export/export.h"
#include "ledger/os/files.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct ExportCommand {
  std::string log = "http://127.0.0.1:7480/log";
  std::string out;
};

void declare_export(CLI::App& command, ExportCommand& options, const Shell& shell) {
  command.add_option("--log", options.log, help(Help::log, shell.lang))->capture_default_str();
  command.add_option("--out", options.out, help(Help::export_out, shell.lang))->required();
}

void print_exported(const Shell& shell, const Exported& exported, const std::string& folder) {
  if (shell.options.json) {
    JsonWriter out;
    out.begin_object();
    out.field("origin", exported.ledger.origin);
    out.field("fingerprint", fingerprint(exported.ledger));
    for (const auto& [name, number] : {std::pair{"older", exported.older},
                                       {"size", exported.size},
                                       {"events", exported.events},
                                       {"files", exported.files}}) {
      out.key(name);
      out.number(number);
    }
    out.end_object();
    return shell.print_line(out.str());
  }
  Paper paper(shell.style());
  paper.labelled(Say::status_ledger, shown(exported.ledger.origin), Tone::strong);
  paper.labelled(Say::status_fingerprint, fingerprint(exported.ledger));
  paper.line(paper.say(Say::export_done,
                       {folder, std::to_string(exported.size),
                        std::to_string(exported.size - exported.older),
                        std::to_string(exported.events)}));
  shell.print(paper.take());
}

ExitCode run_export(Shell& shell, const ExportCommand& options) {
  auto log = HttpLog::open(options.log, shell.options.ca);
  if (!log) return shell.fail_local(log.error());
  ExportOptions exporting{.folder = options.out};
  if (file_exists(shell.genesis_path())) {
    auto pinned = shell.pinned();
    if (!pinned) return pinned.error();
    exporting.genesis_leaf = pinned->leaf;
  }
  std::optional<ProgressBar> bar;
  exporting.progress = [&](uint64_t leaves, uint64_t of) {
    if (!bar) bar.emplace(shell.say(Say::export_label), of);
    bar->at(leaves);
  };
  const auto exported = export_log(**log, exporting);
  if (bar) bar->clear();
  if (exported) {
    print_exported(shell, *exported, options.out);
    return ExitCode::ok;
  }
  switch (exported.error().code) {
    case Code::UNAVAILABLE:
      return shell.fail_away({exported.error()});
    case Code::NOT_FOUND:  // a path without a log, or one that has published nothing yet
    case Code::IO:
    case Code::INVALID_FIELD:
      return shell.fail_local(exported.error());
    default:
      return shell.fail_verification(exported.error());
  }
}

}  // namespace

void add_export(CLI::App& app, Shell& shell) {
  add_command<ExportCommand>(app, shell, "export", Help::export_, declare_export, run_export);
}

}  // namespace suyuan
