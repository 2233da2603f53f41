#include "node/backup/restore.h"

#include <array>
#include <filesystem>
#include <thread>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/seal.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/export/folder_log.h"
#include "ledger/os/folders.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/log_files.h"
#include "node/backup/rebuild.h"
#include "node/folder/init_mark.h"
#include "node/folder/node_keys.h"
#include "node/folder/opening.h"
#include "node/folder/restored_mark.h"
#include "node/folder/trust_policy.h"
#include "node/ops/watermark.h"
#include "node/peers/known_rules.h"
#include "node/pipeline/order_place.h"

namespace suyuan {
namespace {

unsigned rebuild_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

bool is_secret(std::string_view path) {
  return !path.starts_with("store/") && path != "genesis.leaf" && path != "policy";
}

// The data folder while it is made: on failure, everything made here is removed.
class Making {
 public:
  static Result<std::unique_ptr<Making>> begin(const DataFolder& folder, Maker maker) {
    SUYUAN_TRY_DONE(make_folder(folder.path));
    SUYUAN_TRY(mark, InitMark::take(folder.path, maker));
    std::unique_ptr<Making> making(new Making(folder, std::move(mark)));
    if (making->mark_.interrupted()) {
      SUYUAN_TRY_DONE(making->take_away());
    } else if (const auto there = found_in(folder); !there.empty()) {
      SUYUAN_TRY_DONE(making->mark_.remove());
      making->done_ = true;
      return fail(Code::INVALID_FIELD,
                  there + " exists and is not replaced; choose a folder that has only keys",
                  "data");
    }
    SUYUAN_TRY_DONE(making->mark_.begin());
    return making;
  }
  ~Making() {
    if (!done_ && take_away()) (void)mark_.remove();
  }
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;

  Result<Done> finish() {
    SUYUAN_TRY_DONE(sync_file_system(folder_.path));
    done_ = true;
    return mark_.remove();
  }

 private:
  Making(const DataFolder& folder, InitMark mark) : folder_(folder), mark_(std::move(mark)) {}
  // What this makes, and removes on failure, so none of it may exist before. Above all a watermark:
  // it is the only record of what a lost store had signed. Keys are not included: whoever put them
  // there may have no other copy.
  static std::array<std::string, 9> made_in(const DataFolder& folder) {
    return {folder.genesis(),      folder.store(),    folder.policy(),
            folder.watermark(),    folder.restored(), folder.scans(),
            folder.acknowledged(), folder.access(),   folder.path + "/epcis"};
  }
  static std::string found_in(const DataFolder& folder) {
    for (const auto& path : made_in(folder)) {
      if (file_exists(path)) return path;
    }
    return {};
  }
  Result<Done> take_away() const {
    for (const auto& path : made_in(folder_)) SUYUAN_TRY_DONE(remove_folder(path));
    return Done{};
  }

