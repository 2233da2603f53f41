// A ledger's nodes and rules change while it runs, by notices that the authorities sign. Uses real
// processes, the client's commands, and a program of the next release.
#include <span>

#include "tests/crash/cluster.h"

#include "client/seal.h"
#include "ledger/batch/sign.h"
#include "ledger/order/etcd/log_view.h"
#include "ledger/os/files.h"
#include "ledger/proof/accept.h"
#include "ledger/proof/node_policy.h"

namespace suyuan::test {
namespace {

constexpr int kExitTooOld = 4;
constexpr int kExitNoNode = 5;
constexpr uint64_t kNoticeUntil = 9'000'000'000'000;

class Members : public Cluster {
 protected:
  int client(size_t node, std::vector<std::string> words) const {
    words.insert(words.begin(), {"env", "XDG_CONFIG_HOME=" + folder_ + "/config", SUYUAN_PROGRAM,
                                 "--node", rpc(node)});
    return run_program(words);
  }
  std::string registrar() const { return data(0) + "/keys/registrar.key"; }
  std::string notice(int number) const {
    return folder_ + "/notice-" + std::to_string(number) + ".note";
  }
  // Makes the notice, signs it with the one authority, posts it, and pins it for the next one.
  int make(int number, std::vector<std::string> what) const {
    std::vector<std::string> words = {"nodes", "make", notice(number), "--key", registrar()};
    words.insert(words.end(), what.begin(), what.end());
    return client(0, words);
  }
  void change(int number, std::vector<std::string> what) const {
    ASSERT_EQ(make(number, std::move(what)), 0);
    ASSERT_EQ(client(0, {"nodes", "post", notice(number)}), 0);
    ASSERT_EQ(client(0, {"trust", "--rules", notice(number)}), 0);
  }
  PinnedLedger pinned() const {
    return load_pinned(folder_ + "/config/suyuan/genesis.leaf").value();
  }
  std::unique_ptr<NodeProcess> serve(const std::string& folder, const char* program) const {
    return std::make_unique<NodeProcess>(program, folder, std::vector<std::string>{},
                                         order_options());
  }
  std::string fourth() const { return folder_ + "/node-3"; }
  std::string make_key_of_fourth() const {
    EXPECT_EQ(run_program({"sh", "-c", std::string(SUYUAN_NODE_PROGRAM) + " key --data " +
                                           fourth() + " --name node-3 >" + folder_ + "/key-3"}),
              0);
    std::string key;
    std::getline(std::ifstream(folder_ + "/key-3"), key);
    return key;
  }
  std::vector<std::string> join_fourth() const {
    return {SUYUAN_NODE_PROGRAM, "join", "--data", fourth(), "--genesis",
            data(0) + "/genesis.leaf", "--log-key", data(0) + "/keys/log.key"};
  }
  // A start that ends by itself.
  int serve_to_its_end(const std::string& folder, const char* program) const {
    std::vector<std::string> words = {"timeout", "100",    program,       "serve",  "--data",
                                      folder,    "--rpc",  "127.0.0.1:0", "--http", "127.0.0.1:0"};
    for (const auto& word : order_options()) words.push_back(word);
    return run_program(words);
  }
  // With the keys of the node in `folder`.
  int import_as(const std::string& log, const std::string& folder) const {
    const std::string to = folder + "-imported";
    std::filesystem::create_directories(to);
    std::filesystem::copy(folder + "/keys", to + "/keys");
    return run_program({SUYUAN_NODE_PROGRAM, "import", "--from", log, "--data", to});
  }
  // Returns true if the node's newest checkpoint has signatures of k of the pinned nodes.
  bool has_signed(const std::string& checkpoint, size_t k) const {
    const PinnedLedger ledger = pinned();
    const auto policy = policy_of_nodes(ledger.genesis, ledger.id, k);
    return policy && accept_checkpoint(checkpoint, *policy).has_value();
  }
  static std::string newest(const std::string& address) {
    const auto answer = connect(address)->checkpoint(0);
    return answer.value ? answer.value->note : std::string();
  }
  static Stand stand_at(const std::string& address) {
    const auto answer = connect(address)->status();
    if (!answer.value) return {};
    return {.leaves = answer.head.size, .published = answer.value->published_size};
  }
  void expect_same(const std::vector<std::string>& folders) const {
    const auto rows = [](const Reader& reader, Table table) {
      std::vector<std::pair<Bytes, Bytes>> all;
      const auto keep = [&](BytesView key, BytesView row) {
        all.emplace_back(key, row);
        return true;
      };
      EXPECT_TRUE(reader.scan(table, {}, {}, Direction::ascending, keep));
      return all;
    };
    const auto first = open_rocks_read_only(folders.front() + "/store");
    ASSERT_TRUE(first);
    for (const auto& folder : std::span(folders).subspan(1)) {
      const auto other = open_rocks_read_only(folder + "/store");
      ASSERT_TRUE(other) << to_text(other.error());
      for (const Table table :
           {Table::leaf, Table::record, Table::payload, Table::tree, Table::head, Table::chain,
            Table::registry, Table::fact, Table::finding}) {
        EXPECT_EQ(rows((*first)->reader(), table), rows((*other)->reader(), table))
            << word(table) << " of " << folder;
      }
    }
  }
};

TEST_F(Members, AFourthNodeJoinsAndCountsAndOneThatIsTakenOutCountsNoMore) {
  Load load(data(0), rpc(0));
  for (int i = 0; i < 5; ++i) load.post_one(*connect(rpc(0)));
  ASSERT_EQ(client(0, {"trust"}), 0);

  const std::string fourth = this->fourth();
  const std::string key = make_key_of_fourth();
  std::vector<std::string> join = join_fourth();
  EXPECT_NE(run_program(join), 0) << "nobody has said that it is a node";
  change(1, {"--add", key});
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(data(0) + "/rules.note"); }));
  join.insert(join.end(), {"--rules", data(0) + "/rules.note"});
  ASSERT_EQ(run_program(join), 0);
  auto node = serve(fourth, SUYUAN_NODE_PROGRAM);
  ASSERT_TRUE(eventually([&] {
    return stand_at(node->rpc_address()).leaves >= stand(0).leaves;
  }));
  EXPECT_TRUE(eventually([&] {
    return connect(node->rpc_address())->submit(load.next()).outcome.has_value();
  }));
  // A node that slept while a tree was sealed signs the next one.
  const auto signed_by = [&](size_t k) {
    if (has_signed(newest(rpc(0)), k)) return true;
    load.post_one(*connect(rpc(0)));
    return false;
  };
  EXPECT_TRUE(eventually([&] { return signed_by(4); }))
      << "all four sign, and the policy of the notice counts them";
  ASSERT_TRUE(eventually([&] { return stand_at(node->rpc_address()) == stand(0); }));

  change(2, {"--remove", "node-1"});
  const int ended = nodes_[1]->wait();
  EXPECT_TRUE(WIFEXITED(ended) && WEXITSTATUS(ended) == kExitNoNode);
  nodes_[1].reset();
  for (int i = 0; i < 5; ++i) load.post_one(*connect(rpc(2)));
  EXPECT_TRUE(eventually([&] { return signed_by(3); }));
  EXPECT_FALSE(has_signed(newest(rpc(0)), 4)) << "there are three";
  EXPECT_EQ(serve_to_its_end(data(1), SUYUAN_NODE_PROGRAM), kExitNoNode) << "nor does it come back";

  ASSERT_TRUE(eventually([&] {
    return stand(0) == stand(2) && stand_at(node->rpc_address()) == stand(0) &&
           stand(0).published == stand(0).leaves;
  }));
  node->end(SIGTERM);
  for (const size_t i : {size_t{0}, size_t{2}}) nodes_[i]->end(SIGTERM);
  expect_same({data(0), data(2), fourth});
  for (const auto& folder : {data(0), fourth}) {
    EXPECT_EQ(run_program({"env", "XDG_CONFIG_HOME=" + folder_ + "/config", SUYUAN_PROGRAM, "audit",
                           folder, "--replay"}),
              0);
  }
  // The exported log itself states the nodes.
  const std::string log = folder_ + "/exported";
  ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "export", "--data", data(0), "--out", log, "--all"}),
            0);
  EXPECT_EQ(import_as(log, fourth), 0);
  EXPECT_NE(import_as(log, data(1)), 0) << "it was taken out";
}

