// Nodes of one log on real etcd: followers that remember, and a Kv that loses answers.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "ledger/crypto/ed25519.h"
#include "ledger/order/etcd/etcd_order.h"
#include "tests/support/etcd_member.h"
#include "tests/unit/order/etcd/passing_kv.h"

namespace suyuan::test {

// "<maker> <number>", padded; one whose number is 0 and maker "alone" goes alone.
class Word final : public Proposal {
 public:
  Word(std::string text, bool decoded) : text_(std::move(text)), decoded_(decoded) {}
  size_t bytes() const override { return text_.size(); }
  bool alone() const override { return text_.starts_with("alone"); }
  bool barrier() const override { return text_.starts_with("alone barrier"); }
  Bytes encode() const override { return text_; }
  const std::string& text() const { return text_; }
  bool decoded() const { return decoded_; }

 private:
  const std::string text_;
  const bool decoded_;
};

inline Result<std::unique_ptr<Proposal>> decode_word(BytesView bytes) {
  if (bytes.starts_with("bad")) return fail(Code::MALFORMED_SUBMISSION, "a bad word");
  return std::unique_ptr<Proposal>(std::make_unique<Word>(Bytes(bytes), true));
}

// A key for every name, and the names of the nodes.
inline KeyPair key_of_node(const std::string& name) { return key_from_seed(mark_of(name).view()); }
inline std::map<std::string, PublicKey> nodes_of_log() {
  std::map<std::string, PublicKey> nodes;
  for (const char* name : {"a", "b", "back", "forged", "gap", "held", "late"}) {
    nodes.emplace(name, key_of_node(name).key);
  }
  return nodes;
}

// Asked for each signature; to make a secret key takes the kernel.
inline std::optional<PublicKey> key_of_log(const std::string& node) {
  static const auto nodes = nodes_of_log();
  const auto found = nodes.find(node);
  return found == nodes.end() ? std::nullopt : std::optional(found->second);
}

struct Seen {
  OrderPlace at;
  int64_t time_ms = 0;
  std::vector<std::string> words;
  friend bool operator==(const Seen&, const Seen&) = default;
};

class Remembering final : public Follower {
 public:
  Result<Done> on_group(OrderedGroup group) override {
    Seen seen{.at = {.position = group.position, .mark = group.mark},
              .time_ms = group.time_ms,
              .words = {}};
    for (const auto& one : group.proposals) {
      const auto& word = as<Word>(*one);
      seen.words.push_back(word.text());
      if (!word.decoded()) ++own_;
    }
    const std::scoped_lock lock(mutex_);
    words_ += seen.words.size();
    groups_.push_back(std::move(seen));
    return Done{};
  }
  void on_dropped(Proposals proposals, const Error& reason) override {
    const std::scoped_lock lock(mutex_);
    dropped_ += proposals.size();
    reason_ = reason;
    for (const auto& one : proposals) reasons_[as<Word>(*one).text()] = reason;
  }

  std::vector<Seen> groups() const {
    const std::scoped_lock lock(mutex_);
    return groups_;
  }
  size_t words() const {
    const std::scoped_lock lock(mutex_);
    return words_;
  }
  size_t dropped() const {
    const std::scoped_lock lock(mutex_);
    return dropped_;
  }
  std::optional<Error> reason() const {
    const std::scoped_lock lock(mutex_);
    return reason_;
  }
  // Why a word was dropped.
  Error reason_of(const std::string& word) const {
    const std::scoped_lock lock(mutex_);
    const auto found = reasons_.find(word);
    return found == reasons_.end() ? Error{.message = "was not dropped"} : found->second;
  }
  size_t own() const { return own_; }

 private:
  mutable std::mutex mutex_;
  std::vector<Seen> groups_;
  size_t words_ = 0;
  size_t dropped_ = 0;
  std::optional<Error> reason_;
  std::map<std::string, Error> reasons_;
  std::atomic<size_t> own_ = 0;
};

// Stands between a node and etcd.
class KvBetween final : public PassingKv {
 public:
  using PassingKv::PassingKv;
  // Before a transaction that adds a group is sent; after it was answered. An error is what the
  // node gets instead of the answer.
  std::function<void()> before_group = [] {};
  std::function<void()> before_lease = [] {};
  std::function<bool()> lose_answer = [] { return false; };
  // What every transaction meets first; an error is its answer. What a group's meets besides.
  std::function<Result<Done>()> before_any = [] { return Result<Done>(Done{}); };
  std::function<Result<Done>()> refuse_group = [] { return Result<Done>(Done{}); };
  std::function<void(KvAnswer&)> change_answer = [](KvAnswer&) {};
  std::function<void()> before_watch = [] {};

