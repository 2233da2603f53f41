#include "node/peers/log_sync.h"

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/apply/weight.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/store/memory_store.h"
#include "node/pipeline/order_place.h"
#include "proto/submission_codec.h"
#include "tests/unit/proof/bundle_world.h"

namespace suyuan {
namespace {

using testing::small_ledger;

KeyPair pair_of(char seed) { return key_from_seed(Bytes(kSeedBytes, seed)); }

class LogSyncTest : public ::testing::Test {
 protected:
  explicit LogSyncTest(const testing::ProvenLedger& ledger = small_ledger())
      : source_(ledger.sealed_state()), tree_(ledger.tree()) {
    const auto leaf = read_leaf(source_, 0);
    auto genesis = apply_genesis(leaf->text, leaf->time_ms);
    EXPECT_TRUE(store_.commit(genesis->changes));
  }
  // Leaves from one on, so many of them, as an honest node gives them.
  PeerAnswer part(uint64_t from, size_t count) const {
    auto answer =
        answer_peer({.from = from, .size = target_.tree.size}, source_, nullptr).value();
    answer.leaves.resize(std::min(count, answer.leaves.size()));
    const TreeRows rows(source_);
    answer.path = consistency_proof(TiledNodes(rows), from + answer.leaves.size(),
                                    target_.tree.size)
                      .value();
    return answer;
  }
  Result<Done> take(const PeerAnswer& answer, const SyncTarget& target) {
    LogSync sync({.store = store_,
                  .key = key_,
                  .map = MapKeeper(build_map(store_.latest(), 1).value()),
                  .rows_of_commit_max = rows_of_commit_max_});
    return sync.take(answer, target);
  }
  Result<Done> take(const PeerAnswer& answer) { return take(answer, target_); }
  uint64_t leaves() const { return read_head(store_.latest())->leaves; }
  static std::vector<std::pair<Bytes, Bytes>> rows(const Reader& reader, Table table) {
    std::vector<std::pair<Bytes, Bytes>> all;
    EXPECT_TRUE(reader.scan(table, {}, {}, Direction::ascending, [&](BytesView key, BytesView row) {
      all.emplace_back(key, row);
      return true;
    }));
    return all;
  }

  void expect_the_same();

