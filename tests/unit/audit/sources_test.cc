// The two sources of an audit that need no node: an exported folder, and a stopped node's data
// directory. Clean as they were made; a flipped bit in any file of the first, or in the blocks of
// the second, is found.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "client/audit/audit_log.h"
#include "client/audit/node_folder.h"
#include "ledger/base/text.h"
#include "ledger/export/export.h"
#include "ledger/export/folder_log.h"
#include "ledger/os/files.h"
#include "ledger/proof/log_files.h"
#include "ledger/store/memory_store.h"
#include "ledger/store/rocks/rocks_store.h"
#include "tests/unit/audit/applied_log.h"

namespace suyuan {
namespace {

namespace fs = std::filesystem;
using testing::box;
using testing::receiving;

class AuditSources : public ::testing::Test {
 protected:
  AuditSources()
      : folder_(fs::path(::testing::TempDir()) /
                ("suyuan-audit-" + to_hex(random_fixed<Nonce>().view()))) {
    fs::create_directories(folder_ / "store");
    for (const char* party : {"store", "farm"}) log_.register_party(party);
    log_.post("store", {receiving({box(1)}), receiving({box(2), box(3)}), receiving({box(1)})});
    log_.seal();
    log_.post("farm", {receiving({box(1), box(4)})});
    log_.seal();
  }
  ~AuditSources() override { fs::remove_all(folder_); }

  std::unique_ptr<RocksStore> open_store() const {
    return open_rocks({.path = (folder_ / "store").string(), .create = true}).value();
  }
  // A node's data directory, the node stopped.
  void make_node_folder() const {
    const auto store = open_store();
    testing::AppliedLog(*store, log_).publish();
  }
  static std::string place(const Result<AuditReport>& report) {
    if (!report) return std::string(info(report.error().code).name);
    if (!report->fault) return "clean";
    return std::string(word(report->fault->check)) + " " + report->fault->file;
  }
  static AuditPlan plan(OpenLog open) {
    return {.open = std::move(open), .decode = testing::decode_payload_of, .jobs = 2};
  }
  std::string node_folder_place() const {
    const auto folder = open_node_folder(folder_.string());
    if (!folder) return std::string(info(folder.error().code).name);
    AuditPlan made = plan((*folder)->log());
    made.store = &(*folder)->store();
    made.watermark = (*folder)->watermark();
    made.acknowledged = (*folder)->acknowledged();
    made.scrub = [&] { return (*folder)->scrub(); };
    return place(audit_log(made));
  }
  std::string exported_place() const {
    const std::string path = (folder_ / "exported").string();
    return place(audit_log(plan([path]() -> Result<std::unique_ptr<LogSource>> {
      return std::unique_ptr<LogSource>(std::make_unique<FolderLog>(path));
    })));
  }
  static void flip(const fs::path& path, std::streamoff at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const int byte = file.get();
    file.seekp(at);
    file.put(static_cast<char>(byte ^ 0x10));
  }
  std::vector<fs::path> files(const fs::path& below) const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::recursive_directory_iterator(below))
      if (entry.is_regular_file()) all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
  }
  std::map<fs::path, fs::file_time_type> times(const fs::path& below) const {
    std::map<fs::path, fs::file_time_type> all;
    for (const auto& path : files(below)) all[path] = fs::last_write_time(path);
    return all;
  }

  testing::LogMaker log_;
  const fs::path folder_;
};

TEST_F(AuditSources, AnExportedFolderIsCleanAndEachOfItsFilesIsChecked) {
  MemoryStore store;
  testing::AppliedLog applied(store, log_);
  StoreLog source(store.latest(), log_.leaves.size(), log_.checkpoint());
  ASSERT_TRUE(export_log(source, {.folder = (folder_ / "exported").string()}));
  EXPECT_EQ(exported_place(), "clean");
  for (const auto& path : files(folder_ / "exported")) {
    if (path.filename() == "genesis.leaf" || fs::file_size(path) == 0) continue;
    const auto middle = static_cast<std::streamoff>(fs::file_size(path) / 2);
    flip(path, middle);
    EXPECT_NE(exported_place(), "clean") << path;
    flip(path, middle);
  }
  EXPECT_EQ(exported_place(), "clean");
}

