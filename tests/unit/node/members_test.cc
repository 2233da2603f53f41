// Who the ledger's nodes are, as of each place: a notice holds from the leaf behind it on, and the
// newest one for what is not yet there.
#include "node/peers/members.h"

#include <gtest/gtest.h>

#include "ledger/store/memory_store.h"

namespace suyuan {
namespace {

NamedKey node_of(char name) {
  return {.name = std::string("node-") + name, .key = key_from_seed(Bytes(kSeedBytes, name)).key};
}
std::vector<NamedKey> nodes_of(const std::string& names) {
  std::vector<NamedKey> nodes;
  for (const char name : names) nodes.push_back(node_of(name));
  return nodes;
}
RulesState notice_of(uint64_t number, uint64_t leaf, const std::string& names) {
  return {.number = number, .version = 1, .nodes = nodes_of(names), .leaf = leaf};
}

TEST(MembersOfALedger, AreGenesisNodesUntilANotice) {
  const Members members({notice_of(0, 0, "ab")});
  EXPECT_EQ(members.nodes(), nodes_of("ab"));
  EXPECT_EQ(members.nodes_at(0), nodes_of("ab"));
  EXPECT_EQ(members.nodes_at(UINT64_MAX), nodes_of("ab"));
  EXPECT_EQ(members.newest().number, 0U);
}

TEST(MembersOfALedger, SignTreesWhoseLastLeafIsBehindTheirNotice) {
  Members members({notice_of(0, 0, "ab")});
  members.add(notice_of(1, 10, "abc"));
  members.add(notice_of(2, 12, "bc"));
  EXPECT_EQ(members.nodes_at(9), nodes_of("ab"));
  EXPECT_EQ(members.nodes_at(10), nodes_of("ab")) << "the notice's own leaf is of before";
  EXPECT_EQ(members.nodes_at(11), nodes_of("abc"));
  EXPECT_EQ(members.nodes_at(12), nodes_of("abc"));
  EXPECT_EQ(members.nodes_at(13), nodes_of("bc"));
  EXPECT_EQ(members.nodes_at(UINT64_MAX), nodes_of("bc"));
  EXPECT_EQ(members.nodes(), nodes_of("bc"));
}

TEST(MembersOfALedger, HaveTheirNewestKey) {
  Members members({notice_of(0, 0, "ab")});
  EXPECT_EQ(members.key_of("node-a"), node_of('a').key);
  EXPECT_EQ(members.key_of("node-c"), std::nullopt);
  RulesState changed = notice_of(1, 5, "bc");
  changed.nodes.front().key = node_of('x').key;
  members.add(changed);
  EXPECT_EQ(members.key_of("node-a"), std::nullopt) << "it was taken out";
  EXPECT_EQ(members.key_of("node-b"), node_of('x').key) << "its key was changed";
  EXPECT_EQ(members.key_of("node-c"), node_of('c').key);
}

TEST(MembersOfALedger, AreReadOutOfItsRegistry) {
  Genesis genesis;
  genesis.origin = "test.example/log";
  genesis.nodes = nodes_of("ab");
  const MemoryStore store;
  Overlay registry(store.latest());
  start_registry(registry, genesis);
  put_rules(registry, notice_of(1, 10, "abc"));
  put_rules(registry, notice_of(2, 300, "bc"));
  const auto read = Members::read(registry, genesis);
  ASSERT_TRUE(read);
  const Members members(*read);
  EXPECT_EQ(members.nodes_at(10), nodes_of("ab"));
  EXPECT_EQ(members.nodes_at(300), nodes_of("abc"));
  EXPECT_EQ(members.newest(), notice_of(2, 300, "bc"));
}

}  // namespace
}  // namespace suyuan