  const Reader& source_;
  const TreeHead tree_;
  const SyncTarget target_{.tree = tree_,
                           .place = {.position = 77, .mark = Hash::from(Bytes(32, 'm'))}};
  const NamedKeyPair key_{.name = "node-b", .pair = pair_of('b')};
  MemoryStore store_;
  size_t rows_of_commit_max_ = 1 << 18;
};

TEST_F(LogSyncTest, WhatWasTakenIsTheSameToTheLastRow) {
  expect_the_same();
}

TEST_F(LogSyncTest, APartThatMakesManyRowsIsCommittedInPiecesAndIsTheSame) {
  rows_of_commit_max_ = 1;
  expect_the_same();
  // A piece is a group of its own, so it has a receipt of its own.
  EXPECT_GT(rows(store_.latest(), Table::receipt).size(), target_.tree.size / 2);
}

// One group of two batches that weighs more than a group may.
const testing::ProvenLedger& heavy_ledger() {
  static const auto* kLedger = [] {
    auto* ledger = new testing::ProvenLedger();
    ledger->party("maker", {Role::manufacturer});
    ledger->product("09521104301011", "maker");
    std::vector<VerifiedBatch> group;
    size_t weight = 0;
    for (const char* name : {"A", "B"}) {
      testing::Words inputs;
      testing::Words outputs;
      for (int i = 0; i < 200; ++i) {
        const std::string lot = name + std::to_string(i);
        inputs.push_back("lot:09521104301011:I" + lot);
        outputs.push_back("lot:09521104301011:O" + lot);
      }
      group.push_back(ledger->batch("maker", {testing::transform("08:00", inputs, outputs)}));
      weight += weight_of(group.back());
    }
    EXPECT_GT(weight, limits::kGroupBytesMax);
    for (const Verdict& verdict : ledger->apply_group(group).verdicts)
      EXPECT_TRUE(testing::is_accepted(verdict)) << testing::words(verdict);
    ledger->seal();
    return ledger;
  }();
  return *kLedger;
}

class LogSyncOfHeavyGroupTest : public LogSyncTest {
 protected:
  LogSyncOfHeavyGroupTest() : LogSyncTest(heavy_ledger()) {}
};

// Nodes leave out what is too heavy for a group. What is in the ledger they take, whatever the rule
// was when it was ordered.
TEST_F(LogSyncOfHeavyGroupTest, WhatWasTakenIsTheSameToTheLastRow) {
  expect_the_same();
}

void LogSyncTest::expect_the_same() {
  for (const size_t size : {size_t{1}, size_t{3}, size_t{1000}}) {
    const uint64_t from = leaves();
    ASSERT_TRUE(take(part(from, size))) << size;
    EXPECT_EQ(is_between(*read_order_place(store_.latest()).value()), size != 1000);
  }
  EXPECT_EQ(read_order_place(store_.latest()).value(), target_.place);
  EXPECT_EQ(leaves(), target_.tree.size);
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    // Of each node alone: receipts, and by which of them a batch was acknowledged.
    if (table == Table::meta || table == Table::receipt || table == Table::batch) continue;
    EXPECT_EQ(rows(store_.latest(), table), rows(source_, table)) << word(table);
  }
  EXPECT_TRUE(take(part(leaves(), 10))) << "nothing more is there";
}

TEST_F(LogSyncTest, ALyingNodeGivesNothing) {
  const auto flip = [](Bytes& bytes, size_t at) { bytes[at] = static_cast<char>(bytes[at] ^ 1); };
  const auto edited = [](PeerLeaf& leaf, const std::function<void(Submission&)>& edit) {
    auto submission = decode_submission(leaf.submission).value();
    edit(submission);
    leaf.submission = encode_submission(submission);
  };
  const std::vector<std::pair<std::string, std::function<void(PeerAnswer&)>>> lies = {
      {"a byte of a leaf", [&](PeerAnswer& a) { flip(a.leaves[2].data, 60); }},
      {"a leaf is left out", [](PeerAnswer& a) { a.leaves.erase(a.leaves.begin() + 3); }},
      {"a leaf is there twice",
       [](PeerAnswer& a) { a.leaves.insert(a.leaves.begin() + 3, a.leaves[2]); }},
      {"two leaves changed places", [](PeerAnswer& a) { std::swap(a.leaves[3], a.leaves[4]); }},
      {"the seal is left out", [](PeerAnswer& a) { a.leaves.pop_back(); }},
      {"another path", [](PeerAnswer& a) { a.path.assign(1, Hash{}); }},
      {"no leaves", [](PeerAnswer& a) { a.leaves.clear(); }},
      {"a payload",
       [&](PeerAnswer& a) {
         edited(a.leaves[4], [&](Submission& s) { flip(s.events[0].payload, 40); });
       }},
      {"a salt",
       [&](PeerAnswer& a) {
         edited(a.leaves[4], [](Submission& s) { s.events[0].salt = Salt{}; });
       }},
      {"no events",
       [&](PeerAnswer& a) { edited(a.leaves[4], [](Submission& s) { s.events.clear(); }); }},
      {"a section that nobody signed",
       [&](PeerAnswer& a) {
         edited(a.leaves[4], [](Submission& s) { s.events[0].sections.push_back({}); });
       }},
      {"noise for a batch", [](PeerAnswer& a) { a.leaves[4].submission = "noise"; }},
      {"another batch's events",
       [](PeerAnswer& a) { a.leaves[4].submission = a.leaves[3].submission; }},
  };
  for (const auto& [name, lie] : lies) {
    PeerAnswer answer = part(1, 1000);
    ASSERT_GT(answer.leaves.size(), 8U);
    lie(answer);
    const auto taken = take(answer);
    EXPECT_FALSE(taken) << name;
    EXPECT_EQ(leaves(), 1U) << name;
    EXPECT_FALSE(read_order_place(store_.latest()).value()) << name;
  }
  EXPECT_TRUE(take(part(1, 1000))) << "an honest one then gives all";
}

// Whole and consistent in itself, but another ledger than the one that was signed.
TEST_F(LogSyncTest, AnotherTreeThanTheSignedOneIsRefused) {
  SyncTarget other = target_;
  other.tree.root = Hash{};
  const auto taken = take(part(1, 1000), other);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, Code::ROOT_MISMATCH);
  EXPECT_EQ(leaves(), 1U);
}

TEST_F(LogSyncTest, ACheckpointCountsWhereMoreThanHalfOfTheNodesSigned) {
  Genesis genesis;
  const LedgerId id = small_ledger().id();
  genesis.origin = id.origin;
  const KeyPair log = pair_of('l');
  genesis.log_key = log.key;
  for (const char one : {'a', 'b', 'c'}) {
    genesis.nodes.push_back({.name = std::string("node-") + one, .key = pair_of(one).key});
  }
  const Checkpoint checkpoint{.origin = id.origin, .head = target_.tree};
  const auto by = [&](const std::string& nodes) {
    std::vector<NoteLine> lines;
    for (const char one : nodes) {
      const KeyPair pair = pair_of(one);
      lines.push_back(cosign(write_checkpoint(checkpoint),
                             {.name = std::string("node-") + one, .secret = pair.secret,
                              .key = pair.key},
                             1));
    }
    return PeerAnswer{
        .size = target_.tree.size,
        .checkpoint = with_lines(sign_checkpoint(checkpoint, log.secret, log.key), lines),
        .place = target_.place};
  };
  EXPECT_EQ(target_of(by("ab"), genesis, id).value(), target_);
  EXPECT_FALSE(target_of(by("a"), genesis, id)) << "who has the log's key and one node's";
  EXPECT_FALSE(target_of(by(""), genesis, id));
  EXPECT_FALSE(target_of(by("axyz"), genesis, id));
  PeerAnswer larger = by("ab");
  ++larger.size;
  EXPECT_FALSE(target_of(larger, genesis, id));
}

