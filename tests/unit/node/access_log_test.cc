// The access log over rotations, restarts and torn ends.
#include "node/access/access_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace suyuan {
namespace {

namespace fs = std::filesystem;

class AccessLogFolder : public ::testing::Test {
 protected:
  AccessLogFolder() {
    std::string pattern = (fs::temp_directory_path() / "suyuan-access-XXXXXX").string();
    SUYUAN_CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~AccessLogFolder() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::unique_ptr<AccessLog> open(const AccessLog::Limits& limits = {}) const {
    auto log = AccessLog::open(folder_, limits);
    EXPECT_TRUE(log) << to_text(log.error());
    return log ? *std::move(log) : nullptr;
  }
  size_t files() const {
    size_t count = 0;
    for (const auto& file : fs::directory_iterator(folder_)) count += file.is_regular_file();
    return count;
  }
  std::string only_file() const { return fs::directory_iterator(folder_)->path().string(); }

  std::string folder_;
};

AccessEntry entry_of(uint64_t leaf) {
  return {.time_ms = 1'780'000'000'000 + static_cast<int64_t>(leaf),
          .party = "market-cn",
          .key_id = "0a1b2c3d",
          .question = "trace",
          .code = "https://id.gs1.org/01/09521101100013",
          .places = {{.leaf = leaf, .event = 0}, {.leaf = leaf, .event = 7}}};
}

TEST_F(AccessLogFolder, GivesBackWhatWasWrittenAlsoAfterARestart) {
  {
    const auto log = open();
    for (uint64_t i = 1; i <= 3; ++i) ASSERT_TRUE(log->append(entry_of(i)));
  }
  const auto log = open();
  ASSERT_TRUE(log->append(entry_of(4)));
  const auto page = log->read(0, 100);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->entries.size(), 4u);
  EXPECT_EQ(page->oldest, 1u);
  for (uint64_t i = 1; i <= 4; ++i) {
    AccessEntry expected = entry_of(i);
    expected.number = i;
    EXPECT_EQ(page->entries[i - 1], expected);
  }
  const auto rest = log->read(2, 1);
  ASSERT_TRUE(rest);
  ASSERT_EQ(rest->entries.size(), 1u);
  EXPECT_EQ(rest->entries[0].number, 3u);
}

TEST_F(AccessLogFolder, IsBoundedAndForgetsTheOldestFirst) {
  const AccessLog::Limits small{
      .file_bytes_max = 500, .files_max = 3, .party_bytes_daily = 1 << 20};
  const auto log = open(small);
  for (uint64_t i = 1; i <= 100; ++i) {
    ASSERT_TRUE(log->append(entry_of(i)));
    EXPECT_LE(files(), 3u);
  }
  const auto page = log->read(0, 1000);
  ASSERT_TRUE(page);
  ASSERT_FALSE(page->entries.empty());
  EXPECT_GT(page->oldest, 80u);
  EXPECT_EQ(page->entries.front().number, page->oldest);
  EXPECT_EQ(page->entries.back().number, 100u);
  EXPECT_EQ(page->entries.size(), 101 - page->oldest);
}

// Else whoever read what he should not have would flood its trace away.
TEST_F(AccessLogFolder, GivesEachPartyAShareOfADay) {
  const AccessLog::Limits small{.file_bytes_max = 500, .files_max = 3, .party_bytes_daily = 1000};
  const auto log = open(small);
  AccessEntry trace = entry_of(1);
  ASSERT_TRUE(log->append(trace));
  AccessEntry noise = entry_of(1);
  noise.party = "noisy";
  int taken = 0;
  Result<Done> outcome = Done{};
  while (taken < 100 && (outcome = log->append(noise))) ++taken;
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::RATE_LIMITED);
  EXPECT_LT(taken, 20) << "lines of some 80 bytes";
  const auto refused = log->check_share("noisy", noise.time_ms);
  ASSERT_FALSE(refused) << "none of its questions is worked at";
  EXPECT_EQ(refused.error().wait_ms, outcome.error().wait_ms);
  EXPECT_GT(refused.error().wait_ms, 0U);
  EXPECT_LE(refused.error().wait_ms, 3 * 3'600'000U) << "for a line of a share of a day";
  EXPECT_TRUE(log->check_share(trace.party, noise.time_ms));
  EXPECT_TRUE(log->check_share("noisy", noise.time_ms + refused.error().wait_ms));
  EXPECT_EQ(log->read(0, 1)->entries.front().party, trace.party) << "its trace still stands";
  EXPECT_TRUE(log->append(trace)) << "others go on";
  noise.time_ms += 12 * 3'600'000;
  EXPECT_TRUE(log->append(noise)) << "half a day later";
}

TEST_F(AccessLogFolder, HasNothingBehindTheLargestNumber) {
  const auto log = open();
  for (uint64_t i = 1; i <= 3; ++i) ASSERT_TRUE(log->append(entry_of(i)));
  for (const uint64_t after : {uint64_t{3}, UINT64_MAX - 1, UINT64_MAX}) {
    const auto page = log->read(after, 100);
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->entries.empty()) << after;
  }
}

TEST_F(AccessLogFolder, GoesOnBehindALineThatACrashCutOff) {
  {
    const auto log = open();
    for (uint64_t i = 1; i <= 2; ++i) ASSERT_TRUE(log->append(entry_of(i)));
  }
  const auto whole = fs::file_size(only_file());
  for (const std::string torn :
       {"3", "3 17800", "3 1780000000003 market-cn 0a1b2c3d trace - 3/0"}) {
    fs::resize_file(only_file(), whole);
    std::ofstream(only_file(), std::ios::app | std::ios::binary) << torn;
    const auto log = open();
    const auto page = log->read(0, 10);
    ASSERT_TRUE(page) << to_text(page.error());
    EXPECT_EQ(page->entries.size(), 2u) << torn;
  }
  const auto log = open();
  ASSERT_TRUE(log->append(entry_of(3)));
  EXPECT_EQ(log->read(2, 10)->entries.at(0).number, 3u);
}

TEST_F(AccessLogFolder, SaysWhereItWasDamaged) {
  ASSERT_TRUE(open()->append(entry_of(1)));
  std::ofstream(only_file(), std::ios::app) << "what is this\n";
  const auto log = AccessLog::open(folder_);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, Code::CORRUPT);
}

TEST(AccessEntries, AreReadAsTheyWereWritten) {
  AccessEntry entry = entry_of(5);
  for (const bool more : {false, true}) {
    entry.more = more;
    const auto read = parse_access_entry(write_access_entry(entry));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, entry);
  }
  entry = {.number = 9, .time_ms = 1, .party = "farm", .key_id = "00000000", .question = "event"};
  EXPECT_EQ(*parse_access_entry(write_access_entry(entry)), entry);
}

TEST(AccessEntries, AreReadInNoOtherForm) {
  const std::string begins = " farm 00000000 event - ";
  EXPECT_TRUE(parse_access_entry("9 1" + begins + "3/0,+\n"));
  for (const std::string& line :
       {"9 1" + begins + "+", "9 1" + begins + "+,3/0", "9 1" + begins + "3/0,+,+",
        "9 18446744073709551615" + begins + "-", std::string("9 1 farm 00000000 event  -")}) {
    EXPECT_FALSE(parse_access_entry(line)) << line;
  }
}

}  // namespace
}  // namespace suyuan
