// The audit of the scenario's ledger, as a real node made and sealed it: from the node, from its
// data directory, from an export of it, and from a web server that serves the export.
#include "client/audit/audit_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "client/audit/node_folder.h"
#include "client/http_log.h"
#include "ledger/export/export.h"
#include "ledger/export/folder_log.h"
#include "proto/json/bundle_json.h"
#include "tests/e2e/file_server.h"
#include "tests/e2e/scenario.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

// Of the whole program: a ledger of 32 submissions, sealed, its node stopped.
struct SealedScenario {
  std::string folder;
  PinnedLedger pinned;
  Status status;

  static const SealedScenario& get() {
    static const SealedScenario kOne;
    return kOne;
  }

 private:
  SealedScenario() {
    Scenario& scenario = Scenario::get();
    folder = scenario.folder();
    pinned = scenario.running().ledger();
    status = scenario.node().status().value.value();
    scenario.stop();
    // A node with an interval seals what it finds before it is ready.
    ServeOptions options;
    options.seal_interval_ms = 1;
    const RunningNode sealing(folder, from_rfc3339("2027-01-01T00:00:00Z")->ms, options);
  }
};

OpenLog folder_log(const std::string& path) {
  return [path]() -> Result<std::unique_ptr<LogSource>> {
    return std::unique_ptr<LogSource>(std::make_unique<FolderLog>(path));
  };
}
OpenLog http_log(const std::string& url) {
  return [url]() -> Result<std::unique_ptr<LogSource>> {
    SUYUAN_TRY(log, HttpLog::open(url));
    return std::unique_ptr<LogSource>(std::move(log));
  };
}

AuditReport audited(OpenLog open, const NodeFolder* folder = nullptr) {
  AuditPlan plan{.open = std::move(open),
                 .decode = decode_any_payload,
                 .policy = policy_of_genesis(SealedScenario::get().pinned.leaf).value(),
                 .jobs = 2};
  const auto replay = Replay::open({});
  EXPECT_TRUE(replay);
  plan.replay = replay->get();
  if (folder != nullptr) {
    plan.store = &folder->store();
    plan.store_leaves = folder->leaves();
    plan.watermark = folder->watermark();
    plan.acknowledged = folder->acknowledged();
    plan.scrub = [folder] { return folder->scrub(); };
  }
  const auto report = audit_log(plan);
  EXPECT_TRUE(report) << (report ? "" : to_text(report.error()));
  return report ? *report : AuditReport{};
}

void is_clean(const AuditReport& report) {
  EXPECT_FALSE(report.fault) << word(report.fault->check) << ": " << report.fault->message << ", "
                             << report.fault->file << " " << report.fault->field;
  const Status& status = SealedScenario::get().status;
  EXPECT_EQ(report.counts.events, status.events);
  EXPECT_EQ(report.counts.codes, status.chains);
  EXPECT_GE(report.counts.seals, 1U);
  // What a node took, the rules take again; and of a data directory every derived row is theirs.
  ASSERT_TRUE(report.replay);
  EXPECT_EQ(report.replay->leaves, report.head.size);
  if (!report.store) return;
  EXPECT_TRUE(report.replay->all_rows);
  EXPECT_GT(report.replay->rows, report.counts.events);
}

void flip_middle(const fs::path& path) {
  const auto at = static_cast<std::streamoff>(fs::file_size(path) / 2);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const int byte = file.get();
  file.seekp(at);
  file.put(static_cast<char>(byte ^ 0x08));
}

TEST(AuditScenario, TheDataDirectoryIsClean) {
  const auto folder = open_node_folder(SealedScenario::get().folder);
  ASSERT_TRUE(folder) << to_text(folder.error());
  const auto report = audited((*folder)->log(), folder->get());
  is_clean(report);
  ASSERT_TRUE((*folder)->watermark());
  EXPECT_EQ(*(*folder)->watermark(), report.head);
  EXPECT_EQ(report.store->links, report.counts.links);
}

TEST(AuditScenario, AnExportIsCleanAndAFlippedBitInAnyOfItsFilesIsFound) {
  const TempFolder exported;
  const std::string path = exported.path() + "/log";
  {
    const auto folder = open_node_folder(SealedScenario::get().folder);
    ASSERT_TRUE(folder) << to_text(folder.error());
    const auto source = (*folder)->log()();
    ASSERT_TRUE(export_log(**source, {.folder = path}));
  }
  is_clean(audited(folder_log(path)));
  size_t flipped = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    // Leaf 0 stands in the first bundle too, which is what is read.
    if (!entry.is_regular_file() || entry.path().filename() == "genesis.leaf") continue;
    if (fs::file_size(entry.path()) == 0) continue;
    ++flipped;
    flip_middle(entry.path());
    EXPECT_TRUE(audited(folder_log(path)).fault) << entry.path();
    flip_middle(entry.path());
  }
  EXPECT_GT(flipped, 30U);
  is_clean(audited(folder_log(path)));
}

TEST(AuditScenario, AnExportThatAWebServerServesIsCleanAndAFlippedBitIsFound) {
  const TempFolder exported;
  const std::string path = exported.path() + "/log";
  {
    const auto folder = open_node_folder(SealedScenario::get().folder);
    ASSERT_TRUE(folder) << to_text(folder.error());
    const auto source = (*folder)->log()();
    ASSERT_TRUE(export_log(**source, {.folder = path}));
  }
  const FileServer server(path);
  const auto report = audited(http_log(server.url()));
  is_clean(report);
  flip_middle(path + "/events/010");
  const auto found = audited(http_log(server.url()));
  ASSERT_TRUE(found.fault);
  EXPECT_EQ(found.fault->leaf, 10U);
  EXPECT_EQ(found.fault->file, "events/010");
}

TEST(AuditScenario, ARunningNodeIsCleanOverHttpAndItsDataDirectoryRefused) {
  const auto& sealed = SealedScenario::get();
  const RunningNode node(sealed.folder, from_rfc3339("2027-01-02T00:00:00Z")->ms);
  is_clean(audited(http_log("http://127.0.0.1:" + std::to_string(node.http_port()) + "/log")));
  const auto refused = open_node_folder(sealed.folder);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::BUSY);
}

}  // namespace
}  // namespace suyuan::test
