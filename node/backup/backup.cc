#include "node/backup/backup.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/apply/right_edge.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/folders.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/store/rocks/file_names.h"
#include "node/backup/view.h"
#include "node/ops/acknowledged.h"
#include "node/ops/purge_rows.h"
#include "node/pipeline/publisher.h"

namespace suyuan {
namespace {

constexpr std::string_view kManifestName = "/manifest";
constexpr std::string_view kStoreFolder = "store";
constexpr std::string_view kStateFolder = "epcis/state";
constexpr std::string_view kScansFolder = "scans/rows";
constexpr std::string_view kAccessFolder = "access";

FileMode mode_of(std::string_view path) {
  return path == "genesis.leaf" || path == "policy" || path.starts_with(kStoreFolder)
             ? FileMode::shared
             : FileMode::secret;
}

// "20261125T214500.123Z-0000012345": sorted by name they are in order of time.
std::string backup_name(int64_t now_ms, uint64_t leaves) {
  std::string name = to_rfc3339({.ms = now_ms});
  if (name.find('.') == std::string::npos) name.insert(name.size() - 1, ".000");
  std::erase_if(name, [](char c) { return c == '-' || c == ':'; });
  const std::string digits = std::to_string(leaves);
  return name + "-" + std::string(digits.size() < 10 ? 10 - digits.size() : 0, '0') + digits;
}

Result<Mark> mark_in(const DataFolder& data) {
  auto file = read_file(data.watermark(), kMarkFileBytes);
  if (!file && file.error().code == Code::NOT_FOUND)
    return fail(Code::NOT_FOUND, "nothing was published from " + data.path +
                                     " yet; let the node serve first, then make a backup");
  if (!file) return Unexpected(std::move(file).error());
  const auto newest = newest_mark(*file);
  if (newest) return newest->mark;
  return fail(Code::CORRUPT, data.watermark() + " cannot be read: nothing to continue from");
}

// Where the current files are: a view made by a node, or the folder of a stopped node.
struct BackupSource {
  std::unique_ptr<AskedView> view;         // of a running node
  std::unique_ptr<ReadOnlyRocks> held;  // the store's lock, for a stopped node
  std::string store;
  // Each may be missing.
  std::string state;  // of EPCIS
  std::string scans;
  std::string access;
};

Result<BackupSource> open_source(const DataFolder& data) {
  BackupSource source;
  SUYUAN_TRY(view, AskedView::ask(data.path));
  if (view) {
    const std::string folder = data.path + std::string(kBackupView);
    source.store = folder + "/store";
    source.state = folder + "/epcis-state";
    source.scans = folder + "/scan-rows";
    source.access = folder + "/access";
    source.view = std::move(view);
    return source;
  }
  SUYUAN_TRY(held, open_rocks_read_only(data.store()));
  // A running node was compared with the mark when it started. A backup with less than was
  // acknowledged would pass as the newest.
  SUYUAN_TRY_DONE(check_acknowledged(data.acknowledged(), held->reader()));
  source.held = std::move(held);
  source.store = data.store();
  source.state = data.epcis_state();
  source.scans = data.scan_rows();
  source.access = data.access();
  return source;
}

class BackupMaker {
 public:
  BackupMaker(const BackupOptions& options, int64_t now_ms) : options_(options), now_ms_(now_ms) {}
  Result<BackupMade> run();

 private:
  Result<Done> find_older();
  Result<Done> take_folder(const std::string& from, std::string_view as);
  Result<Done> take_file(const std::string& from, const std::string& path);
  Result<bool> share_file(const std::string& from, const std::string& path);
  Result<Done> take_all(const BackupSource& source);
  Result<Done> read_numbers();
  Result<Done> ask_of_erased(const BackupSource& source);
  Result<Done> grow();
  Result<Done> name_it();