TEST_F(Members, WhoIsBehindANoticeDoesNotBeginOverWhatAllAgreedOn) {
  Load load(data(0), rpc(0));
  load.post_one(*connect(rpc(0)));
  ASSERT_EQ(client(0, {"trust"}), 0);
  ASSERT_TRUE(settle());
  for (const size_t i : {size_t{1}, size_t{2}}) stop(i);
  change(1, {"--add", make_key_of_fourth()});
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(data(0) + "/rules.note"); }));
  auto join = join_fourth();
  join.insert(join.end(), {"--rules", data(0) + "/rules.note"});
  ASSERT_EQ(run_program(join), 0);
  auto node = serve(fourth(), SUYUAN_NODE_PROGRAM);
  const Submission batch = load.next();
  ASSERT_TRUE(eventually([&] {
    return connect(node->rpc_address())->submit(batch).outcome.has_value();
  }));
  node->end(SIGTERM);
  stop(0);
  etcd_.reset();
  etcd_.emplace(folder_ + "/again", 3);

  const auto recover_on = [&](const std::vector<std::string>& folders) {
    std::vector<int> codes(folders.size(), -1);
    std::vector<std::thread> all;
    for (size_t i = 0; i < folders.size(); ++i) {
      all.emplace_back([&, i] {
        codes[i] = run_program({SUYUAN_NODE_PROGRAM, "recover", "--data", folders[i], "--etcd",
                                endpoints(), "--etcd-log", kLog, "--settle", "10", "--wait", "40"});
      });
    }
    for (auto& one : all) one.join();
    return codes;
  };
  EXPECT_EQ(recover_on({data(0), data(1), data(2), fourth()}), (std::vector<int>{0, 1, 1, 0}));
  const auto etcd = open_etcd({.endpoints = etcd_->endpoints()});
  ASSERT_TRUE(etcd);
  const auto begun = view_log(**etcd, kLog, {});
  ASSERT_TRUE(begun && begun->identity);
  EXPECT_EQ(recover_on({data(1), data(2)}), (std::vector<int>{1, 1})) << "nor when asked again";
  EXPECT_EQ(view_log(**etcd, kLog, {})->identity, begun->identity);

  for (const size_t i : {size_t{1}, size_t{2}}) {
    std::filesystem::copy_file(data(0) + "/rules.note", data(i) + "/rules.note");
  }
  EXPECT_EQ(recover_on({data(1), data(2)}), (std::vector<int>{0, 0}));
  node = serve(fourth(), SUYUAN_NODE_PROGRAM);
  for (size_t i = 0; i < kNodes; ++i) start(i);
  load.post_one(*connect(rpc(1)));
  ASSERT_TRUE(settle());
  const Hash id = batch_id(parse_batch_note(batch.note)->note.text);
  for (size_t i = 0; i < kNodes; ++i) EXPECT_TRUE(connect(rpc(i))->receipt(id).value) << i;
}

