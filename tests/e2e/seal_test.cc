// Seals on a real node: what a checkpoint covers, the same one after a restart, and what a node
// does that comes back behind what it has signed.
#include <gtest/gtest.h>

#include <thread>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/seal.h"
#include "ledger/crypto/note.h"
#include "ledger/os/files.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/folder/init.h"
#include "node/node.h"
#include "node/pipeline/publisher.h"
#include "tests/e2e/http_client.h"
#include "tests/e2e/running_node.h"

namespace suyuan::test {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kNow = 1'780'000'000'000;

ServeOptions with_seals() {
  ServeOptions options;
  options.seal_interval_ms = 1;
  return options;
}

class Seals : public ::testing::Test {
 protected:
  std::string folder() const { return folder_.path() + "/node"; }
  std::unique_ptr<RunningNode> node(ServeOptions options = with_seals()) const {
    return std::make_unique<RunningNode>(folder(), kNow, std::move(options));
  }
  // Bounded: a seal takes some syncs.
  static Status published(const RunningNode& node, uint64_t size) {
    const auto connection = Connection::open({.node = node.rpc_address()}).value();
    for (int i = 0; i < 4000; ++i) {
      auto status = connection->status();
      EXPECT_TRUE(status.value);
      if (status.value && status.value->published_size >= size) return *status.value;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "no checkpoint of " << size << " leaves";
    return {};
  }
  // What a stopped node's store holds.
  template <class Look>
  void with_store(Look look) const {
    RocksOptions options;
    options.path = DataFolder{folder()}.store();
    const auto store = open_rocks(options);
    ASSERT_TRUE(store) << to_text(store.error());
    look((*store)->latest());
  }
  Error refusal() const {
    ServeOptions options;
    options.data = folder();
    options.rpc.port = 0;
    options.http.port = 0;
    const auto node = Node::open(options, [] { return kNow; });
    EXPECT_FALSE(node);
    return node ? Error{} : node.error();
  }
  void expect_refusal(Code code, std::string_view words) const {
    const Error error = refusal();
    EXPECT_EQ(info(error.code).name, info(code).name) << to_text(error);
    EXPECT_NE(error.message.find(words), std::string::npos) << to_text(error);
  }
  void copy(const std::string& from, const std::string& to) const {
    fs::remove_all(folder() + "/" + to);
    fs::copy(folder() + "/" + from, folder() + "/" + to, fs::copy_options::recursive);
  }

  const TempFolder folder_;
};

TEST_F(Seals, AFreshLedgerIsSealedAndPublishedBeforeItIsReady) {
  {
    const auto running = node();
    const Status status = published(*running, 2);
    EXPECT_EQ(status.published_size, 2U);
    EXPECT_EQ(status.published_time_ms, kNow);
    HttpClient http(running->http_port());
    EXPECT_EQ(http.get("/readyz").status, 200);
    EXPECT_NE(http.get("/v1/status").body.find("\"publishedSize\":2"), std::string::npos);
    const std::string metrics = http.get("/metrics").body;
    EXPECT_NE(metrics.find("suyuan_seals_total 1"), std::string::npos);
    EXPECT_NE(metrics.find("suyuan_published_size 2"), std::string::npos);
    EXPECT_NE(metrics.find("suyuan_seal_seconds_count{step=\"publish\"} 1"), std::string::npos);
    EXPECT_NE(metrics.find("suyuan_checkpoint_age_seconds 0"), std::string::npos);
  }
  with_store([](const Reader& store) {
    const auto head = read_head(store).value();
    const Genesis genesis = parse_genesis(read_leaf(store, 0)->text).value();
    const auto seal = read_seal(store, {.origin = head.origin, .genesis = head.genesis}, 1);
    ASSERT_TRUE(seal) << to_text(seal.error());
    EXPECT_EQ(seal->chains, 0U);
    const std::vector<NoteKey> log = {{.name = genesis.origin, .key = genesis.log_key}};
    const auto checkpoint = open_note(find_checkpoint(store, 2).value().value(), log);
    ASSERT_TRUE(checkpoint) << to_text(checkpoint.error());
    const TreeRows rows(store);
    const TreeHead tree{.size = 2, .root = root_of(TiledNodes(rows), 2).value()};
    EXPECT_EQ(checkpoint->text, write_checkpoint({.origin = genesis.origin, .head = tree}));
  });
}

TEST_F(Seals, ARestartServesTheSameCheckpointWithoutANewSeal) {
  published(*node(), 2);
  std::string before;
  with_store([&](const Reader& store) { before = find_checkpoint(store, 2).value().value(); });
  {
    const auto running = node();
    const Status status = published(*running, 2);
    EXPECT_EQ(status.published_size, 2U);
    HttpClient http(running->http_port());
    EXPECT_NE(http.get("/metrics").body.find("suyuan_seals_total 0"), std::string::npos);
  }
  with_store([&](const Reader& store) {
    EXPECT_EQ(read_head(store)->leaves, 2U);
    EXPECT_EQ(find_checkpoint(store, 2).value().value(), before);
  });
}

TEST_F(Seals, WithoutAnIntervalNoneIsMadeByItself) {
  {
    const auto running = node(without_seals());
    HttpClient http(running->http_port());
    EXPECT_EQ(http.get("/readyz").status, 200);
  }
  with_store([](const Reader& store) { EXPECT_EQ(read_head(store)->leaves, 1U); });
}

class RolledBack : public Seals {
 protected:
  // A ledger whose store was copied before its last checkpoint.
  RolledBack() {
    node(without_seals());
    copy("store", "older");
    published(*node(), 2);
  }
};

TEST_F(RolledBack, AnOlderCopyOfTheStoreIsNotServed) {
  copy("store", "newest");
  copy("older", "store");
  expect_refusal(Code::ROLLED_BACK, "the store ends at 1 leaves, but this node has signed");
  copy("newest", "store");
  published(*node(), 2);
}

TEST_F(RolledBack, AStoreThatLostItsLogIsNotServed) {
  for (const auto& file : fs::directory_iterator(DataFolder{folder()}.store())) {
    if (file.path().extension() == ".log") fs::remove(file.path());
  }
  expect_refusal(Code::ROLLED_BACK, "the newest writes were lost");
}

TEST_F(RolledBack, AMissingWatermarkIsMissed) {
  fs::remove(DataFolder{folder()}.watermark());
  expect_refusal(Code::CORRUPT, "watermark is missing");
}

TEST_F(RolledBack, AnUnreadableWatermarkIsNotIgnored) {
  ASSERT_TRUE(write_file(DataFolder{folder()}.watermark(), "?", FileMode::secret));
  expect_refusal(Code::CORRUPT, "neither slot");
}

TEST_F(RolledBack, ATornSlotOfTheWatermarkIsNoHarm) {
  // The slot that would be written next: a crash may have torn it.
  ASSERT_TRUE(overwrite_synced(DataFolder{folder()}.watermark(), 0, "torn"));
  published(*node(), 2);
}

TEST_F(RolledBack, AnotherLogKeyIsNotTaken) {
  const DataFolder data{folder()};
  ASSERT_TRUE(write_file(data.log_key(), read_file(data.node_key(), 4096).value(),
                         FileMode::secret));
  expect_refusal(Code::INVALID_FIELD, "log key");
  fs::remove(data.log_key());
  expect_refusal(Code::NOT_FOUND, "log.key");
}

}  // namespace
}  // namespace suyuan::test
