// A small ledger in memory that is sealed by hand, for tests of what follows a seal.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/apply/head_rows.h"
#include "ledger/apply/seal.h"
#include "node/pipeline/map_keeper.h"
#include "node/pipeline/publisher.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::testing {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "suyuan-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class SealedLedger : public ::testing::Test {
 protected:
  SealedLedger() {
    ledger.party("maker", {Role::manufacturer});
    ledger.product("09521104301011", "maker");
  }

  void grow() {
    const std::string code = "sgtin:09521104301011:S" + std::to_string(++serial_);
    ledger.accept("maker", commission("08:00", {code}));
  }
  // Commits a seal over all that is there, with the map made anew.
  Sealed seal() {
    auto map = build_map(ledger.state(), 2);
    EXPECT_TRUE(map) << to_text(map.error());
    auto applied = apply_seal(ledger.state(), ledger.head().position + 1, 0, map->root());
    EXPECT_TRUE(applied) << to_text(applied.error());
    EXPECT_TRUE(ledger.store().commit(applied->changes));
    return {.head = applied->head,
            .root = applied->root,
            .state = ledger.store().snapshot(),
            .map = *std::move(map)};
  }

  TempFolder folder;
  LedgerBuilder ledger;

 private:
  int serial_ = 0;
};

}  // namespace suyuan::testing
