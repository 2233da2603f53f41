// A node that joins: what it cannot use is refused before its folder is touched.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "node/backup/take_store.h"
#include "node/folder/init.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan {
namespace {

constexpr int64_t kJoinMs = 1'780'000'000'000;

class JoinTest : public ::testing::Test {
 protected:
  JoinTest() {
    const auto key = make_node_key({.data = folder_ / "b", .node_name = "node-b"});
    EXPECT_TRUE(key) << to_text(key.error());
    const auto made = init_ledger({.data = folder_ / "a",
                                   .origin = "test.example/log",
                                   .node_name = "node-a",
                                   .nodes = {"node-b=" + to_base64(key->key.view())}},
                                  kJoinMs);
    EXPECT_TRUE(made) << to_text(made.error());
  }
  JoinOptions options(const std::string& store_from = {}) const {
    return {.data = folder_ / "b",
            .genesis = folder_ / "a" + "/genesis.leaf",
            .log_key = folder_ / "a" + "/keys/log.key",
            .rules = {},
            .store_from = store_from};
  }
  // As suyuan-node join, up to where the other node would be asked.
  Result<LedgerId> join(const JoinOptions& options) {
    return join_ledger(options, [&](const JoinPlace& place) -> Result<MakeStore> {
      SUYUAN_TRY(source, store_to_take(options, place, [] { return kJoinMs; }));
      return MakeStore([]() -> Result<uint64_t> { return fail(Code::UNAVAILABLE, "nobody"); });
    });
  }
  // Every file of the joining node.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& one : std::filesystem::recursive_directory_iterator(folder_ / "b")) {
      std::ostringstream text;
      if (one.is_regular_file()) text << std::ifstream(one.path(), std::ios::binary).rdbuf();
      all[one.path()] = text.str();
    }
    return all;
  }

  testing::TempFolder folder_;
};

TEST_F(JoinTest, AStoreThatCannotBeAskedForIsRefusedBeforeAnythingIsWritten) {
  const auto before = files();
  for (const std::string wrong :
       {"node-a", "node-a=", "=http://127.0.0.1:7480", "node-a=ftp://a.example",
        "node-a=http://a.example:7480", "node-b=http://127.0.0.1:7480",
        "nobody=http://127.0.0.1:7480"}) {
    const auto joined = join(options(wrong));
    ASSERT_FALSE(joined) << wrong;
    EXPECT_EQ(joined.error().code, Code::INVALID_FIELD) << wrong;
    EXPECT_EQ(joined.error().field, "--store-from") << wrong;
    EXPECT_EQ(files(), before) << wrong;
  }
}

TEST_F(JoinTest, CertificatesThatCannotBeReadAreRefusedBeforeAnythingIsWritten) {
  const auto before = files();
  auto from = options("node-a=https://a.example");
  from.peer_ca = folder_ / "nowhere.pem";
  EXPECT_EQ(join(from).error().code, Code::NOT_FOUND);
  EXPECT_EQ(files(), before);
  ASSERT_TRUE(write_file(from.peer_ca, "no certificate", FileMode::shared));
  EXPECT_EQ(join(from).error().code, Code::INVALID_FIELD);
  EXPECT_EQ(files(), before);
}

TEST_F(JoinTest, AStoreThatDoesNotComeLeavesAFolderInWhichJoinBeginsAgain) {
  EXPECT_EQ(join(options("node-a=http://127.0.0.1:7480")).error().code, Code::UNAVAILABLE);
  EXPECT_TRUE(file_exists(folder_ / "b" + "/keys/log.key"));
  const auto joined = join_ledger(options());
  ASSERT_TRUE(joined) << to_text(joined.error());
  EXPECT_TRUE(file_exists(folder_ / "b" + "/store/CURRENT"));
}

}  // namespace
}  // namespace suyuan
