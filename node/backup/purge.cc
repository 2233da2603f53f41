#include "node/backup/purge.h"

#include <algorithm>
#include <filesystem>

#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/os/folders.h"
#include "ledger/store/notice_rows.h"

namespace suyuan {
namespace {

struct Erasure {
  uint64_t leaf = 0;    // leaf of the batch that has the section
  uint64_t notice = 0;  // leaf of the notice
};

Result<std::vector<Erasure>> erasures_in(const Reader& store) {
  std::vector<Erasure> found;
  bool readable = true;
  SUYUAN_TRY_DONE(store.scan(Table::meta, kErasedRows, after_prefix(kErasedRows),
                             Direction::ascending, [&](BytesView key, BytesView value) {
                               Erasure one;
                               const BytesView place = key.substr(kErasedRows.size());
                               readable = Decoder(place).get_u64(one.leaf) &&
                                          Decoder(value).get_u64(one.notice);
                               found.push_back(one);
                               return readable;
                             }));
  if (readable) return found;
  return fail(Code::CORRUPT, "a row of what was erased cannot be read");
}

uint64_t count_since(const std::vector<Erasure>& erasures, uint64_t leaves) {
  return static_cast<uint64_t>(std::ranges::count_if(erasures, [&](const Erasure& one) {
    return one.leaf < leaves && leaves <= one.notice;
  }));
}

struct Survey {
  std::string newest;  // the one with the most leaves
  BackupManifest manifest;
  std::vector<BackupWithErased> holding;
};

Result<Survey> survey(const std::string& backups) {
  SUYUAN_TRY(folders, backups_in(backups));
  if (folders.empty()) return fail(Code::NOT_FOUND, "there is no backup in " + backups);
  std::vector<BackupManifest> manifests;
  size_t newest = 0;
  for (const auto& folder : folders) {
    SUYUAN_TRY(manifest, read_manifest(folder));
    manifests.push_back(std::move(manifest));
    if (manifests.back().ledger != manifests.front().ledger) {
      return fail(Code::LEDGER_MISMATCH, backups + " has backups of several ledgers; name a folder "
                                                   "of one");
    }
    if (manifests.back().leaves >= manifests[newest].leaves) newest = manifests.size() - 1;
  }
  SUYUAN_TRY(opened, open_backup(folders[newest], manifests[newest]));
  SUYUAN_TRY(erasures, erasures_in(opened.store->reader()));
  Survey survey{.newest = folders[newest], .manifest = manifests[newest], .holding = {}};
  for (size_t i = 0; i < folders.size(); ++i) {
    const ErasedInBackup& own = manifests[i].erased;  // as stated in its own manifest
    const uint64_t since = std::max(own.since, count_since(erasures, manifests[i].leaves));
    if (own.in_files + since > 0)
      survey.holding.push_back({.folder = folders[i], .sections = own.in_files + since});
  }
  return survey;
}

bool has_row(const Reader& store, Table table, BytesView prefix) {
  bool found = false;
  const auto scanned = store.scan(table, prefix, after_prefix(prefix), Direction::ascending,
                                  [&](BytesView, BytesView) { return !(found = true); });
  return found || !scanned;
}

// The parts next to the log: a file's folder, and each key file by its name.
std::string part_of(const std::string& path) {
  const std::string folder = path.substr(0, path.find('/'));
  return folder == "keys" || folder == "gateway" || path == "scans/salts" ? path : folder;
}

// Returns why the newest backup cannot replace an older one; empty if it can. Every later backup
// contains the older log, but the files next to it may be of another node, or of a folder made
// again.
Result<std::string> what_newest_misses(const BackupManifest& of_newest, const Reader& newest,
                                       const std::string& older) {
  SUYUAN_TRY(manifest, read_manifest(older));
  for (const auto& file : manifest.files) {
    const std::string part = part_of(file.path);
    const bool there = std::ranges::any_of(of_newest.files, [&](const BackedUpFile& one) {
      return part_of(one.path) == part;
    });
    if (!there) return "the newest one has no " + part + ": make one --with-keys, of the same node";
  }
  const TreeRows rows(newest);
  const TreeHead& checkpoint = manifest.checkpoint;
  if (checkpoint.size > of_newest.leaves) return std::string("the newest one is shorter");
  SUYUAN_TRY(root, root_of(TiledNodes(rows), checkpoint.size));
  if (root != checkpoint.root) return std::string("the newest one is of another history");
  if (has_row(newest, Table::meta, kAbsentRows))
    return std::string("the newest one lacks sections that no notice erased");
  SUYUAN_TRY(opened, open_backup(older, manifest));
  bool all = true;
  SUYUAN_TRY_DONE(opened.store->reader().scan(Table::attachment, {}, {}, Direction::ascending,
                                              [&](BytesView key, BytesView) {
                                                const auto row = newest.get(Table::attachment, key);
                                                return all = row && *row;
                                              }));
  return std::string(all ? "" : "the newest one lacks attachments that it holds");
}

}  // namespace

Result<uint64_t> erased_since(const Reader& store, uint64_t leaves) {
  SUYUAN_TRY(erasures, erasures_in(store));
  return count_since(erasures, leaves);
}

Result<std::vector<BackupWithErased>> backups_with_erased(const std::string& backups) {
  SUYUAN_TRY(found, survey(backups));
  return std::move(found.holding);
}

Result<BackupsPurged> purge_backups(const std::string& backups) {
  SUYUAN_TRY(lock, BackupLock::take(backups + "/.lock"));
  SUYUAN_TRY_DONE(remove_unfinished(backups));
  SUYUAN_TRY(found, survey(backups));
  BackupsPurged purged{.kept = found.newest, .removed = {}, .left = {}};
  if (found.holding.empty()) return purged;
  SUYUAN_TRY_DONE(check_backup(found.newest));
  SUYUAN_TRY(newest, open_backup(found.newest, found.manifest));
  for (auto& one : found.holding) {
    if (one.folder == found.newest) {
      purged.left.push_back({.folder = one.folder,
                             .why = "it is the newest one, and they were erased while it was made "
                                    "or just before: make another backup, and purge again"});
      continue;
    }
    SUYUAN_TRY(why, what_newest_misses(found.manifest, newest.store->reader(), one.folder));
    if (!why.empty()) {
      purged.left.push_back({.folder = one.folder, .why = std::move(why)});
      continue;
    }
    // Renames it first, to a name that no backup has: a partly deleted one must not pass for a
    // whole one.
    const std::string name = one.folder.substr(backups.size() + 1);
    const std::string going = backups + "/" + std::string(kUnfinished) + name;
    std::error_code error;
    std::filesystem::rename(one.folder, going, error);
    if (error) return fail(Code::IO, "cannot rename " + one.folder + ": " + error.message());
    SUYUAN_TRY_DONE(sync_folder(backups));
    SUYUAN_TRY_DONE(remove_folder(going));
    purged.removed.push_back(std::move(one));
  }
  SUYUAN_TRY_DONE(sync_folder(backups));
  return purged;
}

}  // namespace suyuan