  const BackupOptions& options_;
  const int64_t now_ms_;
  const DataFolder data_{options_.data};
  std::string older_;  // the newest whole backup; empty: none
  BackupManifest older_manifest_;
  std::string folder_;  // where this backup grows
  BackupMade made_;
};

Result<Done> BackupMaker::find_older() {
  SUYUAN_TRY_DONE(remove_unfinished(options_.to));
  SUYUAN_TRY(all, backups_in(options_.to));
  if (all.empty()) return Done{};
  SUYUAN_TRY(manifest, read_manifest(all.back()));
  if (manifest.ledger != made_.manifest.ledger) {
    return fail(Code::LEDGER_MISMATCH, options_.to + " has backups of the ledger " +
                                           manifest.ledger.line() + "; name another folder");
  }
  older_ = all.back();
  older_manifest_ = std::move(manifest);
  return Done{};
}

// Whether the previous backup has the same file. Only files that RocksDB never changes are shared;
// attachments' files have no checksum of their own and are read.
Result<bool> BackupMaker::share_file(const std::string& from, const std::string& path) {
  const bool is_table = path.ends_with(".sst");
  if (!is_table && !path.ends_with(".blob")) return false;
  const BackedUpFile* known = older_manifest_.find(path);
  if (known == nullptr) return false;
  const std::string there = older_ + "/" + path;
  if (is_table) {
    const auto same = is_same_table(from, there);
    if (!same && same.error().code == Code::NOT_FOUND) return false;
    if (!same) return Unexpected(same.error());
    if (!*same) return false;
  } else {
    SUYUAN_TRY(sum, sum_file(from));
    if (sum != known->sum) return false;
  }
  if (!link_file(there, folder_ + "/" + path)) return false;
  made_.manifest.files.push_back(*known);
  made_.bytes += known->sum.bytes;
  return true;
}

Result<Done> BackupMaker::take_file(const std::string& from, const std::string& path) {
  if (!is_backup_path(path)) {
    return fail(Code::INVALID_FIELD,
                "'" + from + "' has a name that a backup cannot hold (letters, digits, '.', '-', "
                    "'_'): rename it, or move it elsewhere",
                "data");
  }
  SUYUAN_TRY(shared, share_file(from, path));
  if (shared) return Done{};
  SUYUAN_TRY(sum, copy_file(from, folder_ + "/" + path, mode_of(path)));
  made_.manifest.files.push_back({.path = path, .sum = sum});
  made_.bytes += sum.bytes;
  made_.copied_bytes += sum.bytes;
  return Done{};
}

Result<Done> BackupMaker::take_folder(const std::string& from, std::string_view as) {
  SUYUAN_TRY_DONE(make_folder(folder_ + "/" + std::string(as)));
  SUYUAN_TRY(names, names_in(from));
  for (const auto& name : names) {
    if (is_file_of_a_process(name)) continue;
    if (std::filesystem::is_directory(from + "/" + name)) continue;
    SUYUAN_TRY_DONE(take_file(from + "/" + name, std::string(as) + "/" + name));
  }
  return Done{};
}

Result<Done> BackupMaker::take_all(const BackupSource& source) {
  SUYUAN_TRY_DONE(take_folder(source.store, kStoreFolder));
  SUYUAN_TRY_DONE(take_file(data_.genesis(), "genesis.leaf"));
  if (file_exists(data_.policy())) SUYUAN_TRY_DONE(take_file(data_.policy(), "policy"));
  for (const auto& [from, as] : {std::pair{source.state, kStateFolder},
                                 {source.scans, kScansFolder},
                                 {source.access, kAccessFolder}}) {
    if (file_exists(from)) SUYUAN_TRY_DONE(take_folder(from, as));
  }
  if (!options_.with_keys) return Done{};
  // With the salts, anyone who has a device's name finds its scans: they are as secret as the keys.
  if (file_exists(data_.scan_salts()))
    SUYUAN_TRY_DONE(take_file(data_.scan_salts(), "scans/salts"));
  SUYUAN_TRY_DONE(take_folder(data_.path + "/keys", "keys"));
  if (file_exists(data_.gateway())) SUYUAN_TRY_DONE(take_folder(data_.gateway(), "gateway"));
  return Done{};
}

// The numbers are read from the copy itself.
Result<Done> BackupMaker::read_numbers() {
  SUYUAN_TRY(store, open_rocks_read_only(folder_ + "/store"));
  SUYUAN_TRY(head, read_head(store->reader()));
  SUYUAN_TRY(due, rows_to_purge(store->reader()));
  made_.manifest.erased.in_files = due.size();
  SUYUAN_TRY(sizes, checkpoint_sizes(store->reader()));
  if (sizes.empty())
    return fail(Code::NOT_FOUND, "nothing was published from " + data_.path +
                                     " yet; let the node serve first, then make a backup");
  const TreeRows rows(store->reader());
  SUYUAN_TRY(root, root_of(TiledNodes(rows), sizes.back()));
  made_.manifest.leaves = head.leaves;
  made_.manifest.checkpoint = {.size = sizes.back(), .root = root};
  return Done{};
}

// What is erased while it is copied is in the copy. The copy cannot know this; the node does.
Result<Done> BackupMaker::ask_of_erased(const BackupSource& source) {
  if (options_.on_copied) options_.on_copied();
  if (!source.view) return Done{};
  SUYUAN_TRY(count, source.view->erased_since(made_.manifest.leaves));
  made_.manifest.erased.since = count;
  return Done{};
}

Result<Done> BackupMaker::grow() {
  SUYUAN_TRY_DONE(make_folder(folder_));
  SUYUAN_TRY(source, open_source(data_));
  SUYUAN_TRY_DONE(take_all(source));
  std::ranges::sort(made_.manifest.files, {}, &BackedUpFile::path);
  SUYUAN_TRY_DONE(read_numbers());
  SUYUAN_TRY_DONE(open_backup(folder_, made_.manifest));
  SUYUAN_TRY_DONE(sync_file_system(folder_));
  return ask_of_erased(source);
}

Result<Done> BackupMaker::name_it() {
  // An unreadable manifest would stop every later backup into this folder.
  const std::string manifest = write_manifest(made_.manifest);
  SUYUAN_TRY_DONE(parse_manifest(manifest));
  SUYUAN_TRY_DONE(write_file(folder_ + std::string(kManifestName), manifest, FileMode::secret));
  made_.folder = options_.to + "/" + backup_name(now_ms_, made_.manifest.leaves);
  std::error_code error;
  std::filesystem::rename(folder_, made_.folder, error);
  if (error) return fail(Code::IO, "cannot rename to " + made_.folder + ": " + error.message());
  return sync_folder(options_.to);
}

Result<BackupMade> BackupMaker::run() {
  if (!file_exists(data_.genesis())) return fail(Code::NOT_FOUND, "no ledger in " + data_.path);
  SUYUAN_TRY(leaf_data, read_file(data_.genesis(), limits::kLeafBytesMax));
  SUYUAN_TRY(leaf, parse_leaf(leaf_data));
  SUYUAN_TRY(genesis, parse_genesis(leaf.text));
  made_.manifest.ledger = ledger_id(genesis, leaf_data);
  made_.manifest.made_ms = now_ms_;
  SUYUAN_TRY_DONE(make_folder(options_.to));
  SUYUAN_TRY(lock, BackupLock::take(options_.to + "/.lock"));
  SUYUAN_TRY_DONE(find_older());
  // The mark is read first: every later state of the store contains what it marks.
  SUYUAN_TRY(mark, mark_in(data_));
  made_.manifest.mark = mark;
  folder_ = options_.to + "/" + std::string(kUnfinished) + std::to_string(now_ms_);
  auto made = grow();
  if (made) made = name_it();
  if (made) return std::move(made_);
  // Half a copy takes as much disk as a whole one, and the next backup may be a week away.
  const auto removed = remove_folder(folder_);
  if (!removed) made.error().message += ". " + folder_ + " stays: " + removed.error().message;
  return Unexpected(std::move(made).error());
}

Unexpected<Error> bad_backup(const std::string& backup, const std::string& what) {
  return fail(Code::CORRUPT, backup + " is damaged, and nothing is restored from it: " + what +
                                 ". Take another backup");
}

}  // namespace

Result<BackupMade> make_backup(const BackupOptions& options, int64_t now_ms) {
  return BackupMaker(options, now_ms).run();
}

Result<Done> remove_unfinished(const std::string& to) {
  SUYUAN_TRY(names, names_in(to));
  for (const auto& name : names) {
    if (name.starts_with(kUnfinished)) SUYUAN_TRY_DONE(remove_folder(to + "/" + name));
  }
  return Done{};
}

Result<std::vector<std::string>> backups_in(const std::string& to) {
  SUYUAN_TRY(names, names_in(to));
  std::vector<std::string> found;
  for (const auto& name : names) {
    const std::string folder = to + "/" + name;
    if (name.starts_with(kUnfinished) || !file_exists(folder + std::string(kManifestName)))
      continue;
    found.push_back(folder);
  }
  return found;
}

Result<std::string> choose_backup(const std::string& from, std::optional<uint64_t> size) {
  if (file_exists(from + std::string(kManifestName))) return from;
  SUYUAN_TRY(all, backups_in(from));
  if (all.empty()) return fail(Code::NOT_FOUND, "there is no backup in " + from);
  if (!size) return all.back();
  for (const auto& one : all) {
    SUYUAN_TRY(manifest, read_manifest(one));
    if (manifest.checkpoint.size >= *size) return one;
  }
  return fail(Code::NOT_FOUND, "no backup in " + from + " has a checkpoint of " +
                                   std::to_string(*size) + " leaves or more");
}

Result<BackupManifest> read_manifest(const std::string& backup) {
  SUYUAN_TRY(text, read_file(backup + std::string(kManifestName), kManifestBytesMax));
  auto manifest = parse_manifest(text);
  if (manifest) return manifest;
  return bad_backup(backup, "manifest: " + manifest.error().message);
}

Result<BackupManifest> check_backup(const std::string& backup) {
  SUYUAN_TRY(manifest, read_manifest(backup));
  for (const auto& file : manifest.files) {
    const auto sum = sum_file(backup + "/" + file.path);
    if (!sum) return bad_backup(backup, sum.error().message);
    if (*sum != file.sum) return bad_backup(backup, file.path + " is not what was written");
  }
  SUYUAN_TRY_DONE(open_backup(backup, manifest));
  return manifest;
}

Result<OpenedBackup> open_backup(const std::string& backup, const BackupManifest& manifest) {
  SUYUAN_TRY(store, open_rocks_read_only(backup + "/store"));
  const Reader& rows = store->reader();
  SUYUAN_TRY_DONE(check_right_edge(rows));
  SUYUAN_TRY(head, read_head(rows));
  const LedgerId ledger{.origin = head.origin, .genesis = head.genesis};
  if (ledger != manifest.ledger) return bad_backup(backup, "its store is of another ledger");
  const TreeHead& signed_head = manifest.checkpoint;
  if (head.leaves != manifest.leaves || signed_head.size > head.leaves ||
      manifest.mark.tree.size > head.leaves) {
    return bad_backup(backup, "its store has " + std::to_string(head.leaves) +
                                  " leaves, which is not what its manifest says");
  }
  const TreeRows tree(rows);
  for (const TreeHead& one : {signed_head, manifest.mark.tree}) {
    SUYUAN_TRY(root, root_of(TiledNodes(tree), one.size));
    if (root != one.root)
      return bad_backup(backup, "the first " + std::to_string(one.size) +
                                    " leaves have a root other than the signed one");
  }
  SUYUAN_TRY(note, find_checkpoint(rows, signed_head.size));
  SUYUAN_TRY(leaf, read_leaf(rows, 0));
  SUYUAN_TRY(genesis, parse_genesis(leaf.text));
  const std::array keys = {NoteKey{.name = genesis.origin, .key = genesis.log_key}};
  const auto opened = open_note(note.value_or(""), keys);
  const auto checkpoint = opened ? parse_checkpoint(opened->text)
                                 : Result<Checkpoint>(Unexpected(opened.error()));
  if (!checkpoint || checkpoint->head != signed_head)
    return bad_backup(backup, "the checkpoint of " + std::to_string(signed_head.size) +
                                  " leaves is not the one that the log signed");
  return OpenedBackup{.store = std::move(store), .checkpoint = *std::move(note)};
}

}  // namespace suyuan
