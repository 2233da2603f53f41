// What a node keeps beside its ledger is in its backups: noted scans without the salts of their
// devices, and the access log.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "ledger/os/files.h"
#include "node/access/access_log.h"
#include "node/backup/restore.h"
#include "tests/e2e/session_fixture.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

class BackupBeside : public ::testing::Test {
 protected:
  BackupBeside() {
    const auto receipt = ledger_.accept(
        "maker", {testing::with_disposition(testing::commission("09:00", {can_}),
                                            "sellable_accessible")});
    const ScanRequest scan{.code = can_, .device = "0123456789abcdef"};
    EXPECT_EQ(ledger_.rpc().scan(scan).value->verdict, ScanVerdict::GENUINE_FIRST_SCAN);
    EXPECT_EQ(get_as(ledger_, "/v1/codes/" + percent_encode(can_) + "/trace",
                     token_over_http(ledger_, "maker"))
                  .status,
              200);
    // A checkpoint covers it all.
    EXPECT_EQ(ledger_.http()
                  .get("/v1/codes/" + percent_encode(can_) +
                       "/bundle?size=" + std::to_string(receipt.leaf + 1) + "&wait=20000")
                  .status,
              200);
  }
  BackupManifest backed_up(bool with_keys) {
    const auto made = make_backup({.data = ledger_.folder(), .to = at("backups"),
                                   .with_keys = with_keys},
                                  kNow + (with_keys ? 1 : 0));
    EXPECT_TRUE(made) << to_text(made.error());
    return made ? made->manifest : BackupManifest{};
  }
  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }
  static bool holds(const BackupManifest& manifest, const std::string& begin) {
    return std::ranges::any_of(manifest.files, [&](const BackedUpFile& file) {
      return file.path.starts_with(begin);
    });
  }
  static ServeOptions sealing() {
    ServeOptions options;
    options.seal_interval_ms = 50;
    return options;
  }

  static constexpr int64_t kNow = 1'780'358'500'000;
  const TempFolder folder_;
  const std::string can_ = "https://id.gs1.org/01/" + kFormula + "/21/A1";
  SmallLedger ledger_{sealing()};
};

TEST_F(BackupBeside, HoldsScansAndTheAccessLogAndTheirSaltsOnlyWithTheKeys) {
  const auto manifest = backed_up(false);
  EXPECT_TRUE(holds(manifest, "scans/rows/"));
  EXPECT_TRUE(holds(manifest, "access/access-"));
  EXPECT_FALSE(holds(manifest, "scans/salts"));
  EXPECT_TRUE(holds(backed_up(true), "scans/salts"));
}

TEST_F(BackupBeside, ComesBackWithTheLedger) {
  backed_up(false);
  fs::create_directories(at("restored"));
  fs::copy(ledger_.folder() + "/keys", at("restored") + "/keys");
  const auto restored = restore_backup({.from = at("backups"), .to = at("restored")});
  ASSERT_TRUE(restored) << to_text(restored.error());
  const auto log = AccessLog::open(at("restored") + "/access").value();
  const auto page = log->read(0, 10).value();
  ASSERT_EQ(page.entries.size(), 1U);
  EXPECT_EQ(page.entries[0].party, "maker");
  EXPECT_EQ(page.entries[0].code, can_);
  ServeOptions options = sealing();
  options.nothing_newer_was_signed = true;
  const RunningNode node(at("restored"), testing::ms("2026-06-02T00:00:00Z"), options);
  std::thread([&] {  // KJ has one event loop for each thread
    const auto rpc = Connection::open({.node = node.rpc_address()}).value();
    const auto again = rpc->scan({.code = can_, .device = "0123456789abcdef"});
    ASSERT_TRUE(again.value) << to_text(again.value.error());
    EXPECT_EQ(again.value->verdict, ScanVerdict::GENUINE_REPEAT) << "the history came back";
  }).join();
}

TEST_F(BackupBeside, IsNotMixedWithWhatAnotherNodeKept) {
  backed_up(false);
  fs::create_directories(at("restored") + "/access");
  std::ofstream(at("restored") + "/access/mine") << "mine";
  const auto refused = restore_backup({.from = at("backups"), .to = at("restored")});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::INVALID_FIELD);
  EXPECT_NE(refused.error().message.find("/access"), std::string::npos);
  EXPECT_TRUE(fs::exists(at("restored") + "/access/mine"));
}

}  // namespace
}  // namespace suyuan::test