TEST_F(LogSyncTest, RequestsAreOfNodesAndForAMinute) {
  const std::vector<NamedKey> nodes = {{.name = "node-a", .key = pair_of('a').key},
                                       {.name = "node-b", .key = pair_of('b').key}};
  const LedgerId id = small_ledger().id();
  const PeerRequest request{
      .envelope = {.ledger = id, .node = "node-b", .to = "node-a", .until_ms = 1'000'060'000},
      .from = 7,
      .size = 9};
  const PeerAsked asked{
      .ledger = id, .self = "node-a", .nodes = nodes, .now_ms = 1'000'000'000};
  const std::string note = sign_peer_request(request, key_);
  EXPECT_EQ(open_peer_request(note, asked).value(), request);
  const auto code_at = [&](const std::string& text, int64_t now_ms, const LedgerId& ledger) {
    const auto opened =
        open_peer_request(text, {.ledger = ledger, .self = "node-a", .nodes = nodes,
                                 .now_ms = now_ms});
    return opened ? Code::BUSY : opened.error().code;
  };
  EXPECT_EQ(code_at(note, 1'000'060'001, id), Code::BATCH_EXPIRED);
  EXPECT_EQ(code_at(note, 0, id), Code::BATCH_EXPIRED);
  EXPECT_EQ(code_at(note, 1'000'000'000, {.origin = id.origin}), Code::LEDGER_MISMATCH);
  const NamedKeyPair stranger{.name = "node-b", .pair = pair_of('x')};
  EXPECT_EQ(code_at(sign_peer_request(request, stranger), 1'000'000'000, id),
            Code::SIGNATURE_INVALID);
  const NamedKeyPair renamed{.name = "node-a", .pair = pair_of('b')};
  EXPECT_EQ(code_at(sign_peer_request(request, renamed), 1'000'000'000, id),
            Code::SIGNATURE_INVALID);
  PeerRequest of_nobody = request;
  of_nobody.envelope.node = "nobody";
  EXPECT_EQ(code_at(sign_peer_request(of_nobody, key_), 1'000'000'000, id), Code::KEY_UNKNOWN);
  EXPECT_EQ(code_at("noise", 1'000'000'000, id), Code::NOTE_SYNTAX);
  EXPECT_EQ(note.substr(0, note.find("\n\n") + 1),
            "suyuan/peer-log/v2\nledger " + id.line() +
                "\nnode node-b\nto node-a\nfrom 7\nsize 9\nuntil 1000060000\n");
}

// Whoever got a request by a false address must not be able to ask the others with it.
TEST_F(LogSyncTest, ARequestIsWorthNothingAtAnotherNodeThanItNames) {
  const std::vector<NamedKey> nodes = {{.name = "node-b", .key = pair_of('b').key}};
  PeerRequest request{.envelope = {.ledger = small_ledger().id(), .node = "node-b", .to = "node-c",
                                   .until_ms = 1'000'060'000}};
  const PeerAsked asked{.ledger = small_ledger().id(), .self = "node-a", .nodes = nodes,
                        .now_ms = 1'000'000'000};
  const auto to_another = open_peer_request(sign_peer_request(request, key_), asked);
  ASSERT_FALSE(to_another);
  EXPECT_EQ(to_another.error().code, Code::LEDGER_MISMATCH);
  EXPECT_EQ(to_another.error().field, "to");
  request.envelope.to = "node-a";
  EXPECT_TRUE(open_peer_request(sign_peer_request(request, key_), asked));
  std::string old_form = sign_peer_request(request, key_);
  old_form.erase(old_form.find("to node-a\n"), std::string("to node-a\n").size());
  EXPECT_FALSE(open_peer_request(old_form, asked));
}

TEST_F(LogSyncTest, AnswersAreReadBackAndNothingElseIs) {
  const Bytes encoded = encode_peer_answer(part(1, 3));
  EXPECT_EQ(decode_peer_answer(encoded).value(), part(1, 3));
  for (size_t cut = 0; cut < encoded.size(); cut += 7) {
    EXPECT_FALSE(decode_peer_answer(BytesView(encoded).substr(0, cut))) << cut;
  }
  EXPECT_FALSE(decode_peer_answer(encoded + "x"));
}

}  // namespace
}  // namespace suyuan