  const DataFolder folder_;
  InitMark mark_;
  bool done_ = false;
};

// Copies and hashes in one pass: a file that differs from the manifest is not restored.
Result<Done> copy_backed_up(const std::string& backup, const BackedUpFile& file,
                            const DataFolder& folder) {
  const std::string to = folder.path + "/" + file.path;
  // A key that is already there must be the same.
  if (file_exists(to)) {
    SUYUAN_TRY(there, sum_file(to));
    if (there == file.sum) return Done{};
    return fail(Code::INVALID_FIELD, to + " exists and is a different one", "data");
  }
  SUYUAN_TRY_DONE(make_folder(to.substr(0, to.rfind('/'))));
  SUYUAN_TRY(sum, copy_file(backup + "/" + file.path, to,
                            is_secret(file.path) ? FileMode::secret : FileMode::shared));
  if (sum == file.sum) return Done{};
  return fail(Code::CORRUPT, backup + " is damaged, and nothing is restored from it: " + file.path +
                                 " is not what was written. Take another backup");
}

Result<std::unique_ptr<ReceiptSigner>> signer_of(const DataFolder& folder, const Genesis& genesis,
                                                 const LedgerId& ledger,
                                                 const PassphraseSource& source) {
  NodePassphrase passphrase(source);
  SUYUAN_TRY(node_key, read_own_key(folder, passphrase));
  SUYUAN_TRY_DONE(read_log_key(folder.log_key(), genesis, passphrase));
  return std::make_unique<ReceiptSigner>(ledger, std::move(node_key));
}

// The log says who the nodes are, so they are checked only once the log is there.
Result<Done> check_signer(const DataFolder& folder, const Genesis& genesis,
                          const ReceiptSigner& signer) {
  SUYUAN_TRY(store, open_rocks_read_only(folder.store()));
  SUYUAN_TRY(rules, rules_to_serve(folder, store->reader(), genesis, signer.ledger()));
  return check_node_key(folder, signer.node(), rules.nodes);
}

// An exported log: its checkpoint, verified with the log key of its own leaf 0.
struct ExportedLog {
  Bytes genesis_leaf;
  Genesis genesis;
  LedgerId ledger;
  std::string note;
  TreeHead head;
};
Result<ExportedLog> open_export(const std::string& folder) {
  ExportedLog log;
  SUYUAN_TRY(leaf_data, read_file(folder + "/genesis.leaf", limits::kLeafBytesMax));
  SUYUAN_TRY(leaf, parse_leaf(leaf_data));
  SUYUAN_TRY(genesis, parse_genesis(leaf.text));
  SUYUAN_TRY(note, read_file(folder + "/checkpoint", limits::kCheckpointBytesMax));
  const std::array keys = {NoteKey{.name = genesis.origin, .key = genesis.log_key}};
  SUYUAN_TRY(opened, open_note(note, keys));
  SUYUAN_TRY(checkpoint, parse_checkpoint(opened.text));
  if (checkpoint.origin != genesis.origin)
    return fail(Code::LEDGER_MISMATCH, "the checkpoint in " + folder + " is of another ledger");
  log.ledger = ledger_id(genesis, leaf_data);
  log.genesis_leaf = std::move(leaf_data);
  log.genesis = std::move(genesis);
  log.note = std::move(note);
  log.head = checkpoint.head;
  return log;
}

RebuildPlan plan_of(const std::string& folder, const ExportedLog& log, const DataFolder& data,
                    const ReceiptSigner& signer, const RebuildProgress& progress) {
  return {.open = [folder, size = log.head.size]() -> std::unique_ptr<LogSource> {
            return std::make_unique<FolderLog>(folder, size);
          },
          .head = log.head,
          .checkpoint = log.note,
          .store = data.store(),
          .signer = &signer,
          .threads = rebuild_threads(),
          .progress = progress};
}

class Restoring {
 public:
  Restoring(const RestoreOptions& options, std::string backup, BackupManifest manifest)
      : options_(options), backup_(std::move(backup)), manifest_(std::move(manifest)) {}
  Result<Restored> run();

 private:
  Result<Done> copy_files(bool with_store);
  Result<Done> make_earlier();
  Result<Done> go_on();

