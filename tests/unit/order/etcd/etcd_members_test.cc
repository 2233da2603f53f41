// Whose groups count changes at a place of the log: behind a barrier, what is read is judged by
// what the barrier brought about, however far ahead of the follower it was there to be read.
#include "tests/unit/order/etcd/etcd_fixture.h"

namespace suyuan::test {
namespace {

// "alone barrier -b": b is no node any more; "+b": it is one.
class Voters {
 public:
  std::optional<PublicKey> key_of(const std::string& node) const {
    const std::scoped_lock lock(mutex_);
    return out_.contains(node) ? std::nullopt : key_of_log(node);
  }
  void follow(const std::string& word) {
    const size_t at = word.find_first_of("+-");
    if (!word.starts_with("alone barrier") || at == std::string::npos) return;
    const std::scoped_lock lock(mutex_);
    if (word[at] == '-') out_.insert(word.substr(at + 1));
    if (word[at] == '+') out_.erase(word.substr(at + 1));
  }
  void leave_out(const std::string& node) {
    const std::scoped_lock lock(mutex_);
    out_.insert(node);
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> out_;
};

// Slow, so that the log is read far ahead of it where nothing forbids it.
class SlowFollower final : public Follower {
 public:
  explicit SlowFollower(Voters& voters) : voters_(voters) {}
  std::atomic<int> pause_ms = 20;
  Result<Done> on_group(OrderedGroup group) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
    for (const auto& one : group.proposals) {
      const std::string& word = as<Word>(*one).text();
      voters_.follow(word);
      const std::scoped_lock lock(mutex_);
      words_.push_back(word);
    }
    return Done{};
  }
  void on_dropped(Proposals, const Error& reason) override {
    const std::scoped_lock lock(mutex_);
    reason_ = reason;
  }
  std::vector<std::string> words() const {
    const std::scoped_lock lock(mutex_);
    return words_;
  }
  std::optional<Error> reason() const {
    const std::scoped_lock lock(mutex_);
    return reason_;
  }

