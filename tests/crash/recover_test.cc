// Nodes whose etcd has lost the log agree where it goes on, and nobody else decides it.
#include <algorithm>

#include "client/trust.h"
#include "ledger/crypto/key_file.h"
#include "ledger/merkle/proof.h"
#include "ledger/os/files.h"
#include "node/peers/generation.h"
#include "tests/crash/rejoin_fixture.h"

namespace suyuan::test {
namespace {

TEST_F(Rejoin, WhereEtcdWasEmptiedTheNodesAgreeWhereItGoesOn) {
  Load load(data(0), rpc(0));
  post(load, 0, 10);
  ASSERT_TRUE(settle());
  stop(2);
  post(load, 1, 10);
  ASSERT_TRUE(eventually([&] { return stand(0).published == stand(0).leaves; }));
  EXPECT_EQ(run_program(command("recover", 2, {"--wait", "1"})), 1) << "nothing is lost";
  const uint64_t held = stand(0).published;
  const std::string before = checkpoint(0);

  stop(0);
  stop(1);
  empty_etcd("/again");
  EXPECT_EQ(run_program(command("recover", 0, {"--wait", "2", "--settle", "0"})), 1)
      << "one of three is no majority";
  std::array<int, 2> codes{};
  std::thread other([&] { codes[1] = run_program(command("recover", 1, {"--settle", "1"})); });
  codes[0] = run_program(command("recover", 0, {"--settle", "1"}));
  other.join();
  EXPECT_EQ(codes, (std::array<int, 2>{0, 0}));
  EXPECT_EQ(run_program(command("recover", 0, {"--wait", "1"})), 1) << "nothing is lost any more";

  start(0);
  start(1);
  start(2);  // was not there, and stands before: it takes the rest from another
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  post(load, 2, 5);
  ASSERT_TRUE(settle());
  const auto grown = connect(rpc(2))->checkpoint(held);
  ASSERT_TRUE(grown.value);
  const auto old_tree = parse_checkpoint(split_note(before)->text);
  const auto new_tree = parse_checkpoint(split_note(grown.value->note)->text);
  EXPECT_TRUE(consistent(old_tree->head, new_tree->head, grown.value->path))
      << "checkpoints of before stay valid";
  expect_one_ledger();
}

TEST_F(Rejoin, WhereEtcdWasPutBackToAnOlderStateNoNodeFollowsItUntilTheyAgree) {
  Load load(data(0), rpc(0));
  post(load, 0, 5);
  ASSERT_TRUE(settle());
  const auto old = view_log(*kv(), kLog, {});
  ASSERT_TRUE(old && old->tail);
  post(load, 0, 5);
  ASSERT_TRUE(settle());
  stop_all();
  const LogKeys keys{kLog};
  ASSERT_TRUE(kv()->txn({.then = {KvDelete{.key = keys.group(old->tail->position + 1),
                                           .end = keys.group(UINT64_MAX)},
                                  KvPut{.key = keys.tail(), .value = encode_place(*old->tail)}}}));
  start(1);
  const auto refused = connect(rpc(1))->submit(load.next());
  ASSERT_FALSE(refused.outcome);
  EXPECT_EQ(refused.outcome.error().front().code, Code::READ_ONLY);
  stop(1);
  const auto words = kv()->txn({.then = {keys.nodes()}});
  ASSERT_TRUE(words && words->ranges[0].size() == kNodes);
  std::array<int, kNodes> codes{};
  std::vector<std::thread> all;
  for (size_t i = 0; i < kNodes; ++i) {
    all.emplace_back([&, i] { codes[i] = run_program(command("recover", i, {"--settle", "20"})); });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(codes, (std::array<int, kNodes>{0, 0, 0}));
  // What nodes said before stands there again, as of one that was missing, or by who may write.
  for (const auto& [key, value] : words->ranges[0]) {
    ASSERT_TRUE(kv()->txn({.then = {KvPut{.key = key, .value = value}}}));
  }
  start_all();
  post(load, 1, 5);
  expect_all_hold(load);
  expect_one_ledger();
}

// What etcd held of an earlier beginning, put back by who writes there while nodes wait; or noise.
TEST_F(Rejoin, AnEarlierReasonPutBackWhileNodesAgreeIsPassedOver) {
  Load load(data(0), rpc(0));
  post(load, 0, 3);
  ASSERT_TRUE(settle());
  stop_all();
  empty_etcd("/first");
  ASSERT_EQ(recover({0, 1, 2}), (std::vector<int>{0, 0, 0}));
  const auto first = view_log(*kv(), kLog, {});
  ASSERT_TRUE(first && first->identity);
  start_all();
  post(load, 1, 3);
  ASSERT_TRUE(settle());
  stop_all();

  empty_etcd("/second");
  std::vector<int> some;
  std::thread early([&] { some = recover({0}); });
  ASSERT_TRUE(eventually([&] {
    const auto view = view_log(*kv(), kLog, {});
    return view && view->heads.contains("node-0");
  }));
  const LogKeys keys{kLog};
  const std::string reason = std::string(kLog) + "/generation";
  ASSERT_TRUE(kv()->txn({.then = {KvPut{.key = reason, .value = "noise"}}}));
  std::this_thread::sleep_for(std::chrono::seconds(1));  // it looks five times
  ASSERT_TRUE(kv()->txn(
      {.then = {KvPut{.key = keys.identity(), .value = encode_identity(*first->identity)},
                KvPut{.key = keys.tail(), .value = encode_place(first->identity->base)},
                KvPut{.key = reason, .value = first->generation}}}));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_EQ(recover({1, 2}), (std::vector<int>{0, 0}));
  early.join();
  EXPECT_EQ(some, (std::vector<int>{0}));
  start_all();
  post(load, 1, 3);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  expect_one_ledger();
}

// The founder dies with its disk before the others have fetched what only it had.
TEST_F(Rejoin, WhereTheBaseIsLostTheOthersAgreeAgainWithoutIt) {
  Load load(data(0), rpc(0));
  post(load, 0, 5);
  ASSERT_TRUE(settle());
  stop(1);
  stop(2);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(connect(rpc(0))->submit(load.next()).outcome);
  stop(0);
  empty_etcd("/again");
  EXPECT_EQ(run_program(command("recover", 1, {"--wait", "1", "--base-is-lost"})), 1)
      << "there is none yet";
  EXPECT_EQ(recover({0, 1, 2}), (std::vector<int>{0, 0, 0}));
  std::filesystem::rename(data(0), folder_ + "/founder");
  const Bytes base = view_log(*kv(), kLog, {})->generation;
  EXPECT_EQ(recover({1, 2}), (std::vector<int>{0, 0}));
  EXPECT_EQ(view_log(*kv(), kLog, {})->generation, base) << "it only says where the log begins";

  EXPECT_EQ(recover({1, 2}, {"--base-is-lost"}), (std::vector<int>{0, 0}));
  EXPECT_NE(view_log(*kv(), kLog, {})->generation, base);
  EXPECT_EQ(run_program(command("recover", 1, {"--wait", "1", "--base-is-lost"})), 1)
      << "it has all leaves of this one";
  start(2);  // it may have the rest
  start(1);
  post(load, 1, 5);
  ASSERT_TRUE(eventually([&] { return stand(1).leaves > 0 && stand(1) == stand(2); }));
  expect_holds(1, load);
  expect_holds(2, load);

  std::filesystem::rename(folder_ + "/founder", data(0));
  std::vector<std::string> serve = {"timeout",  "60",    SUYUAN_NODE_PROGRAM, "serve", "--data",
                                    data(0),    "--rpc", "127.0.0.1:0",       "--http",
                                    "127.0.0.1:0"};
  for (const auto& word : order_options()) serve.push_back(word);
  EXPECT_EQ(run_program(serve), 3) << "ROLLED_BACK";
  EXPECT_EQ(run_program(command("recover", 0, {"--wait", "1"})), 3);
  wipe(0);
  start(0);
  ASSERT_TRUE(settle());
  post(load, 2, 5);
  expect_all_hold(load);
  expect_one_ledger();
}

// Who agreed must not agree again without those who have what it lacks.
TEST_F(Rejoin, WhereEtcdIsEmptiedAgainBeforeTheOthersFetchedNothingIsLost) {
  Load load(data(0), rpc(0));
  post(load, 0, 3);
  ASSERT_TRUE(settle());
  stop(1);
  stop(2);
  post(load, 0, 3);
  stop(0);
  for (const char* once : {"/first", "/second"}) {
    empty_etcd(once);
    EXPECT_EQ(recover({0, 1, 2}), (std::vector<int>{0, 0, 0})) << once;
  }
  empty_etcd("/third");
  const auto without_the_first = [&](size_t i) {
    return run_program(command("recover", i, {"--settle", "1", "--wait", "6"}));
  };
  int other = 0;
  std::thread at_the_same_time([&] { other = without_the_first(2); });
  EXPECT_EQ(without_the_first(1), 1) << "they agreed to begin behind what only node-0 has";
  at_the_same_time.join();
  EXPECT_EQ(other, 1);
  EXPECT_EQ(recover({0, 1, 2}), (std::vector<int>{0, 0, 0}));
  start_all();
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  expect_one_ledger();
}

// Node 1 was killed after its head counted, and before it kept what came of it; node 2 was away.
// They are a majority, and know nothing of what node 0 acknowledged since.
TEST_F(Rejoin, WhoDidNotKeepALaterBeginningDoesNotBeginWithoutWhoKnowsIt) {
  const auto copy = std::filesystem::copy_options::recursive;
  Load load(data(0), rpc(0));
  post(load, 0, 3);
  ASSERT_TRUE(settle());
  stop_all();
  std::filesystem::copy(data(1) + "/store", folder_ + "/old-store", copy);
  empty_etcd("/first");
  ASSERT_EQ(recover({0, 1}), (std::vector<int>{0, 0}));
  std::filesystem::remove_all(data(1) + "/store");
  std::filesystem::rename(folder_ + "/old-store", data(1) + "/store");
  start(0);
  post(load, 0, 3);
  stop(0);

  empty_etcd("/second");
  EXPECT_EQ(run_program(command("recover", 0, {"--wait", "1"})), 1) << "one of three";
  const auto without_the_first = [&](size_t i) {
    return run_program(command("recover", i, {"--settle", "1", "--wait", "6"}));
  };
  int other = 0;
  std::thread at_the_same_time([&] { other = without_the_first(2); });
  EXPECT_EQ(without_the_first(1), 1);
  at_the_same_time.join();
  EXPECT_EQ(other, 1);
  const auto view = view_log(*kv(), kLog, {});
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->generation.empty());

  for (const std::string one : {"store", "watermark", "acknowledged"}) {
    std::filesystem::remove_all(data(1) + "/" + one);
    std::filesystem::copy(data(0) + "/" + one, data(1) + "/" + one, copy);
  }
  EXPECT_EQ(recover({0, 1, 2}), (std::vector<int>{0, 0, 0}));
  start_all();
  ASSERT_TRUE(settle());
  post(load, 2, 3);
  expect_all_hold(load);
  expect_one_ledger();
}

TEST_F(Rejoin, WhereEtcdWasPutBackTheNodeAtItsEndAgreesWithTheOneBeyondIt) {
  Load load(data(0), rpc(0));
  post(load, 0, 3);
  ASSERT_TRUE(settle());
  stop(1);
  stop(2);
  const auto old = view_log(*kv(), kLog, {});
  ASSERT_TRUE(old && old->tail);
  post(load, 0, 3);
  stop(0);
  const LogKeys keys{kLog};
  ASSERT_TRUE(kv()->txn({.then = {KvDelete{.key = keys.group(old->tail->position + 1),
                                           .end = keys.group(UINT64_MAX)},
                                  KvPut{.key = keys.tail(), .value = encode_place(*old->tail)}}}));
  EXPECT_EQ(run_program(command("recover", 1, {"--wait", "1"})), 1) << "it sees nobody beyond it";
  std::vector<int> beyond;
  std::thread first([&] { beyond = recover({0}); });
  EXPECT_TRUE(eventually([&] {
    const auto view = view_log(*kv(), kLog, {});
    return view && view->heads.contains("node-0");
  }));
  EXPECT_EQ(recover({1}), (std::vector<int>{0}));
  first.join();
  EXPECT_EQ(beyond, (std::vector<int>{0}));
  start_all();
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  expect_one_ledger();
}

// They stay in etcd. With one node's key they make new evidence, at any time.
TEST_F(Rejoin, HeadsOfAnEarlierBeginningAreNoVotesForWhoHoldsANodesKey) {
  Load load(data(0), rpc(0));
  post(load, 0, 3);
  ASSERT_TRUE(settle());
  stop_all();
  empty_etcd("/first");
  ASSERT_EQ(recover({0, 1, 2}), (std::vector<int>{0, 0, 0}));
  const auto view = view_log(*kv(), kLog, {});
  ASSERT_TRUE(view);
  const auto ledger =
      pinned_from_leaf(read_file(data(0) + "/genesis.leaf", 1 << 20).value()).value();
  const LogNodes nodes{.ledger = ledger.id, .log = kLog, .nodes = ledger.genesis.nodes};
  const auto begun = judge_generation(view->generation, nodes);
  ASSERT_TRUE(begun);
  start_all();
  post(load, 1, 3);
  ASSERT_TRUE(settle());

  const auto key = [&](size_t i) {
    return read_key_file(read_secret_file(data(i) + "/keys/node.key", 4096).value(), "").value();
  };
  const auto old = std::ranges::find(begun->heads, std::string("node-0"), &LogHead::node);
  ASSERT_NE(old, begun->heads.end());
  LogHead own = *old;
  own.node = "node-2";
  own.place.position = 1'000'000;
  // Signatures are deterministic: node-0's note is the one that etcd has.
  const Bytes evidence = encode_generation(
      base_position(own),
      {{.note = sign_log_head(*old, key(0))}, {.note = sign_log_head(own, key(2))}}, key(2));
  const auto forged = judge_generation(evidence, nodes);
  ASSERT_TRUE(forged) << "by itself it is as good as any";
  stop(0);
  ASSERT_TRUE(kv()->txn(
      {.then = {KvPut{.key = LogKeys{kLog}.identity(),
                      .value = encode_identity(
                          {.ledger = ledger.id.genesis, .base = forged->base.place})},
                KvPut{.key = std::string(kLog) + "/generation", .value = evidence}}}));
  start(0);
  std::this_thread::sleep_for(std::chrono::seconds(3));  // pulses
  post(load, 1, 3);
  ASSERT_TRUE(settle());
  expect_all_hold(load);
  expect_one_ledger();
}

}  // namespace
}  // namespace suyuan::test
