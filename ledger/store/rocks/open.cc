// Opening: which tables exist, which should exist, and what to tell the operator if they differ.
#include "ledger/store/rocks/open.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/statistics.h>

#include <algorithm>

#include "ledger/store/rocks/info_log.h"
#include "ledger/store/rocks/log_check.h"
#include "ledger/store/rocks/options.h"
#include "ledger/store/rocks/status.h"

#ifdef __SANITIZE_THREAD__
// The system's librocksdb is built without the sanitizer. The sanitizer therefore sees its copies
// of rows, but not the atomics that order them. Races of ours have no frame in that library.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:librocksdb.so\n"; }
#endif

namespace suyuan {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<std::string> family_names() {
  std::vector<std::string> names = {rocksdb::kDefaultColumnFamilyName};  // required, unused
  for (size_t i = 0; i < kTableCount; ++i) names.emplace_back(word(static_cast<Table>(i)));
  return names;
}

std::vector<std::string> missing_from(const std::vector<std::string>& all,
                                      const std::vector<std::string>& wanted) {
  std::vector<std::string> missing;
  for (const auto& name : wanted) {
    if (std::find(all.begin(), all.end(), name) == all.end()) missing.push_back(name);
  }
  return missing;
}

// Tables added after format 1. An older store lacks them: they are created empty.
const std::vector<std::string>& later_tables() {
  static const std::vector<std::string> kLater = {std::string(word(Table::checkpoint))};
  return kLater;
}

// Checks, without writing, whether the folder holds a whole store of ours.
Result<Done> check_tables(const RocksOptions& options, const rocksdb::DBOptions& db) {
  const auto current = db.env->FileExists(options.path + "/CURRENT");
  if (current.IsNotFound()) {
    if (options.create) return Done{};
    return fail(Code::NOT_FOUND, "there is no store at " + options.path +
                                     ": make one with `suyuan-node init`, or name its folder");
  }
  if (!current.ok()) return fail_open(current, options.path);
  std::vector<std::string> found;
  const auto status = rocksdb::DB::ListColumnFamilies(db, options.path, &found);
  if (!status.ok()) return fail_open(status, options.path);
  const auto wanted = family_names();
  if (const auto unknown = missing_from(wanted, found); !unknown.empty()) {
    return fail(Code::STORE_TOO_NEW,
                "the store at " + options.path + " has tables that this program does not know: " +
                    listed(unknown) + ". A newer version of the program wrote it (or it is not a "
                    "store of Suyuan): run that version or a later one");
  }
  std::vector<std::string> there = found;
  there.insert(there.end(), later_tables().begin(), later_tables().end());
  if (const auto missing = missing_from(there, wanted); !missing.empty()) {
    return fail(Code::CORRUPT,
                "the store at " + options.path + " lacks the tables " + listed(missing) +
                    ". If its creation was interrupted, empty the folder and make it again; "
                    "otherwise restore a backup");
  }
  return Done{};
}

}  // namespace

void Close::operator()(rocksdb::DB* db) const {
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  // Every commit was synced, so a failure here loses nothing.
  db->Close().PermitUncheckedError();
  delete db;
}

void OpenedDatabase::take(rocksdb::DB* opened, std::vector<rocksdb::ColumnFamilyHandle*> handles) {
  for (size_t i = 0; i < kTableCount; ++i) families.at(i) = handles.at(i + 1);
  db = {opened, Close{std::move(handles)}};
}

std::vector<rocksdb::ColumnFamilyDescriptor> families_of(const RocksOptions& options) {
  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions{});
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    families.emplace_back(std::string(word(table)), table_options(table, options, cache));
  }
  return families;
}

Result<OpenedDatabase> open_database(const RocksOptions& options) {
  auto settings = database_options(options);
  SUYUAN_TRY_DONE(check_logs(*settings.env, options.path));
  SUYUAN_TRY_DONE(check_tables(options, settings));
  settings.create_missing_column_families = true;  // now only those of later_tables() can lack
  OpenedDatabase opened{.guard = std::make_shared<Guard>(), .db = nullptr};
  settings.listeners.push_back(opened.guard);
  settings.info_log = open_info_log(options.path);

  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto status =
      rocksdb::DB::Open(settings, options.path, families_of(options), &handles, &db);
  if (!status.ok()) return fail_open(status, options.path);
  opened.take(db, std::move(handles));
  return opened;
}

}  // namespace suyuan
