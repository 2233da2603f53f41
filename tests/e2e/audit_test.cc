// The audit of the scenario's ledger, as a real node made and sealed it: from the node, from its
// data directory, from an export of it, and from a web server that serves the export.
#include "client/audit/audit_log.h"

#include <filesystem>
#include <fstream>

#include "ledger/export/export.h"
#include "tests/e2e/audited.h"
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

AuditReport audited_scenario(OpenLog open, const NodeFolder* folder = nullptr) {
  return audited(std::move(open), folder,
                 policy_of_genesis(SealedScenario::get().pinned.leaf).value());
}

void is_clean(const AuditReport& report) {
  expect_clean(report);
  const Status& status = SealedScenario::get().status;
  EXPECT_EQ(report.counts.events, status.events);
  EXPECT_EQ(report.counts.codes, status.chains);
  EXPECT_GE(report.counts.seals, 1U);
  if (!report.store) return;
  // Of a data directory every derived row is the rules' too.
  EXPECT_TRUE(report.replay->all_rows);
  EXPECT_GT(report.replay->rows, report.counts.events);
}

// The data directory, exported while its node is stopped.
std::string exported_to(const TempFolder& beside) {
  const std::string path = beside.path() + "/log";
  const auto folder = open_node_folder(SealedScenario::get().folder);
  EXPECT_TRUE(folder) << to_text(folder.error());
  const auto source = (*folder)->log()();
  EXPECT_TRUE(export_log(**source, {.folder = path}));
  return path;
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
  const auto report = audited_scenario((*folder)->log(), folder->get());
  is_clean(report);
  ASSERT_TRUE((*folder)->watermark());
  EXPECT_EQ(*(*folder)->watermark(), report.head);
  EXPECT_EQ(report.store->links, report.counts.links);
}

TEST(AuditScenario, AnExportIsCleanAndAFlippedBitInAnyOfItsFilesIsFound) {
  const TempFolder exported;
  const std::string path = exported_to(exported);
  is_clean(audited_scenario(folder_log(path)));
  size_t flipped = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    // Leaf 0 stands in the first bundle too, which is what is read.
    if (!entry.is_regular_file() || entry.path().filename() == "genesis.leaf") continue;
    if (fs::file_size(entry.path()) == 0) continue;
    ++flipped;
    flip_middle(entry.path());
    EXPECT_TRUE(audited_scenario(folder_log(path)).fault) << entry.path();
    flip_middle(entry.path());
  }
  EXPECT_GT(flipped, 30U);
  is_clean(audited_scenario(folder_log(path)));
}

TEST(AuditScenario, AnExportThatAWebServerServesIsCleanAndAFlippedBitIsFound) {
  const TempFolder exported;
  const std::string path = exported_to(exported);
  const FileServer server(path);
  const auto report = audited_scenario(http_log(server.url()));
  is_clean(report);
  flip_middle(path + "/events/010");
  const auto found = audited_scenario(http_log(server.url()));
  ASSERT_TRUE(found.fault);
  EXPECT_EQ(found.fault->leaf, 10U);
  EXPECT_EQ(found.fault->file, "events/010");
}

TEST(AuditScenario, ARunningNodeIsCleanOverHttpAndItsDataDirectoryRefused) {
  const auto& sealed = SealedScenario::get();
  const RunningNode node(sealed.folder, from_rfc3339("2027-01-02T00:00:00Z")->ms);
  const std::string at = "http://127.0.0.1:" + std::to_string(node.http_port());
  is_clean(audited_scenario(http_log(at + "/log")));
  const auto refused = open_node_folder(sealed.folder);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::BUSY);
}

}  // namespace
}  // namespace suyuan::test
