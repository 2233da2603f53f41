#include "node/commands/upkeep.h"

#include <cstdio>

#include "ledger/base/text.h"
#include "node/backup/purge.h"
#include "node/backup/restore.h"
#include "node/clock.h"
#include "node/commands/shared_options.h"
#include "node/folder/export.h"

namespace suyuan {
namespace {

constexpr uint64_t kToldLeaves = 16384;

unsigned long long wide(uint64_t number) { return number; }

void tell_progress(uint64_t leaves, uint64_t of) {
  if (leaves % kToldLeaves == 0 || (leaves == of && of >= kToldLeaves))
    std::fprintf(stderr, "\r%llu of %llu leaves%s", wide(leaves), wide(of),
                 leaves == of ? "\n" : "");
}

void print_state(const LedgerId& ledger, const TreeHead& checkpoint, uint64_t leaves) {
  std::printf("ledger      %s\ncheckpoint  %llu leaves, root %s\nstore       %llu leaves\n",
              ledger.line().c_str(), wide(checkpoint.size),
              to_base64(checkpoint.root.view()).c_str(), wide(leaves));
}

Result<Done> run_export(const std::string& data, const std::string& out, LogReadBy by) {
  const ExportOptions options{.folder = out, .progress = tell_progress};
  SUYUAN_TRY(exported, export_data(DataFolder{data}, options, by));
  std::printf("ledger   %s\n", exported.ledger.line().c_str());
  std::printf("folder   %s holds the whole log: %llu leaves, %llu of them new\n", out.c_str(),
              wide(exported.size), wide(exported.size - exported.older));
  return Done{};
}

Result<Done> run_purge(const std::string& backups) {
  SUYUAN_TRY(purged, purge_backups(backups));
  if (purged.removed.empty() && purged.left.empty()) {
    std::printf("purged      nothing: no backup in %s holds what %s says is erased\n",
                backups.c_str(), purged.kept.c_str());
    return Done{};
  }
  for (const auto& one : purged.removed)
    std::printf("purged      %s: it held %llu erased sections\n", one.folder.c_str(),
                wide(one.sections));
  std::printf("kept        %s: every byte of it was read before\n", purged.kept.c_str());
  for (const auto& one : purged.left)
    std::printf("LEFT        %s: it holds erased sections, but %s\n", one.folder.c_str(),
                one.why.c_str());
  if (purged.left.empty()) return Done{};
  return fail(Code::INVALID_FIELD,
              std::to_string(purged.left.size()) +
                  " backups still hold what was erased: see the reason, or delete them yourself",
              "from");
}

// Earlier backups hold what was erased. The backup is made or checked, whatever happens to them.
void warn_of_erased(const std::string& backups) {
  const auto holding = backups_with_erased(backups);
  if (!holding) {
    std::printf("WARNING     cannot tell which older backups hold what was erased since: %s\n",
                to_text(holding.error()).c_str());
    return;
  }
  for (const auto& one : *holding)
    std::printf("WARNING     %s holds %llu sections that were erased\n", one.folder.c_str(),
                wide(one.sections));
  if (!holding->empty())
    std::printf("            suyuan-node purge-backups --from %s   deletes those that a newer "
                "one replaces\n",
                backups.c_str());
}

Result<Done> run_backup(const BackupOptions& options, bool purge) {
  SUYUAN_TRY(made, make_backup(options, system_now_ms()));
  const BackupManifest& manifest = made.manifest;
  print_state(manifest.ledger, manifest.checkpoint, manifest.leaves);
  std::printf("backup      %s: %zu files, %llu bytes, %llu copied now; opened and checked\n",
              made.folder.c_str(), manifest.files.size(), wide(made.bytes),
              wide(made.copied_bytes));
  if (!options.with_keys)
    std::printf("keys        are not in it (--with-keys): keep copies of log.key and node.key\n");
  if (purge) return run_purge(options.to);
  warn_of_erased(options.to);
  return Done{};
}

void print_restored(const Restored& restored, const std::string& data) {
  print_state(restored.ledger, restored.checkpoint, restored.leaves);
  if (restored.events > 0)
    std::printf("judged      %llu events again, by the ledger's rules\n", wide(restored.events));
  std::printf("next        put keys/node.key and keys/log.key there if they are not, then\n"
              "            suyuan-node serve --data %s --policy FILE   asks the witnesses first\n",
              data.c_str());
}

}  // namespace

void UpkeepCommands::add_to(CLI::App& app) {
  exports = app.add_subcommand("export",
                               "the log of a node that is not running, as static files");
  exports->add_option("--data", data, "folder of the node's data")->required();
  exports->add_option("--out", out, "folder of the files; a later run adds only what is new")
      ->required();
  exports->add_flag("--all", all,
                    "also what only partners may read: for import, not to be published");

  backup = app.add_subcommand("backup", "copy a node's data, while it serves or is stopped");
  backup->add_option("--data", data, "folder of the node's data")->required();
  backup->add_option("--to", to, "folder of all backups; they share unchanged files")
      ->required();
  backup->add_flag("--with-keys", with_keys,
                   "include the node's and the gateway's keys, and the salts of scans");
  backup->add_flag("--purge", purge, "then do as purge-backups");

  check = app.add_subcommand("check-backup", "read every byte of a backup");
  check->add_option("--from", from, "a backup, or the folder of all: then the newest")->required();

  purge_all = app.add_subcommand(
      "purge-backups", "delete the backups that hold what was erased, according to the newest one");
  purge_all->add_option("--from", from, "the folder of all backups")->required();

  restore = app.add_subcommand("restore", "make a data folder from a backup");
  restore->add_option("--from", from, "a backup, or the folder of all: then the "
                                      "newest")->required();
  restore->add_option("--to", to, "folder of the node's data; it holds no ledger yet")->required();
  restore->add_option("--size", size, "as of the checkpoint of this many leaves; for reading only");
  restore->add_option("--log", log, "folder of an exported log that continues the backup");

  imports = app.add_subcommand("import", "make a data folder from an exported log, judging it all");
  imports->add_option("--from", from, "folder that suyuan-node export --all wrote")->required();
  imports->add_option("--data", data, "folder with keys/node.key and keys/log.key")
      ->required();
  for (auto* command : {restore, imports}) add_passphrase_options(*command, passphrase);
}

Result<Done> UpkeepCommands::run() const {
  if (exports->parsed())
    return run_export(data, out, all ? LogReadBy::owner : LogReadBy::anyone);
  if (backup->parsed())
    return run_backup({.data = data, .to = to, .with_keys = with_keys}, purge);
  if (purge_all->parsed()) return run_purge(from);
  if (check->parsed()) {
    SUYUAN_TRY(folder, choose_backup(from, {}));
    SUYUAN_TRY(manifest, check_backup(folder));
    print_state(manifest.ledger, manifest.checkpoint, manifest.leaves);
    std::printf("backup      %s: every byte of %zu files is as it was written\n", folder.c_str(),
                manifest.files.size());
    if (folder != from) warn_of_erased(from);
    return Done{};
  }
  if (restore->parsed()) {
    SUYUAN_TRY(restored, restore_backup({.from = from, .to = to, .size = size, .log = log,
                                         .passphrase = passphrase,
                                         .progress = tell_progress}));
    print_restored(restored, to);
    return Done{};
  }
  SUYUAN_TRY(imported, import_log({.from = from, .data = data, .passphrase = passphrase,
                                   .progress = tell_progress}));
  print_restored(imported, data);
  return Done{};
}

}  // namespace suyuan