  Result<KvAnswer> txn(const KvTxn& txn) override {
    const bool adds = txn.when.size() == 2;
    if (adds) before_group();
    SUYUAN_TRY_DONE(before_any());
    if (adds) SUYUAN_TRY_DONE(refuse_group());
    auto answer = inner().txn(txn);
    if (answer) change_answer(*answer);
    if (adds && lose_answer()) return fail(Code::UNAVAILABLE, "the answer was lost");
    return answer;
  }
  Result<std::unique_ptr<KvWatch>> watch(const KvRange& range, int64_t from) override {
    before_watch();
    return inner().watch(range, from);
  }
  Result<Done> keep_lease(int64_t lease) override {
    before_lease();
    return inner().keep_lease(lease);
  }
};

inline bool eventually(const std::function<bool()>& holds) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

class EtcdOrderFixture : public ::testing::Test {
 protected:
  static constexpr const char* kLog = "trace";

  void SetUp() override {
    if (!has_etcd()) GTEST_SKIP() << "etcd is not installed (Debian: etcd-server)";
    std::string path = std::filesystem::temp_directory_path() / "suyuan-etcd-XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    folder_ = path;
    begin_cluster(1);
  }
  void TearDown() override {
    cluster_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  void begin_cluster(size_t members, const std::vector<std::string>& flags = {}) {
    const std::string name = std::to_string(members) + (flags.empty() ? "" : "-flags");
    cluster_.emplace(folder_ + "/" + name, members, flags);
    kv_ = kv(std::chrono::seconds(20));  // the test's own
    ASSERT_TRUE(eventually([&] { return found_log(*kv_, kLog, identity()).has_value(); }));
  }
  static LogIdentity identity() {
    return {.ledger = mark_of("ledger"), .base = {.position = 0, .mark = mark_of("base")}};
  }
  std::unique_ptr<Kv> kv(
      std::chrono::milliseconds patience = std::chrono::milliseconds(800)) const {
    auto opened = open_etcd({.endpoints = cluster_->endpoints(), .patience = patience});
    SUYUAN_CHECK(opened);
    return *std::move(opened);
  }
  static EtcdOrderOptions options(const std::string& node) {
    return {.log = kLog,
            .ledger = identity().ledger,
            .node = node,
            .clock = [] { return int64_t{1000}; },
            .decode = decode_word,
            .sign = [key = std::make_shared<KeyPair>(key_of_node(node))](
                        BytesView text) { return sign(key->secret, text); },
            .nodes = nodes_of_log(),
            .patience = std::chrono::milliseconds(1500),
            .lease = std::chrono::seconds(1),
            .pulse = std::chrono::milliseconds(50)};
  }
  struct Node {
    explicit Node(EtcdOrderOptions with, std::unique_ptr<Kv> over, OrderPlace after)
        : order(std::move(with), std::move(over)) {
      order.follow(after, follower);
    }
    Remembering follower;
    EtcdOrder order;
  };
  std::unique_ptr<Node> node(const std::string& name) const { return node(name, kv()); }
  std::unique_ptr<Node> node(const std::string& name, std::unique_ptr<Kv> over) const {
    return std::make_unique<Node>(options(name), std::move(over), identity().base);
  }
  // As a node of ours would sign it, if one did; by "nobody" it is no node's.
  static Bytes signed_group(GroupEntry group) {
    Bytes value = encode_group(group);
    const auto key = key_of_node(group.node);
    set_signature(value, sign(key.secret, signed_text(Signed::group, identity().ledger, kLog,
                                                      value)));
    return value;
  }
  // Added at the end as a node adds it; gives its place.
  OrderPlace add_group(GroupEntry group) {
    const LogKeys keys{kLog};
    OrderPlace at;
    EXPECT_TRUE(eventually([&] {
      const auto read = kv_->txn({.then = {KvRange{.key = keys.tail()}}});
      if (!read || read->ranges[0].empty()) return false;
      const auto tail = decode_place(read->ranges[0][0].value);
      group.before = tail->mark;
      const Bytes value = signed_group(group);
      at = {.position = tail->position + 1, .mark = mark_of(value)};
      const auto added =
          kv_->txn({.when = {{.key = keys.tail(), .value = encode_place(*tail)}},
                    .then = {KvPut{.key = keys.group(at.position), .value = value},
                             KvPut{.key = keys.tail(), .value = encode_place(at)}}});
      return added && added->held;
    }));
    return at;
  }
  // Until it is taken.
  static void append(Node& node, std::string text) {
    std::unique_ptr<Proposal> word = std::make_unique<Word>(std::move(text), false);
    ASSERT_TRUE(eventually([&] { return node.order.append(word).has_value(); }));
  }

  // Every word once; positions without a gap; each mark the same for both.
  static void expect_same(const Remembering& a, const Remembering& b, size_t words) {
    const auto all = a.groups();
    EXPECT_EQ(all, b.groups());
    std::multiset<std::string> seen;
    uint64_t position = identity().base.position;
    for (const Seen& group : all) {
      EXPECT_EQ(group.at.position, ++position);
      seen.insert(group.words.begin(), group.words.end());
    }
    EXPECT_EQ(seen.size(), words);
    EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), words);
  }

  std::string folder_;
  std::optional<EtcdCluster> cluster_;
  std::unique_ptr<Kv> kv_;
};

}  // namespace suyuan::test
