// The log under /log as a program sees it: what is there, how long it may be kept, what is not
// there yet. Its content is checked by tlog_client_test.
#include <gtest/gtest.h>

#include "ledger/proof/leaf_events.h"
#include "ledger/proof/tiles.h"
#include "ledger/proof/tlog_proof.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

class HttpLogTest : public ::testing::Test {
 protected:
  HttpAnswer get(const std::string& path) { return ledger_.http().get("/log/" + path); }
  // Posts one event, and the size of the log with it.
  uint64_t post() {
    const std::string box = "https://example.org/box/" + std::to_string(++posted_);
    return ledger_.accept("carrier", {testing::observe("09:30", "storing", {box})}).leaf + 1;
  }
  // The size of the first checkpoint over so many leaves; its seal is one more.
  uint64_t published(uint64_t size) {
    const auto answer = get("checkpoint?wait=20000&size=" + std::to_string(size));
    EXPECT_EQ(answer.status, 200) << answer.body;
    const size_t line = answer.body.find('\n') + 1;
    return std::stoull(answer.body.substr(line));
  }

  SmallLedger ledger_;
  int posted_ = 0;
};

TEST_F(HttpLogTest, FilesOfOneNameMayBeKeptForEver) {
  const uint64_t size = published(post());
  const std::string width = std::to_string(size);
  for (const auto& [path, type] : {std::pair{"tile/0/000.p/" + width, "application/octet-stream"},
                                   {"tile/0/000.p/1", "application/octet-stream"},
                                   {"tile/entries/000.p/" + width, "application/octet-stream"},
                                   {"events/001", "application/octet-stream"},
                                   {"genesis.leaf", "text/plain; charset=utf-8"}}) {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.header("content-type"), type) << path;
    EXPECT_EQ(answer.header("cache-control"), "public, max-age=31536000, immutable") << path;
    EXPECT_EQ(answer.header("access-control-allow-origin"), "*") << path;
    const auto head = ledger_.http().send({.method = "HEAD", .target = "/log/" + path});
    EXPECT_EQ(head.status, 200) << path;
    EXPECT_EQ(head.header("content-length"), std::to_string(answer.body.size())) << path;
    EXPECT_EQ(head.body, "") << path;
  }
  EXPECT_EQ(get("tile/0/000.p/" + width).body.size(), size * 32);
  EXPECT_EQ(get("genesis.leaf").body, ledger_.running().ledger().leaf);
}

TEST_F(HttpLogTest, WhatFollowsTheCheckpointIsAskedForAgain) {
  const uint64_t size = published(post());
  for (const std::string path : {"checkpoint", "proof/0"}) {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.header("content-type"), "text/plain; charset=utf-8") << path;
    EXPECT_EQ(answer.header("cache-control"), "no-cache") << path;
    EXPECT_EQ(answer.header("access-control-allow-origin"), "*") << path;
  }
  const auto proof = parse_tlog_proof(get("proof/" + std::to_string(size - 1)).body);
  ASSERT_TRUE(proof) << to_text(proof.error());
  EXPECT_EQ(proof->index, size - 1);
  EXPECT_EQ(proof->checkpoint, get("checkpoint").body);
}

TEST_F(HttpLogTest, WhatIsNotPublishedIsNotThere) {
  const uint64_t before = published(post());
  const uint64_t grown = post();
  ASSERT_EQ(grown, before + 1);
  const std::string leaf = std::to_string(grown - 1);
  const std::vector<std::string> later = {
      write_events_path(grown - 1), "proof/" + leaf, "tile/0/000.p/" + std::to_string(grown),
      "tile/entries/000.p/" + std::to_string(grown)};
  for (const auto& path : later) {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.header("cache-control"), "no-cache") << path;
    EXPECT_EQ(answer.header("access-control-allow-origin"), "*") << path;
  }
  EXPECT_GT(published(grown), grown - 1);
  for (const auto& path : later) EXPECT_EQ(get(path).status, 200) << path;
}

TEST_F(HttpLogTest, OtherFormsOfAPathNameNothing) {
  published(post());
  for (const char* path :
       {"tile/0/0", "tile/0/000", "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256",
        "tile/00/000.p/1", "tile/64/000.p/1", "tile/0/x000/000.p/1", "tile/0/%30%30%30.p/1",
        "tile/0/000.p/1/", "tile/0//000.p/1", "tile/data/000.p/1", "tile", "tile/", "events",
        "events/1", "events/0001", "events/x000/001", "events/001.p/1", "proof/01", "proof/-1",
        "proof/x", "proof/99999999999999999999", "proof/0/0", "", "secret",
        "tile/0/../../checkpoint"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(get("events/001?size=1").status, 400);
  EXPECT_EQ(get("checkpoint?limit=1").status, 400);
  EXPECT_EQ(ledger_.http().post("/log/checkpoint", "{}").status, 405);
}

TEST_F(HttpLogTest, BehindALeafAreItsEventsAndBehindASealNone) {
  const uint64_t size = published(post());
  const auto events = get(write_events_path(size - 2));
  const auto decoded = decode_leaf_events(events.body);
  ASSERT_TRUE(decoded) << to_text(decoded.error());
  EXPECT_EQ(decoded->size(), 1U);
  const auto seal = get(write_events_path(size - 1));
  EXPECT_EQ(seal.status, 200);
  EXPECT_EQ(seal.body, "");
  EXPECT_EQ(get("events/000").body, "");
}

}  // namespace
}  // namespace suyuan::test
