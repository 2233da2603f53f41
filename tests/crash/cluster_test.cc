// Three nodes of one ledger and three members of etcd, as real processes: any of them dies, and the
// ledger stays one.
#include <set>

#include "client/on_nodes.h"
#include "ledger/base/coding.h"
#include "ledger/batch/note.h"
#include "ledger/crypto/key_file.h"
#include "ledger/os/files.h"
#include "ledger/proof/accept.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/node_policy.h"
#include "node/peers/peers.h"
#include "node/pipeline/pipeline.h"
#include "proto/submission_codec.h"
#include "tests/crash/audit.h"
#include "tests/crash/cluster.h"
#include "tests/e2e/http_client.h"

namespace suyuan::test {
namespace {

using namespace std::chrono_literals;

constexpr int kStoppedForGood = 3;  // exit code: a service manager must not start it again

Hash ledger(Kv& kv) {
  const auto read = kv.txn({.then = {KvRange{.key = LogKeys{kLog}.identity()}}});
  EXPECT_TRUE(read && !read->ranges[0].empty());
  return decode_identity(read->ranges[0][0].value)->ledger;
}

std::vector<Bytes> leaves_of(const Reader& reader) {
  std::vector<Bytes> leaves;
  EXPECT_TRUE(reader.scan(Table::leaf, {}, {}, Direction::ascending, [&](BytesView, BytesView row) {
    leaves.emplace_back(row);
    return true;
  }));
  return leaves;
}

TEST_F(Cluster, StaysOneLedgerWhoeverDies) {
  Load one(data(0), rpc(0), "maker");
  Load two(data(0), rpc(1), "other-maker", "09521103200018");
  for (size_t round = 0; round < kNodes; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const size_t first = round;
    const size_t second = (round + 1) % kNodes;
    std::thread of_one([&] { one.run(rpc(first), 4); });
    std::thread of_two([&] { two.run(rpc(second), 4); });
    std::this_thread::sleep_for(500ms);
    etcd_->member(round).end(SIGKILL);
    std::this_thread::sleep_for(2500ms);
    nodes_[first]->end(SIGKILL);
    of_one.join();
    etcd_->member(round).start();
    std::this_thread::sleep_for(500ms);
    nodes_[second]->end(SIGKILL);
    of_two.join();
    start(first);
    start(second);
    ASSERT_TRUE(etcd_->member(round).wait_until_it_listens());
  }
  // Sent again through the others, a batch is taken once, and every node answers for it.
  const Submission again = one.next();
  std::set<uint64_t> places;
  for (size_t i = 0; i < kNodes; ++i) {
    const auto answer = submit_until_taken(*connect(rpc(i)), again);
    ASSERT_TRUE(answer.outcome);
    EXPECT_EQ(answer.outcome->repeated, i > 0);
    places.insert(answer.outcome->leaf);
  }
  EXPECT_EQ(places.size(), 1U);
  ASSERT_TRUE(settle());

  const std::string text = split_note(checkpoint(0))->text;
  std::set<std::string> notes;
  for (size_t i = 0; i < kNodes; ++i) {
    EXPECT_EQ(split_note(checkpoint(i))->text, text);
    notes.insert(checkpoint(i));  // before the connection: a thread has one at a time
    const auto connection = connect(rpc(i));
    for (const auto* load : {&one, &two}) {
      for (const auto& [id, receipt] : load->acknowledged()) {
        const auto found = connection->receipt(id);
        ASSERT_TRUE(found.value) << "node " << i << " does not have what was acknowledged";
        ASSERT_EQ(found.value->leaf, receipt.leaf);
      }
    }
  }
  EXPECT_EQ(notes.size(), kNodes) << "each has a line of its own node";
  for (auto& node : nodes_) {
    EXPECT_EQ(WEXITSTATUS(node->end(SIGTERM)), 0);
    node.reset();
  }
  std::vector<Bytes> leaves;
  for (size_t i = 0; i < kNodes; ++i) {
    SCOPED_TRACE("store of node " + std::to_string(i));
    const auto opened = store(i);
    const StoredLog audited = audit(opened->reader());
    EXPECT_GE(audited.batches.size(), one.acknowledged().size() + two.acknowledged().size());
    const auto held = leaves_of(opened->reader());
    if (i == 0) leaves = held;
    EXPECT_EQ(held, leaves);
  }
  std::set<Bytes> distinct;
  for (const Bytes& leaf : leaves) distinct.insert(leaf.substr(leaf.find("\n\n")));
  EXPECT_EQ(distinct.size(), leaves.size()) << "nothing is there twice";
  std::printf("%zu batches acknowledged, %zu leaves\n",
              one.acknowledged().size() + two.acknowledged().size(), leaves.size());
}

TEST_F(Cluster, CheckpointsHaveTheSignaturesOfMostNodes) {
  Load load(data(0), rpc(0));
  ASSERT_TRUE(settle());  // the others know its party
  const auto accepted = [&](size_t i, size_t k) {
    const auto policy = policy_of_nodes(load.ledger().genesis, load.ledger().id, k);
    return accept_checkpoint(checkpoint(i), *policy).has_value();
  };
  const auto all_meet = [&](size_t k) {
    load.post_one(*connect(rpc(1)));
    return settle() && accepted(0, k) && accepted(1, k) && accepted(2, k);
  };
  EXPECT_TRUE(eventually([&] { return all_meet(2); }));
  EXPECT_TRUE(eventually([&] { return all_meet(3); })) << "where all are there, of all";
  nodes_[2]->end(SIGKILL);
  const auto grown = [&] {
    const uint64_t leaf = load.post_one(*connect(rpc(0))).leaf;
    return eventually([&] { return stand(0).published > leaf; }) && accepted(0, 2);
  };
  EXPECT_TRUE(eventually(grown)) << "two of three go on";
  EXPECT_FALSE(accepted(0, 3));
  EXPECT_GT(metric(nodes_[0]->http_port(), "suyuan_peer_behind{node=\"node-2\"}"), 0);
  start(2);
  EXPECT_TRUE(eventually([&] { return all_meet(3); }));
}

TEST_F(Cluster, AnAnswerSaysOnWhichNodesItIsAndProvesIt) {
  Load load(data(0), rpc(0));
  ASSERT_TRUE(settle());  // the others know its party
  const Submission batch = load.next();
  const auto taken = submit_until_taken(*connect(rpc(1)), batch);
  ASSERT_TRUE(taken.outcome) << to_text(taken.outcome.error().front());
  EXPECT_EQ(taken.outcome->held.of, kNodes);
  const auto at_once = proven_nodes(load.ledger(), batch.note, *taken.outcome);
  ASSERT_TRUE(at_once) << to_text(at_once.error());
  EXPECT_EQ(at_once->nodes, std::vector<std::string>{"node-1"});
  const Hash id = batch_id(parse_batch_note(batch.note)->note.text);
  const auto everywhere = [&] {
    const auto later = connect(rpc(2))->receipt(id);
    if (!later.value) return false;
    const auto proven = proven_nodes(load.ledger(), batch.note, *later.value);
    EXPECT_TRUE(proven) << to_text(proven.error());
    return proven && proven->nodes.size() == kNodes && later.value->held.nodes.size() == kNodes;
  };
  const auto more_comes = [&] {
    load.post_one(*connect(rpc(0)));  // another seal: all nodes were up in time for one
    return everywhere();
  };
  EXPECT_TRUE(eventually(more_comes));
}

// Longer than the lease: the old leader resumes unaware, while another leads.
TEST_F(Cluster, WhoWasPausedPastItsLeaseFindsTheOneLedger) {
  Load load(data(0), rpc(0));
  std::thread poster([&] { load.run(rpc(1), 8); });
  for (const size_t paused : {0U, 2U}) {
    ::kill(nodes_[paused]->pid(), SIGSTOP);
    std::this_thread::sleep_for(4s);
    ::kill(nodes_[paused]->pid(), SIGCONT);
    etcd_->member(paused).pause();
    std::this_thread::sleep_for(1500ms);
    etcd_->member(paused).resume();
  }
  nodes_[1]->end(SIGKILL);
  poster.join();
  start(1);
  ASSERT_TRUE(settle());
  EXPECT_GT(load.acknowledged().size(), 10U);
  for (size_t i = 0; i < kNodes; ++i) {
    EXPECT_EQ(split_note(checkpoint(i))->text, split_note(checkpoint(0))->text);
    const auto connection = connect(rpc(i));
    for (const auto& [id, receipt] : load.acknowledged()) {
      const auto found = connection->receipt(id);
      ASSERT_TRUE(found.value);
      ASSERT_EQ(found.value->leaf, receipt.leaf);
    }
  }
}

TEST_F(Cluster, WithoutEtcdReadingGoesOnAndWritingIsBusy) {
  Load load(data(0), rpc(0));
  ASSERT_TRUE(settle());
  const uint64_t before = stand(1).leaves;
  for (size_t i = 0; i < 3; ++i) etcd_->member(i).pause();
  const Submission batch = load.next();
  const auto refused = connect(rpc(1))->submit(batch);
  ASSERT_FALSE(refused.outcome);
  EXPECT_EQ(refused.outcome.error().front().code, Code::BUSY);
  EXPECT_NE(refused.outcome.error().front().message.find("etcd"), std::string::npos);
  EXPECT_TRUE(connect(rpc(1))->parties({}).value) << "reading continues";
  EXPECT_EQ(stand(1).leaves, before);
  HttpClient http(nodes_[1]->http_port());
  EXPECT_TRUE(eventually([&] { return http.get("/readyz").status == 503; }))
      << "a load balancer posts elsewhere";
  EXPECT_EQ(http.get("/healthz").status, 200);
  EXPECT_EQ(metric(nodes_[1]->http_port(), "suyuan_order_silent"), 1);
  for (size_t i = 0; i < 3; ++i) etcd_->member(i).resume();
  ASSERT_TRUE(eventually([&] { return connect(rpc(1))->submit(batch).outcome.has_value(); }));
  EXPECT_TRUE(eventually([&] { return http.get("/readyz").status == 200; }));
  EXPECT_EQ(metric(nodes_[1]->http_port(), "suyuan_order_silent"), 0);
  ASSERT_TRUE(settle());
}

TEST_F(Cluster, ANodeThatIsAloneWithItsLedgerStopsAndKeepsTheEvidence) {
  ASSERT_TRUE(settle());
  const auto own = parse_checkpoint(split_note(checkpoint(0))->text);
  ASSERT_TRUE(own);
  auto kv = open_etcd({.endpoints = etcd_->endpoints()});
  ASSERT_TRUE(kv);
  // Waits until each node has heard all others: their notes name a checkpoint, and each has sent
  // two since.
  const auto word_of = [&](size_t i) -> PeerNote {
    const std::string key = LogKeys{kLog}.node("node-" + std::to_string(i));
    const auto read = (*kv)->txn({.then = {KvRange{.key = key}}});
    if (!read || read->ranges[0].empty()) return {};
    const auto told = decode_told(read->ranges[0][0].value);
    if (!told) return {};
    const auto note = decode_peer_note(told->note);
    return note ? *note : PeerNote{};
  };
  for (size_t i = 0; i < kNodes; ++i) {
    ASSERT_TRUE(eventually([&] { return !word_of(i).checkpoint.empty(); }));
  }
  for (size_t i = 0; i < 2 * kNodes; ++i) {
    const int64_t last = word_of(i % kNodes).time_ms;
    ASSERT_TRUE(eventually([&] { return word_of(i % kNodes).time_ms != last; }));
  }
  // Sends what a node of a different ledger would send.
  const auto speak_as = [&](size_t i) {
    auto other = *own;
    other.head.root = Hash{};
    const auto secret = read_secret_file(data(i) + "/keys/node.key", 4096);
    const auto key = read_key_file(*secret, "");
    nodes_[i]->end(SIGTERM);
    const PeerNote note{.time_ms = 1,
                        .position = 1,
                        .checkpoint = sign_checkpoint(other, key->pair.secret, key->pair.key)};
    const auto read = (*kv)->txn({.then = {KvRange{.key = LogKeys{kLog}.tail()}}});
    ASSERT_TRUE(read && !read->ranges[0].empty());
    Bytes told = encode_told({.at = *decode_place(read->ranges[0][0].value),
                              .note = encode_peer_note(note)});
    const auto text = signed_text(Signed::told, ledger(**kv), kLog, told);
    set_signature(told, sign(key->pair.secret, text));
    ASSERT_TRUE((*kv)->txn(
        {.then = {KvPut{.key = LogKeys{kLog}.node(key->name), .value = told}}}));
  };
  speak_as(0);
  const auto evidence = [&](size_t i) {
    for (const auto& entry : std::filesystem::directory_iterator(data(i))) {
      if (entry.path().filename().string().starts_with("divergence-")) return true;
    }
    return false;
  };
  ASSERT_TRUE(eventually([&] { return evidence(1) && evidence(2); }));
  EXPECT_GT(stand(1).leaves, 0U) << "with the majority it goes on";
  EXPECT_EQ(metric(nodes_[1]->http_port(), "suyuan_peer_agrees{node=\"node-0\"}"), 0);
  EXPECT_EQ(metric(nodes_[1]->http_port(), "suyuan_peer_agrees{node=\"node-2\"}"), 1);
  nodes_[1]->end(SIGTERM);
  start(1);
  std::this_thread::sleep_for(3s);  // some pulses, in which the dead node's note comes first
  EXPECT_GT(stand(1).leaves, 0U) << "and does so after a restart";
  // If the disk takes no evidence, the node stops all the same, and detects it again at the next
  // start.
  std::filesystem::create_directory(data(1) + "/divergence.new");
  speak_as(2);
  EXPECT_EQ(WEXITSTATUS(nodes_[1]->wait()), kStoppedForGood);
  EXPECT_FALSE(std::filesystem::exists(data(1) + "/divergence"));
  std::filesystem::remove(data(1) + "/divergence.new");
  std::vector<std::string> again = {"timeout",     "60",     SUYUAN_NODE_PROGRAM,
                                    "serve",       "--data", data(1),
                                    "--rpc",       "127.0.0.1:0",
                                    "--http",      "127.0.0.1:0"};
  for (const auto& word : order_options()) again.push_back(word);
  EXPECT_EQ(run_program(again), kStoppedForGood);
  EXPECT_TRUE(std::filesystem::exists(data(1) + "/divergence"));
  EXPECT_EQ(run_program(again), kStoppedForGood);
}

// Adds a group as a node does, with the key of a node or of nobody.
class Rogue {
 public:
  Rogue(const std::string& endpoint, const std::string& key_file)
      : kv_(open_etcd({.endpoints = {endpoint}}).value()),
        key_(read_key_file(read_secret_file(key_file, 4096).value(), "").value()) {}
  bool add(GroupEntry group, const Hash& ledger, bool is_signed) {
    const LogKeys keys{kLog};
    const auto read = kv_->txn({.then = {KvRange{.key = keys.tail()}}});
    if (!read || read->ranges[0].empty()) return false;
    const auto tail = decode_place(read->ranges[0][0].value);
    group.before = tail->mark;
    group.node = key_.name;
    Bytes value = encode_group(group);
    if (is_signed) {
      set_signature(value,
                    sign(key_.pair.secret, signed_text(Signed::group, ledger, kLog, value)));
    }
    const OrderPlace at{.position = tail->position + 1, .mark = mark_of(value)};
    const auto added =
        kv_->txn({.when = {{.key = keys.tail(), .value = encode_place(*tail)}},
                  .then = {KvPut{.key = keys.group(at.position), .value = value},
                           KvPut{.key = keys.tail(), .value = encode_place(at)}}});
    return added && added->held;
  }
  Kv& kv() { return *kv_; }