  const RestoreOptions& options_;
  const std::string backup_;
  const BackupManifest manifest_;
  const DataFolder folder_{options_.to};
  Restored done_;
};

Result<Done> Restoring::copy_files(bool with_store) {
  for (const auto& file : manifest_.files) {
    if (!with_store && file.path.starts_with("store/")) continue;
    SUYUAN_TRY_DONE(copy_backed_up(backup_, file, folder_));
  }
  return Done{};
}

// The store of an earlier checkpoint is built from the first leaves of the backup's store.
Result<Done> Restoring::make_earlier() {
  const uint64_t size = *options_.size;
  SUYUAN_TRY_DONE(check_backup(backup_));
  SUYUAN_TRY(opened, open_backup(backup_, manifest_));
  const Reader& rows = opened.store->reader();
  SUYUAN_TRY(place, read_order_place(rows));
  if (place && size == manifest_.leaves) {
    return fail(Code::INVALID_FIELD,
                "the backup ends there, and several nodes share its log: restore it "
                "without --size, and serve it with --order etcd",
                "size");
  }
  const bool covered = size > 1 && size <= manifest_.checkpoint.size;
  const auto seal = covered ? read_seal(rows, manifest_.ledger, size - 1)
                            : Result<SealText>(fail(Code::NOT_FOUND, ""));
  if (!seal) {
    return fail(Code::INVALID_FIELD,
                std::to_string(size) + " is not the size of a checkpoint in this backup; its "
                "newest is of " + std::to_string(manifest_.checkpoint.size), "size");
  }
  const TreeRows tree(rows);
  SUYUAN_TRY(root, root_of(TiledNodes(tree), size));
  SUYUAN_TRY(note, find_checkpoint(rows, size));
  done_.checkpoint = {.size = size, .root = root};
  done_.leaves = size;
  // The text without signatures, if the note is so old that the ledger no longer keeps it.
  const std::string text =
      write_checkpoint({.origin = manifest_.ledger.origin, .head = done_.checkpoint});
  SUYUAN_TRY(rebuilt, rebuild_store(
      {.open = [&rows, size, text]() -> std::unique_ptr<LogSource> {
         return std::make_unique<StoreLog>(rows, size, text, LogReadBy::owner);
       },
       .head = done_.checkpoint,
       .checkpoint = note.value_or(text),
       .store = folder_.store(),
       .original = &rows,
       .threads = rebuild_threads(),
       .progress = options_.progress}));
  done_.events = rebuilt.events;
  if (manifest_.leaves == size) return Done{};
  // The backup has later leaves whose receipts are signed, whether or not a checkpoint covers them.
  SUYUAN_TRY(whole, root_of(TiledNodes(tree), manifest_.leaves));
  return write_watermark(folder_.watermark(), {.epoch = manifest_.mark.epoch + 1,
                              .tree = {.size = manifest_.leaves, .root = whole}});
}

// What others kept of the log after the backup's end.
Result<Done> Restoring::go_on() {
  SUYUAN_TRY(log, open_export(options_.log));
  if (log.ledger != manifest_.ledger)
    return fail(Code::LEDGER_MISMATCH, options_.log + " is the log of another ledger", "log");
  if (log.head.size <= manifest_.leaves) {
    return fail(Code::INVALID_FIELD, options_.log + " ends at " + std::to_string(log.head.size) +
                                         " leaves, the backup has " +
                                         std::to_string(manifest_.leaves), "log");
  }
  SUYUAN_TRY(signer, signer_of(folder_, log.genesis, log.ledger, options_.passphrase));
  SUYUAN_TRY(rebuilt, rebuild_store(plan_of(options_.log, log, folder_, *signer,
                                            options_.progress)));
  SUYUAN_TRY_DONE(check_signer(folder_, log.genesis, *signer));
  done_.checkpoint = log.head;
  done_.leaves = log.head.size;
  done_.events = rebuilt.events;
  return write_watermark(folder_.watermark(),
                         {.epoch = manifest_.mark.epoch + 1, .tree = log.head});
}

Result<Restored> Restoring::run() {
  SUYUAN_TRY(making, Making::begin(folder_, Maker::restore));
  done_.ledger = manifest_.ledger;
  done_.backup = backup_;
  done_.checkpoint = manifest_.checkpoint;
  done_.leaves = manifest_.leaves;
  SUYUAN_TRY_DONE(copy_files(!options_.size));
  // The largest tree that was signed when the backup was made, however much of it is restored.
  SUYUAN_TRY_DONE(write_watermark(folder_.watermark(), manifest_.mark));
  if (options_.size) SUYUAN_TRY_DONE(make_earlier());
  if (!options_.log.empty()) SUYUAN_TRY_DONE(go_on());
  SUYUAN_TRY_DONE(write_restored_mark(folder_, done_.leaves));
  SUYUAN_TRY_DONE(making->finish());
  return std::move(done_);
}

// Groups in a shared log have places, which an exported log does not contain. A store that grew
// through one would take the same groups again.
Result<Done> check_own_order(const std::string& backup) {
  SUYUAN_TRY(store, open_rocks_read_only(backup + "/store"));
  SUYUAN_TRY(place, read_order_place(store->reader()));
  if (!place) return Done{};
  return fail(Code::INVALID_FIELD,
              "the ledger of " + backup + " is ordered by a log that several nodes share, "
              "which has what came after the backup: restore without --log, and serve with "
              "--order etcd",
              "log");
}

}  // namespace

Result<Restored> restore_backup(const RestoreOptions& options) {
  if (options.size && !options.log.empty())
    return fail(Code::INVALID_FIELD, "--size ends before the backup does, --log continues after it",
                "size");
  SUYUAN_TRY(backup, choose_backup(options.from, options.size));
  SUYUAN_TRY(manifest, read_manifest(backup));
  if (!options.log.empty()) SUYUAN_TRY_DONE(check_own_order(backup));
  return Restoring(options, std::move(backup), std::move(manifest)).run();
}

Result<Restored> import_log(const ImportOptions& options) {
  const DataFolder folder{options.data};
  SUYUAN_TRY(log, open_export(options.from));
  SUYUAN_TRY(signer, signer_of(folder, log.genesis, log.ledger, options.passphrase));
  SUYUAN_TRY(making, Making::begin(folder, Maker::import));
  SUYUAN_TRY(rebuilt,
             rebuild_store(plan_of(options.from, log, folder, *signer, options.progress)));
  SUYUAN_TRY_DONE(check_signer(folder, log.genesis, *signer));
  SUYUAN_TRY_DONE(write_file(folder.policy(), first_policy(log.ledger, log.genesis.log_key),
                             FileMode::shared));
  SUYUAN_TRY_DONE(write_watermark(folder.watermark(), {.epoch = 1, .tree = log.head}));
  SUYUAN_TRY_DONE(write_file(folder.genesis(), log.genesis_leaf, FileMode::shared));
  SUYUAN_TRY_DONE(write_restored_mark(folder, log.head.size));
  SUYUAN_TRY_DONE(making->finish());
  return Restored{.ledger = log.ledger,
                  .checkpoint = log.head,
                  .leaves = log.head.size,
                  .events = rebuilt.events};
}

}  // namespace suyuan