 private:
  Voters& voters_;
  mutable std::mutex mutex_;
  std::vector<std::string> words_;
  std::optional<Error> reason_;
};

struct VotingNode {
  VotingNode(EtcdOrderOptions with, std::unique_ptr<Kv> kv, Voters& voters, OrderPlace after)
      : follower(voters), order(std::move(with), std::move(kv)) {
    order.follow(after, follower);
  }
  SlowFollower follower;
  EtcdOrder order;
};

class EtcdMembersTest : public EtcdOrderFixture {
 protected:
  std::unique_ptr<VotingNode> voting_node(const std::string& name, Voters& voters) {
    auto with = options(name);
    with.key_of = [&voters](const std::string& node) { return voters.key_of(node); };
    return std::make_unique<VotingNode>(std::move(with), kv(), voters, identity().base);
  }
  // A group of a node that does not look who it is any more.
  void add(const std::string& node, const std::string& word) {
    GroupEntry group{.before = last_.mark, .time_ms = 1000, .node = node, .proposals = {word}};
    Bytes bytes = encode_group(group);
    set_signature(bytes, sign(key_of_node(node).secret,
                              signed_text(Signed::group, identity().ledger, kLog, bytes)));
    last_ = {.position = last_.position + 1, .mark = mark_of(bytes)};
    const LogKeys keys{kLog};
    ASSERT_TRUE(kv()->txn({.then = {KvPut{.key = keys.group(last_.position), .value = bytes},
                                    KvPut{.key = keys.tail(), .value = encode_place(last_)}}}));
  }
  OrderPlace last_ = identity().base;
};

TEST_F(EtcdMembersTest, GroupsCountByWhoIsANodeAtTheirPlaceAndNoEarlierOrLater) {
  std::vector<std::string> expected;
  Voters voters;
  voters.leave_out("late");
  for (int round = 0; round < 3; ++round) {
    add("b", "b counts");
    add("late", "late does not");
    add("a", "alone barrier -b");
    add("b", "b does not");
    add("a", "alone barrier +late");
    add("late", "late counts");
    add("a", "alone barrier +b");
    add("b", "b counts again");
    add("a", "alone barrier -late");
    for (const char* word : {"b counts", "alone barrier -b", "alone barrier +late", "late counts",
                             "alone barrier +b", "b counts again", "alone barrier -late"}) {
      expected.push_back(word);
    }
  }
  auto reader = voting_node("a", voters);
  ASSERT_TRUE(eventually([&] { return reader->follower.words().size() >= expected.size(); }));
  EXPECT_EQ(reader->follower.words(), expected);
}

TEST_F(EtcdMembersTest, WhoIsTakenOutLeavesOutItsOwnGroupToo) {
  Voters voters;
  auto b = voting_node("b", voters);
  std::unique_ptr<Proposal> word = std::make_unique<Word>("b 1", false);
  ASSERT_TRUE(eventually([&] { return word == nullptr || b->order.append(word).has_value(); }));
  ASSERT_TRUE(eventually([&] { return b->follower.words().size() == 1; }));
  voters.leave_out("b");
  word = std::make_unique<Word>("b 2", false);
  ASSERT_TRUE(b->order.append(word));
  ASSERT_TRUE(eventually([&] { return b->follower.reason().has_value(); }));
  EXPECT_NE(b->follower.reason()->message.find("no longer one of the ledger's nodes"),
            std::string::npos);
  EXPECT_EQ(b->follower.words().size(), 1U);
}

// Its own words need not come back to it before it follows them; a barrier of its own must.
TEST_F(EtcdMembersTest, GroupsBehindANodesOwnBarrierAreJudgedByItToo) {
  Voters voters;
  auto a = voting_node("a", voters);
  a->follower.pause_ms = 300;
  std::unique_ptr<Proposal> word = std::make_unique<Word>("alone barrier -b", false);
  ASSERT_TRUE(eventually([&] { return word == nullptr || a->order.append(word).has_value(); }));
  ASSERT_TRUE(eventually([&] { return a->order.tail().last == 1; }));
  add_group({.time_ms = 1000, .node = "b", .proposals = {"b does not count"}});
  word = std::make_unique<Word>("a 2", false);
  ASSERT_TRUE(eventually([&] { return word == nullptr || a->order.append(word).has_value(); }));
  ASSERT_TRUE(eventually([&] { return a->follower.words().size() >= 2; }));
  EXPECT_EQ(a->follower.words(), (std::vector<std::string>{"alone barrier -b", "a 2"}));
}

// What it proposed behind the barrier that takes it out, before it had followed that.
TEST_F(EtcdMembersTest, WhoOrdersItsOwnEndOrdersNothingBehindIt) {
  Voters voters;
  auto b = voting_node("b", voters);
  b->follower.pause_ms = 300;
  for (const char* text : {"alone barrier -b", "b 2"}) {
    std::unique_ptr<Proposal> word = std::make_unique<Word>(text, false);
    ASSERT_TRUE(eventually([&] { return word == nullptr || b->order.append(word).has_value(); }));
  }
  ASSERT_TRUE(eventually([&] { return b->follower.reason().has_value(); }));
  EXPECT_EQ(b->follower.reason()->code, Code::READ_ONLY);
  EXPECT_NE(b->follower.reason()->message.find("no longer one of the ledger's nodes"),
            std::string::npos);
  EXPECT_EQ(b->follower.words(), std::vector<std::string>{"alone barrier -b"});
}

TEST_F(EtcdMembersTest, WhoJoinsFollowsTheLogFromBeforeItIsANode) {
  Voters voters;
  voters.leave_out("late");
  add("a", "a 1");
  add("a", "alone barrier +late");
  auto late = voting_node("late", voters);
  ASSERT_TRUE(eventually([&] { return late->follower.words().size() == 2; }));
  std::unique_ptr<Proposal> word = std::make_unique<Word>("late 1", false);
  ASSERT_TRUE(late->order.append(word));
  ASSERT_TRUE(eventually([&] { return late->follower.words().size() == 3; }));
}

}  // namespace
}  // namespace suyuan::test
