#include "ledger/proof/log_files.h"

#include <gtest/gtest.h>

#include "ledger/apply/log_reader.h"
#include "ledger/batch/note.h"
#include "ledger/event/record.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/leaf_events.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

// A ledger of 300 leaves: one full tile and a partial one.
class LogFiles : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ledger_ = std::make_unique<testing::LedgerBuilder>();
    ledger_->party("store", {Role::logistics});
    while (ledger_->head().leaves < kSize) {
      const std::string box = "https://example.org/box/" + std::to_string(ledger_->head().leaves);
      ledger_->accept("store", {testing::observe("09:30", "storing", {box}),
                                testing::observe("09:31", "storing", {box})});
    }
  }
  static void TearDownTestSuite() { ledger_.reset(); }

  static const Reader& reader() { return ledger_->state(); }
  static Bytes file(const std::string& path, uint64_t size = kSize) {
    auto bytes = read_tile(reader(), size, parse_tile_path(path).value());
    EXPECT_TRUE(bytes) << path << ": " << to_text(bytes.error());
    return bytes ? *bytes : Bytes();
  }
  static Code refused(const std::string& path, uint64_t size = kSize) {
    const auto bytes = read_tile(reader(), size, parse_tile_path(path).value());
    return bytes ? Code::IO : bytes.error().code;
  }

  static constexpr uint64_t kSize = 300;
  static std::unique_ptr<testing::LedgerBuilder> ledger_;
};
std::unique_ptr<testing::LedgerBuilder> LogFiles::ledger_;

TEST_F(LogFiles, BundlesGiveTheTilesAndTheRoot) {
  Frontier frontier;
  std::vector<Hash> upper;
  for (const auto& [name, width] : {std::pair{"000", 256U}, {"001.p/44", 44U}}) {
    const Bytes bundle = file("tile/entries/" + std::string(name));
    std::vector<Hash> hashes;
    const auto entries = decode_entries(bundle, width).value();
    for (const auto entry : entries) {
      hashes.push_back(leaf_hash(entry));
      frontier.append(hashes.back(), [&](unsigned level, uint64_t, const Hash& hash) {
        if (level == 8) upper.push_back(hash);
      });
    }
    EXPECT_EQ(decode_tile(file("tile/0/" + std::string(name)), width).value(), hashes) << name;
  }
  EXPECT_EQ(decode_tile(file("tile/1/000.p/1"), 1).value(), upper);
  EXPECT_EQ(frontier.encode(), ledger_->head().frontier);
}

TEST_F(LogFiles, EveryWidthThatWasEverPublishedIsStillGiven) {
  for (unsigned width = 1; width <= 44; ++width) {
    const Bytes part = file("tile/0/001.p/" + std::to_string(width));
    EXPECT_EQ(part, file("tile/0/001.p/44").substr(0, width * Hash::kSize));
  }
  EXPECT_EQ(file("tile/0/000.p/255"), file("tile/0/000").substr(0, 255 * Hash::kSize));
}

TEST_F(LogFiles, WhatThePublishedSizeDoesNotHoldIsNotGiven) {
  for (const char* path : {"tile/0/001", "tile/0/001.p/45", "tile/0/002.p/1", "tile/1/000",
                           "tile/1/000.p/2", "tile/2/000.p/1", "tile/63/000.p/1",
                           "tile/entries/001", "tile/entries/001.p/45", "tile/entries/999"})
    EXPECT_EQ(refused(path), Code::NOT_FOUND) << path;
  // The rows are there, but no checkpoint says so yet.
  for (const char* path : {"tile/0/000", "tile/0/000.p/201", "tile/1/000.p/1", "tile/entries/000"})
    EXPECT_EQ(refused(path, 200), Code::NOT_FOUND) << path;
  EXPECT_EQ(read_leaf_events(reader(), 200, 200).error().code, Code::NOT_FOUND);
  EXPECT_EQ(read_leaf_events(reader(), 200, UINT64_MAX).error().code, Code::NOT_FOUND);
}

TEST_F(LogFiles, TheEventsOfALeafAreThoseOfItsNote) {
  for (const uint64_t leaf : {uint64_t{1}, uint64_t{2}, uint64_t{299}}) {
    const Bytes bytes = read_leaf_events(reader(), kSize, leaf).value();
    const auto note = parse_batch_note(read_leaf(reader(), leaf).value().text).value().batch;
    const auto events = decode_leaf_events(bytes).value();
    ASSERT_EQ(events.size(), note.events);
    std::vector<Hash> hashes;
    for (const auto& event : events) {
      EXPECT_EQ(event.state, PayloadState::open);
      EXPECT_EQ(decode_record(event.record).value().payload,
                payload_hash(event.salt, event.payload));
      hashes.push_back(leaf_hash(event.record));
    }
    EXPECT_EQ(tree_hash(hashes), note.root);
  }
  EXPECT_EQ(read_leaf_events(reader(), kSize, 0).value(), "") << "genesis has no events";
}

TEST_F(LogFiles, RowsThatAreMissingAreNeverPassedOver) {
  const auto damaged = [](Table table, Bytes key) {
    Overlay state(reader());
    state.erase(table, std::move(key));
    const auto events = read_leaf_events(state, kSize, 2);
    if (!events) return events.error().code;
    for (const char* path : {"tile/0/000", "tile/entries/000"}) {
      const auto bytes = read_tile(state, kSize, parse_tile_path(path).value());
      if (!bytes) return bytes.error().code;
    }
    return Code::NOT_FOUND;
  };
  EXPECT_EQ(damaged(Table::record, place_key({.leaf = 2, .event = 1})), Code::CORRUPT);
  EXPECT_EQ(damaged(Table::payload, place_key({.leaf = 2, .event = 0})), Code::CORRUPT);
  EXPECT_EQ(damaged(Table::leaf, u64_key(7)), Code::CORRUPT);
  EXPECT_EQ(damaged(Table::tree, tree_key(0, 255)), Code::CORRUPT);
}

}  // namespace
}  // namespace suyuan