// Posts one batch after the other, each until some node acknowledges it.
class Posting {
 public:
  Posting(Load& load, std::vector<std::string> addresses)
      : load_(load), addresses_(std::move(addresses)), thread_([this] { run(); }) {}
  ~Posting() {
    if (thread_.joinable()) end();
  }
  void moved(size_t node, const std::string& address) {
    const std::scoped_lock lock(mutex_);
    addresses_[node] = address;
  }
  size_t acknowledged() const { return acknowledged_; }
  size_t end() {
    ends_ = true;
    thread_.join();
    return acknowledged_;
  }

 private:
  void run() {
    for (size_t turn = 0; !ends_; ++turn) {
      const Submission batch = load_.next();
      for (size_t at = turn; !ends_; ++at) {
        if (post(batch, at)) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    }
  }
  bool post(const Submission& batch, size_t at) {
    std::string address;
    {
      const std::scoped_lock lock(mutex_);
      address = addresses_[at % addresses_.size()];
    }
    auto connection = Connection::open({.node = address, .connect_ms = 500});
    if (!connection || !(*connection)->submit(batch).outcome) return false;
    ++acknowledged_;
    return true;
  }

  Load& load_;
  std::mutex mutex_;
  std::vector<std::string> addresses_;
  std::atomic<size_t> acknowledged_ = 0;
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

class Upgrade : public Members {
 protected:
  void restart(size_t i, const char* program) {
    nodes_[i]->end(SIGTERM);
    nodes_[i] = serve(data(i), program);
  }
  // Posts a batch of two events; returns "OK", or why not.
  std::string post_two(size_t at, const std::string& gtin, const std::string& other) const {
    const auto key = load_key(registrar(), [](const std::string&) { return std::string(); });
    std::vector<UnsignedEvent> events;
    for (const auto& one : {gtin, other}) {
      events.push_back(
          seal_act(RegisterProduct{.product = {.gtin = one, .name = "Thing", .owner = "maker"}},
                   random_salt)
              ->event);
    }
    const auto batch =
        sign_batch(pinned().id, PayloadType::registry_capnp, std::move(events), kNoticeUntil,
                   random_fixed<Nonce>(), signer_of(*key));
    const auto answer = connect(rpc(at))->submit(*batch);
    return answer.outcome ? "OK" : std::string(info(answer.outcome.error().front().code).name);
  }
};

TEST_F(Upgrade, NewRulesBeginWhereTheLogSaysSoAndAnOldProgramStopsBeforeThem) {
  Load load(data(0), rpc(0));
  ASSERT_EQ(client(0, {"trust"}), 0);
  Posting posting(load, {rpc(0), rpc(1), rpc(2)});
  ASSERT_EQ(make(1, {"--next-rules"}), 0);
  EXPECT_NE(client(0, {"nodes", "post", notice(1)}), 0) << "these programs do not know them";

  // One after the other, under load; the third is forgotten.
  for (const size_t i : {size_t{0}, size_t{1}}) {
    restart(i, SUYUAN_NEXT_NODE_PROGRAM);
    posting.moved(i, rpc(i));
    const size_t so_far = posting.acknowledged();
    ASSERT_TRUE(eventually([&] { return posting.acknowledged() > so_far + 5; }));
  }
  EXPECT_EQ(post_two(0, "09521104300014", "09521104300021"), "OK") << "rules 1 are in force";
  change(1, {"--next-rules"});
  const int ended = nodes_[2]->wait();
  EXPECT_TRUE(WIFEXITED(ended) && WEXITSTATUS(ended) == kExitTooOld);
  EXPECT_EQ(serve_to_its_end(data(2), SUYUAN_NODE_PROGRAM), kExitTooOld);
  const auto log = read_file(data(2) + "/log", 64 << 20);
  ASSERT_TRUE(log);
  EXPECT_NE(log->find("start a newer program on this folder"), std::string::npos);
  EXPECT_EQ(post_two(1, "09521104300038", "09521104300045"), "TOO_MANY") << "rules 2 are";

  nodes_[2] = serve(data(2), SUYUAN_NEXT_NODE_PROGRAM);
  posting.moved(2, rpc(2));
  const size_t so_far = posting.acknowledged();
  ASSERT_TRUE(eventually([&] { return posting.acknowledged() > so_far + 10; }));
  posting.end();
  ASSERT_TRUE(settle());
  EXPECT_EQ(post_two(2, "09521104300038", "09521104300045"), "TOO_MANY");
  for (auto& node : nodes_) node->end(SIGTERM);
  expect_same({data(0), data(1), data(2)});
  EXPECT_EQ(serve_to_its_end(data(1), SUYUAN_NODE_PROGRAM), kExitTooOld)
      << "a store under rules 2 is not opened by a program that does not know them";
}

}  // namespace
}  // namespace suyuan::test
