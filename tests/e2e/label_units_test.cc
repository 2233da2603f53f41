// suyuan label by the program: sheets of a lot that has more units than one answer of the node
// holds, of one code, of a list; and a picture.
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
  int label() { return label("'" + testing::code(kLot) + "' --units --svg " + at("s.svg")); }
  // Its exit code; what it printed is in said_.
  int label(const std::string& arguments) {
    const std::string command =
        "XDG_CONFIG_HOME=" + at("config") + " LANG=C timeout 100 " SUYUAN_PROGRAM " --node " +
        ledger_.running().rpc_address() + " --genesis " + ledger_.folder() +
        "/genesis.leaf label " + arguments + " >" + at("said") + " 2>&1";
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
  bool made(const std::string& name) const { return std::filesystem::exists(at(name)); }
  static std::string unit(const std::string& serial) {
    return testing::code("sgtin:" + kFormula + ":" + serial);
  }

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

using LabelSheets = LabelUnits;

TEST_F(LabelSheets, HoldTheCodesOfAListInItsOrderWithoutItsRemarks) {
  const std::string list = "# of today\n" + unit("S00002") + "\r\n\n" + unit("S00003") + "\n#" +
                           unit("S00009") + "\n" + unit("S00001");
  ASSERT_TRUE(write_file(at("codes.txt"), list, FileMode::shared));
  ASSERT_EQ(label("--sheet " + at("codes.txt") + " --svg " + at("s.svg")), 0) << said_;
  EXPECT_EQ(serials(), (std::vector<std::string>{"S00002", "S00003", "S00001"}));
  EXPECT_TRUE(made("s-001.svg"));
  EXPECT_FALSE(made("s-002.svg") || made("s.svg"));
}

TEST_F(LabelSheets, HoldOneCodeAsOftenAsAskedAndAreNumbered) {
  ASSERT_EQ(label("'" + unit("S00001") + "' --count 200 --svg " + at("s.svg")), 0) << said_;
  EXPECT_EQ(serials(), std::vector<std::string>(200, "S00001"));
  EXPECT_TRUE(made("s-001.svg") && made("s-002.svg"));
  EXPECT_FALSE(made("s.svg"));
  for (const char* name : {"s-001.svg", "s-002.svg"}) {
    EXPECT_NE(said_.find(at(name)), std::string::npos) << said_;
  }
  EXPECT_NE(label("'" + unit("S00001") + "' --count 2 --png " + at("p.png")), 0);
  EXPECT_FALSE(made("p.png") || made("p-001.png")) << "a sheet is an SVG";
}

TEST_F(LabelSheets, AreNotMadeForAPictureOfOneCode) {
  ASSERT_EQ(label("'" + unit("S00001") + "' --png " + at("p.png") + " --pixels 4"), 0) << said_;
  ASSERT_EQ(label("'" + unit("S00001") + "' --png " + at("q.png")), 0) << said_;
  EXPECT_TRUE(serials().empty());
  const auto small = read_file(at("p.png"), 1 << 20), large = read_file(at("q.png"), 1 << 20);
  ASSERT_TRUE(small && large);
  EXPECT_TRUE(small->starts_with("\x89PNG") && large->starts_with("\x89PNG"));
  // Bytes 16 to 19 are the width, the highest first.
  EXPECT_LT(small->substr(16, 4), large->substr(16, 4)) << "4 pixels for each module, not 8";
}

}  // namespace
}  // namespace suyuan::test