TEST_F(AuditSources, ADataDirectoryIsCleanAndNothingInItIsWritten) {
  make_node_folder();
  ASSERT_TRUE(is_node_folder(folder_.string()));
  const auto before = times(folder_);
  EXPECT_EQ(node_folder_place(), "clean");
  auto after = times(folder_);
  after[folder_ / "store" / "LOCK"] = before.at(folder_ / "store" / "LOCK");
  EXPECT_EQ(after, before);
}

TEST_F(AuditSources, ADataDirectoryThatANodeHoldsIsRefused) {
  make_node_folder();
  const auto node = open_store();
  const auto refused = open_node_folder(folder_.string());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::BUSY);
}

TEST_F(AuditSources, ANodeCannotStartOnADirectoryUnderAudit) {
  make_node_folder();
  const auto audited = open_node_folder(folder_.string());
  ASSERT_TRUE(audited) << to_text(audited.error());
  EXPECT_FALSE(open_rocks({.path = (folder_ / "store").string()}));
}

TEST_F(AuditSources, AFlippedBitInAStoredBlockIsFound) {
  make_node_folder();
  open_store();  // its log is replayed into table files
  const auto all = files(folder_ / "store");
  size_t tables = 0;
  for (const auto& path : all) {
    if (path.extension() != ".sst") continue;
    ++tables;
    flip(path, 20);  // in its first block
    EXPECT_NE(node_folder_place(), "clean") << path;
    flip(path, 20);
  }
  EXPECT_GT(tables, 0U);
  EXPECT_EQ(node_folder_place(), "clean");
}

TEST_F(AuditSources, ADirectoryWithoutACheckpointHasNothingToAuditAgainst) {
  {
    const auto store = open_store();
    testing::AppliedLog applied(*store, log_);
  }
  const auto refused = open_node_folder(folder_.string());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::NOT_FOUND);
}

// One slot of a mark's file.
Bytes mark_slot(uint64_t epoch, const TreeHead& tree) {
  Bytes body;
  put_u64(body, epoch);
  put_u64(body, tree.size);
  body += tree.root.view();
  const Hash sum = sha256({"suyuan/watermark/v1\n", body});
  body += sum.view();
  body.resize(4096, '\0');
  return body;
}

// Receipts were given of leaves behind the newest checkpoint too.
TEST_F(AuditSources, WhatADirectoryHasAcknowledgedMustBeInItsStore) {
  const TreeHead sealed = log_.head();
  const Bytes note = log_.checkpoint();
  log_.post("farm", {receiving({box(5)})});
  const TreeHead here = log_.head();
  {
    const auto store = open_store();
    testing::AppliedLog(*store, log_);
    ASSERT_TRUE(store->commit({{Table::checkpoint, u64_key(sealed.size), note}}));
  }
  const auto write = [&](const Bytes& file) {
    ASSERT_TRUE(write_file((folder_ / "acknowledged").string(), file, FileMode::secret));
  };
  EXPECT_EQ(node_folder_place(), "clean");  // of an older program
  write(mark_slot(1, sealed) + mark_slot(2, here));
  EXPECT_EQ(node_folder_place(), "clean");
  write(mark_slot(3, {.size = here.size + 1, .root = {}}) + mark_slot(2, here));
  EXPECT_EQ(node_folder_place(), "WATERMARK acknowledged");
  write(mark_slot(1, sealed) + mark_slot(2, {.size = here.size, .root = sealed.root}));
  EXPECT_EQ(node_folder_place(), "WATERMARK acknowledged");
  write(Bytes(8192, 'x'));  // torn by a power cut: no word, as for a node that starts
  EXPECT_EQ(node_folder_place(), "clean");
}

TEST_F(AuditSources, TheWatermarkOfADirectoryCounts) {
  make_node_folder();
  const auto write = [&](const Bytes& file) {
    ASSERT_TRUE(write_file((folder_ / "watermark").string(), file, FileMode::secret));
  };
  const TreeHead here = log_.head();
  const TreeHead further{.size = here.size + 3, .root = {}};
  write(mark_slot(1, {}) + mark_slot(2, here));
  EXPECT_EQ(node_folder_place(), "clean");
  write(mark_slot(3, further) + mark_slot(2, here));
  EXPECT_EQ(node_folder_place(), "WATERMARK watermark");
  write(mark_slot(3, here) + mark_slot(2, here));
  EXPECT_EQ(node_folder_place(), "clean");
  write(Bytes(8192, 'x'));
  EXPECT_EQ(node_folder_place(), "CORRUPT");
}

}  // namespace
}  // namespace suyuan
