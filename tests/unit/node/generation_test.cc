// The reason why a log begins anew: heads of more than half of the nodes, each signed by its node,
// and all together by the founder.
#include "ledger/registry/rules_notice.h"
#include "ledger/store/store.h"
#include "tests/unit/node/generation_fixture.h"

namespace suyuan {
namespace {

class GenerationTest : public GenerationFixture {};

// Its bytes lay readable in etcd for months.
TEST_F(GenerationTest, AnEarlierOneIsNotTakenForTheOneThatNodesWaitFor) {
  const auto of_generation = [&](uint64_t position) {
    LogHead a = head('a', 5);
    LogHead c = head('c', 9);
    for (LogHead* one : {&a, &c}) one->generation.position = position;
    return judge_generation(evidence({a, c}), nodes_).value();
  };
  const Generation now = of_generation(3);
  LogHead own = head('b', 7);
  EXPECT_TRUE(is_new_for(now, own.generation, kNow));
  EXPECT_TRUE(is_new_for(of_generation(4), own.generation, kNow)) << "we missed one";
  EXPECT_FALSE(is_new_for(of_generation(2), own.generation, kNow))
      << "from before the one that we come from";
  EXPECT_TRUE(is_new_for(now, own.generation, kNow + kLogHeadHoldsMs)) << "clocks differ";
  EXPECT_FALSE(is_new_for(now, own.generation, kNow + 2 * kLogHeadHoldsMs)) << "of another time";
  own.generation = now.base.place;
  EXPECT_FALSE(is_new_for(now, own.generation, kNow)) << "the one that we come from";
}

TEST_F(GenerationTest, ItBeginsBehindTheHighestOfMoreThanHalfOfTheNodes) {
  const auto judged = judge_generation(evidence({head('a', 5), head('c', 9)}), nodes_);
  ASSERT_TRUE(judged) << to_text(judged.error());
  EXPECT_EQ(judged->founder, "node-c");
  EXPECT_EQ(judged->base.tree, head('c', 9).tree);
  EXPECT_EQ(judged->base.place.position, 18U);
  EXPECT_EQ(judged->before, head('c', 9).place);
  EXPECT_NE(judged->base.place.mark, judged->before.mark) << "groups of before never fit behind it";
}

TEST_F(GenerationTest, NoMajorityNoGeneration) {
  auto other_log = head('b', 9);
  other_log.log = "another";
  auto other_tree = head('b', 9);
  other_tree.tree.root = Hash{};
  const NamedKeyPair thief{.name = "node-b", .pair = pair_of('x')};
  const std::string a = note(head('a', 9));
  ASSERT_TRUE(judge_generation(
      encode_generation(18, {{.note = a}, {.note = note(head('b', 9))}}, by('a')), nodes_));
  const std::vector<std::vector<std::string>> refused = {
      {},
      {a},
      {a, a},
      {a, note(head('a', 5))},
      {a, sign_log_head(head('b', 9), thief)},
      {a, note(other_log)},
      {a, note(other_tree)},
      {a, "noise"}};
  for (const auto& notes : refused) {
    std::vector<ProvenHead> heads;
    for (const auto& one : notes) heads.push_back({.note = one});
    EXPECT_FALSE(judge_generation(encode_generation(18, heads, by('a')), nodes_)) << heads.size();
  }
  for (const Bytes& noise : {Bytes(), Bytes("\x01\x02"), Bytes("\x02\x02"), Bytes("noise")}) {
    EXPECT_FALSE(judge_generation(noise, nodes_));
  }
}

TEST_F(GenerationTest, OneThatHasBegunHoldsByTheNodesOfThenToo) {
  const Bytes evidence = this->evidence({head('a', 5), head('c', 9)});
  LogNodes now = nodes_;
  now.nodes[2].key = pair_of('d').key;
  const Genesis genesis{.nodes = now.nodes};
  EXPECT_EQ(judge_begun(evidence, now, genesis, source_).error().code, Code::SIGNATURE_INVALID);
  Overlay with_notice(source_);
  put_rules(with_notice, {.number = 1, .version = 1, .nodes = nodes_.nodes, .leaf = 3});
  put_rules(with_notice, {.number = 2, .version = 1, .nodes = now.nodes, .leaf = 9});  // behind it
  EXPECT_TRUE(judge_begun(evidence, now, genesis, with_notice));
  put_rules(with_notice, {.number = 2, .version = 1, .nodes = now.nodes, .leaf = 5});  // before it
  EXPECT_FALSE(judge_begun(evidence, now, genesis, with_notice)) << "they were no nodes any more";
}

TEST_F(GenerationTest, TheHighestBeginsAndLeavesOutWhoWentAnotherWay) {
  auto forked = head('b', 6);
  forked.tree.root = Hash{};
  const LogHead own = head('c', 9);
  const std::map<std::string, Bytes> shown = {{"node-a", note(head('a', 5))},
                                              {"node-b", note(forked)},
                                              {"node-c", note(own)},
                                              {"stranger", note(head('a', 5))}};
  const auto in_force = heads_in_force(shown, own, nodes_, kNow);
  EXPECT_EQ(in_force.size(), 3U);
  const auto heads = heads_below(in_force, own, source_);
  ASSERT_TRUE(heads);
  EXPECT_EQ(*heads, (std::vector<ProvenHead>{proven(head('a', 5), own), proven(own, own)}));
  const auto lower = heads_below(in_force, head('a', 5), source_);
  ASSERT_TRUE(lower);
  EXPECT_TRUE(lower->empty()) << "node-c is to begin";
  const auto without_own = heads_below({in_force[0]}, own, source_);
  ASSERT_TRUE(without_own);
  EXPECT_TRUE(without_own->empty()) << "its own head is not in etcd";
}

// Heads lie in etcd while nodes agree, so whoever writes there could choose a majority of them.
TEST_F(GenerationTest, OnlyTheHighestOfItsHeadsFoundsIt) {
  const LogHead a = head('a', 5);
  const LogHead c = head('c', 9);
  const std::vector<ProvenHead> heads = {proven(a, c), proven(c, c)};
  EXPECT_EQ(judged(encode_generation(18, heads, by('c'))), Code::BUSY) << "accepted";
  EXPECT_EQ(judged(encode_generation(18, heads, by('a'))), Code::SIGNATURE_INVALID);
  EXPECT_EQ(judged(encode_generation(18, heads, by('x'))), Code::SIGNATURE_INVALID);
  Bytes higher = encode_generation(18, heads, by('c'));
  higher[8] = 19;
  EXPECT_EQ(judged(higher), Code::SIGNATURE_INVALID);
  Bytes cut = encode_generation(18, heads, by('c'));
  for (size_t size = 0; size < cut.size(); size += 13) {
    EXPECT_NE(judged(cut.substr(0, size)), Code::BUSY) << size;
  }
  EXPECT_NE(judged(cut + "x"), Code::BUSY);
}

TEST_F(GenerationTest, EveryTreeInItIsTheBeginningOfItsFounders) {
  const LogHead c = head('c', 9);
  LogHead forked = head('a', 5);
  forked.tree.root = Hash{};
  EXPECT_EQ(judged(evidence({forked, c})), Code::CORRUPT);
  ProvenHead without_path = proven(head('a', 5), c);
  without_path.path.clear();
  EXPECT_EQ(judged(encode_generation(18, {without_path, proven(c, c)}, by('c'))), Code::CORRUPT);
  LogHead invented = c;  // a place and a tree that nobody else has
  invented.place.position = 9'999'999'999'999'999'998U;
  invented.tree.root = Hash{};
  EXPECT_EQ(judged(evidence({head('a', 5), invented})), Code::CORRUPT);
}

TEST_F(GenerationTest, OneThatNobodySignedIsOfAnEarlierProgram) {
  Bytes old("\x01\x01");
  const std::string one = note(head('a', 5));
  old += Bytes("\x00\x00", 2) + Bytes(1, static_cast<char>(one.size() >> 8)) +
         Bytes(1, static_cast<char>(one.size())) + one;
  const auto refused = judge_generation(old, nodes_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::CORRUPT);
  EXPECT_NE(refused.error().message.find("earlier program"), std::string::npos);
}

// Where nodes gave up a base that is lost, the next one is at a higher place all the same. No
// founder chooses the place: behind the highest that there is, no log could go on.
TEST_F(GenerationTest, ItsPlaceIsThatOfItsHighestHeadOrOnePastTheBaseBefore) {
  LogHead a = head('a', 5);
  LogHead c = head('c', 9);
  const auto at = [&](uint64_t position) {
    return judged(encode_generation(position, {proven(a, c), proven(c, c)}, by('c')));
  };
  EXPECT_EQ(at(18), Code::BUSY) << "accepted";
  for (const uint64_t other : {uint64_t{17}, uint64_t{19}, UINT64_MAX - 1, UINT64_MAX}) {
    EXPECT_EQ(at(other), Code::CORRUPT) << other;
  }
  for (LogHead* one : {&a, &c}) one->generation.position = 39;  // that they do not have
  EXPECT_EQ(at(40), Code::BUSY);
  EXPECT_EQ(at(18), Code::CORRUPT);
  EXPECT_EQ(judge_generation(encode_generation(40, {proven(a, c), proven(c, c)}, by('c')), nodes_)
                ->before,
            c.place);
}

TEST_F(GenerationTest, AHeadAtAnInventedPlaceNeitherCountsNorStopsOthers) {
  const LogHead own = head('c', 9);
  LogHead invented = own;
  invented.node = "node-a";
  invented.place.position = own.place.position + kGroupsApartMax + 1;
  EXPECT_EQ(judged(evidence({head('b', 5), invented})), Code::CORRUPT);
  const auto in_force = heads_in_force({{"node-a", note(invented)}, {"node-c", note(own)}}, own,
                                       nodes_, kNow);
  EXPECT_EQ(in_force.size(), 1U);
}

// Else the one that is to begin makes evidence that nobody takes, and ends.
TEST_F(GenerationTest, AnotherTreeAtTheFoundersPlaceIsLeftOut) {
  const LogHead own = head('a', 9);
  LogHead liar = head('c', 5);
  liar.place.position = own.place.position;
  const auto in_force = heads_in_force({{"node-a", note(own)}, {"node-b", note(head('b', 7))},
                                        {"node-c", note(liar)}}, own, nodes_, kNow);
  ASSERT_EQ(in_force.size(), 3U);
  const auto heads = heads_below(in_force, own, source_);
  ASSERT_TRUE(heads);
  EXPECT_EQ(heads->size(), 2U);
  EXPECT_EQ(judged(encode_generation(own.place.position, *heads, by('a'))), Code::BUSY);
}

// Heads of it lie in etcd for ever, and any node's key makes new evidence of them, at any place.
TEST_F(GenerationTest, OneOfHeadsFromBeforeIsNotAfterTheOneThatAStoreComesFrom) {
  const Generation old = judge_generation(evidence({head('a', 5), head('c', 9)}), nodes_).value();
  EXPECT_TRUE(is_after(old, {})) << "of a store that missed one";
  EXPECT_TRUE(is_after(old, head('a', 5).generation));
  EXPECT_FALSE(is_after(old, old.base.place));
  EXPECT_FALSE(is_after(old, {.position = 4}));
  EXPECT_FALSE(is_after(old, {.position = 3})) << "of another beginning at the same position";
}

// Whoever only waits for the founder, or for its disk, has not given up what only that node has.
TEST_F(GenerationTest, ABaseIsGivenUpOnlyByHeadsThatSaySo) {
  const OrderPlace base{.position = 40, .mark = Hash::from(Bytes(32, 'g'))};
  const auto begun = [&](const OrderPlace& from) {
    LogHead a = head('a', 5);
    LogHead c = head('c', 9);  // at group 18: it lacks the base
    for (LogHead* one : {&a, &c}) one->generation = from;
    return judge_generation(encode_generation(41, {proven(a, c), proven(c, c)}, by('c')), nodes_)
        .value();
  };
  EXPECT_FALSE(is_after(begun(base), base)) << "nobody said so";
  EXPECT_TRUE(is_after(begun(as_given_up(base)), base));
  EXPECT_FALSE(is_after(begun(as_given_up(as_given_up(base))), base));
  EXPECT_EQ(begun(as_given_up(base)).base.place.position, 41U);

  LogHead waits = head('a', 5);
  waits.generation = base;
  LogHead own = head('c', 9);
  own.generation = as_given_up(base);
  EXPECT_EQ(heads_in_force({{"node-a", note(waits)}, {"node-c", note(own)}}, own, nodes_, kNow)
                .size(),
            1U);
}

}  // namespace
}  // namespace suyuan