 private:
  std::unique_ptr<Kv> kv_;
  NamedKeyPair key_;
};

constexpr int64_t kLastTime = 253402300799999;

TEST_F(Cluster, WhoMayWriteInEtcdAddsNoLeafAndNoTime) {
  Load load(data(0), rpc(0));
  load.post_one(*connect(rpc(0)));
  ASSERT_TRUE(settle());
  const uint64_t before = stand(0).leaves;
  Rogue rogue(etcd_->endpoints()[0], data(2) + "/keys/node.key");
  const Hash of = ledger(rogue.kv());
  Bytes seal(1, '\x02');
  put_u64(seal, before - 1);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(eventually([&] {
      return rogue.add({.time_ms = kLastTime, .proposals = {seal}}, of, false);
    }));
  }
  const auto receipt = load.post_one(*connect(rpc(1)));
  EXPECT_LE(receipt.leaf, before + 1) << "of the rogue's there is none, at most a seal";
  ASSERT_TRUE(settle()) << "log time is what it was: batches are taken";
  EXPECT_EQ(split_note(checkpoint(0))->text, split_note(checkpoint(2))->text);
}

TEST_F(Cluster, WhatANodeOrdersUncheckedChangesNothing) {
  Load load(data(0), rpc(0));
  ASSERT_TRUE(settle());  // the others know its party
  Submission forged = load.next();
  const size_t nonce = forged.note.find("\nnonce ") + 7;
  forged.note[nonce] = forged.note[nonce] == 'A' ? 'B' : 'A';
  Rogue rogue(etcd_->endpoints()[0], data(2) + "/keys/node.key");
  const Hash of = ledger(rogue.kv());
  ASSERT_TRUE(eventually([&] {
    return rogue.add({.judging = kJudgingVersion,
                      .time_ms = 1'780'000'000'000,
                      .proposals = {"\x01noise", "\x02" + Bytes(8, '\0'),
                                    "\x01" + encode_submission(forged)}},
                     of, true);
  }));
  const uint64_t before = stand(0).leaves;
  const auto receipt = load.post_one(*connect(rpc(1)));
  EXPECT_LE(receipt.leaf, before + 1) << "of the rogue's there is none, at most a seal";
  ASSERT_TRUE(settle());
  EXPECT_EQ(split_note(checkpoint(0))->text, split_note(checkpoint(2))->text);
}

TEST_F(Cluster, AKindThatNoNodeKnowsStopsThemInFrontOfIt) {
  Load load(data(0), rpc(0));
  load.post_one(*connect(rpc(0)));
  Rogue rogue(etcd_->endpoints()[0], data(2) + "/keys/node.key");
  const Hash of = ledger(rogue.kv());
  ASSERT_TRUE(eventually([&] {
    return rogue.add({.judging = kJudgingVersion,
                      .time_ms = 1'780'000'000'000,
                      .proposals = {"\x04x"}},
                     of, true);
  }));
  const Submission batch = load.next();
  for (size_t i = 0; i < kNodes; ++i) {
    std::string why;
    EXPECT_TRUE(eventually([&] {
      const auto answer = connect(rpc(i))->submit(batch);
      if (answer.outcome) return false;
      why = answer.outcome.error().front().message;
      return answer.outcome.error().front().code == Code::READ_ONLY;
    }));
    EXPECT_NE(why.find("STORE_TOO_NEW"), std::string::npos) << why;
  }
}

TEST_F(Cluster, AStoreOfASharedLogIsNotServedAlone) {
  nodes_[0]->end(SIGTERM);
  EXPECT_EQ(run_program({"timeout", "60", SUYUAN_NODE_PROGRAM, "serve", "--data", data(0), "--rpc",
                         "127.0.0.1:0", "--http", "127.0.0.1:0"}),
            100);
}

}  // namespace
}  // namespace suyuan::test
