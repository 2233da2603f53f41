// suyuan label --units: the sheets of a lot that has more units than one answer of the node holds.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "ledger/base/limits.h"
#include "ledger/os/files.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

const std::string kLot = "lot:" + kFormula + ":L1";

class LabelUnits : public ::testing::Test {
 protected:
  // `count` units from the number `first` on, made by one event.
  void make(size_t first, size_t count) {
    testing::Words units;
    for (size_t i = 0; i < count; ++i) {
      std::string digits = std::to_string(first + i);
      digits.insert(0, 5 - digits.size(), '0');
      units.push_back("sgtin:" + kFormula + ":S" + digits);
    }
    ledger_.accept("maker", {testing::commission("09:00", units, kLot)});
  }
  // Its exit code; what it printed is in said_.
  int label() {
    const std::string command =
        "XDG_CONFIG_HOME=" + at("config") + " LANG=C timeout 100 " SUYUAN_PROGRAM " --node " +
        ledger_.running().rpc_address() + " --genesis " + ledger_.folder() +
        "/genesis.leaf label '" + testing::code(kLot) + "' --units --svg " + at("s.svg") + " >" +
        at("said") + " 2>&1";
    const int status = std::system(command.c_str());
    const auto said = read_file(at("said"), 1 << 20);
    said_ = said ? *said : "";
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  // As they stand on the sheets, the first sheet first.
  std::vector<std::string> serials() const {
    std::set<std::string> sheets;
    for (const auto& file : std::filesystem::directory_iterator(beside_.path())) {
      if (file.path().extension() == ".svg") sheets.insert(file.path().string());
    }
    std::vector<std::string> all;
    for (const std::string& sheet : sheets) {
      const auto text = read_file(sheet, 64 << 20);
      SUYUAN_CHECK(text.has_value());
      constexpr std::string_view kBefore = "(21)";
      for (size_t i = text->find(kBefore); i != std::string::npos; i = text->find(kBefore, i + 1)) {
        all.push_back(text->substr(i + kBefore.size(), 6));
      }
    }
    return all;
  }
  std::string at(const std::string& name) const { return beside_.path() + "/" + name; }

  TempFolder beside_;
  SmallLedger ledger_;
  std::string said_;
};

TEST_F(LabelUnits, StandInOneOrderAcrossThePagesOfTheAnswer) {
  // The node gives them in the order of their making, page by page.
  constexpr size_t kOfEvent = 800;
  static_assert(2 * kOfEvent > limits::kPageMax);
  make(kOfEvent, kOfEvent);
  make(0, kOfEvent);
  ASSERT_EQ(label(), 0) << said_;
  const auto found = serials();
  ASSERT_EQ(found.size(), 2 * kOfEvent);
  EXPECT_EQ(found.front(), "S00000");
  EXPECT_TRUE(std::ranges::is_sorted(found));
}

TEST_F(LabelUnits, MoreThanSheetsHoldAreRefusedAndNotCutOff) {
  for (size_t i = 0; i < 4; ++i) make(i * 2501, 2501);
  EXPECT_NE(label(), 0);
  EXPECT_NE(said_.find("more than 10000 units"), std::string::npos) << said_;
  EXPECT_TRUE(serials().empty());
}

}  // namespace
}  // namespace suyuan::test
