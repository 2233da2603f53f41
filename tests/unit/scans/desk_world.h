// A desk over a ledger in memory: a maker, customs, and one can that may be sold.
#pragma once

#include "node/scans/desk.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "ledger/os/files.h"
#include "node/scans/summary.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::testing {

inline const std::string kCan = "sgtin:09521104301011:A1";
inline const std::string kLot = "lot:09521104301011:L1";

class DeskTest : public ::testing::Test {
 protected:
  DeskTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "suyuan-desk-XXXXXX").string();
    SUYUAN_CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    ledger_.party("maker", {Role::manufacturer});
    ledger_.party("customs", {Role::customs});
    ledger_.product("09521104301011", "maker");
    post("maker", commission("08:00", {kLot + " 10 H87"}));
    post("maker", with_disposition(commission("09:00", {kCan}, kLot), "sellable_accessible"));
    open();
  }
  ~DeskTest() override {
    desk_.reset();
    std::filesystem::remove_all(folder_);
  }
  void post(std::string_view party, const TraceEvent& event) {
    ASSERT_TRUE(is_accepted(ledger_.post(party, event)));
  }
  void open(const ScanPolicy& policy = {}) {
    desk_.reset();
    desk_ = std::make_unique<ScanDesk>(folder_ + "/scans", policy, now_ms_);
  }
  static std::string device(int n) { return "device-0000000000-" + std::to_string(n); }
  VerdictView scan(int n, const std::string& place = {}, const std::string& what = kCan,
                   const std::string& inner = {}) {
    const auto request = ScanDesk::check(
        {.code = code(what), .device = device(n), .place = place, .inner = inner});
    SUYUAN_CHECK(request.has_value());
    auto view = desk_->scan(ledger_.state(), *request, now_ms_);
    SUYUAN_CHECK(view.has_value());
    return *std::move(view);
  }
  // What is on the disk about the can. Closes the desk.
  std::vector<ScanRow> stored() {
    desk_.reset();
    const auto store = ScanStore::open(folder_ + "/scans/rows");
    SUYUAN_CHECK(store.has_value());
    auto rows = (*store)->rows_of(code_key(code(kCan)), 0);
    SUYUAN_CHECK(rows.has_value());
    return *std::move(rows);
  }
  static std::string why(const VerdictView& view) { return view.reasons.at(0).code; }

  std::string folder_;
  LedgerBuilder ledger_;
  std::unique_ptr<ScanDesk> desk_;
  int64_t now_ms_ = ms("2026-06-02T00:00:00Z");
};

}  // namespace suyuan::testing
