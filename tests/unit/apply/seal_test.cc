// The seal: its frozen bytes, what a group of one seal changes, and what is no seal of this ledger.
#include "ledger/apply/seal.h"

#include <set>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/right_edge.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/tree.h"
#include "tests/support/vectors.h"
#include "tests/unit/apply/world.h"

namespace suyuan::testing {
namespace {

SealText seal_of(const boost::json::value& from) {
  const std::string line = text_of(from.at("ledger"));
  const size_t space = line.find(' ');
  SealText seal{.ledger = {.origin = line.substr(0, space),
                           .genesis = fixed_from_base64<Hash>(line.substr(space + 1)).value()},
                .leaves = from.at("leaves").to_number<uint64_t>(),
                .events = from.at("events").to_number<uint64_t>(),
                .chains = from.at("chains").to_number<uint64_t>(),
                .map = hex_of<Hash>(from.at("map"))};
  const auto& previous = from.at("previous");
  if (!previous.is_null()) seal.previous = previous.to_number<uint64_t>();
  return seal;
}

TEST(SealVectors, AreWrittenAndReadToTheByte) {
  const auto file = own_vectors("seals.json");
  for (const auto& one : file.at("seals").as_array()) {
    SCOPED_TRACE(text_of(one.at("name")));
    const SealText seal = seal_of(one);
    EXPECT_EQ(write_seal(seal), text_of(one.at("text")));
    EXPECT_EQ(parse_seal(text_of(one.at("text"))).value(), seal);
    EXPECT_EQ(write_leaf(LeafKind::seal, one.at("time_ms").to_number<int64_t>(), write_seal(seal)),
              text_of(one.at("leaf_data")));
  }
}

TEST(SealVectors, TextsThatBreakARuleAreRefused) {
  const auto file = own_vectors("seals.json");
  for (const auto& one : file.at("refused").as_array()) {
    const auto seal = parse_seal(text_of(one.at("text")));
    ASSERT_FALSE(seal) << text_of(one.at("name"));
    EXPECT_EQ(info(seal.error().code).name, "NOTE_SYNTAX") << text_of(one.at("name"));
  }
}

class Seal : public World {
 protected:
  Seal() { ledger.accept("maker", commission("08:00", {can(1), can(2)})); }

  Result<Applied> try_seal(const Hash& map, int64_t time_ms) const {
    return apply_seal(ledger.state(), ledger.head().position + 1, time_ms, map);
  }
  Applied seal(const Hash& map, int64_t time_ms = 0) {
    auto applied = try_seal(map, time_ms);
    EXPECT_TRUE(applied) << to_text(applied.error());
    EXPECT_TRUE(ledger.store().commit(applied->changes));
    return *std::move(applied);
  }
};

TEST_F(Seal, CountsAllThatIsBeforeItAndNothingElseChanges) {
  const LedgerHead before = ledger.head();
  const auto rows_before = rows(ledger.state());
  const Hash map = sha256("map");
  const Applied applied = seal(map, before.time_ms + 7);
  EXPECT_TRUE(applied.grown);
  EXPECT_TRUE(applied.verdicts.empty());
  EXPECT_EQ(applied.head, ledger.head());
  EXPECT_EQ(applied.head.leaves, before.leaves + 1);
  EXPECT_EQ(applied.head.seal, before.leaves);
  EXPECT_EQ(applied.head.time_ms, before.time_ms + 7);
  EXPECT_EQ(applied.head.events, before.events);
  const auto read = read_seal(ledger.state(), ledger.id(), before.leaves);
  ASSERT_TRUE(read) << to_text(read.error());
  EXPECT_EQ(*read, (SealText{.ledger = ledger.id(), .leaves = before.leaves,
                             .events = before.events, .chains = before.chains, .map = map}));
  std::set<Table> changed;
  for (const auto& [key, value] : rows(ledger.state())) {
    const auto found = rows_before.find(key);
    if (found == rows_before.end() || found->second != value) changed.insert(key.first);
  }
  EXPECT_EQ(changed, (std::set<Table>{Table::meta, Table::leaf, Table::tree}));
}

TEST_F(Seal, HasTheRootOfTheWholeTree) {
  const Applied applied = seal(sha256("map"));
  std::vector<Hash> leaves;
  for (uint64_t i = 0; i < applied.head.leaves; ++i) {
    leaves.push_back(leaf_hash(ledger.state().get(Table::leaf, u64_key(i)).value().value()));
  }
  EXPECT_EQ(applied.root, tree_hash(leaves));
}

TEST_F(Seal, NamesTheSealBefore) {
  const uint64_t first = seal(sha256("map")).head.seal;
  ledger.accept("carrier", observe("09:00", "arriving", {can(1)}));
  const uint64_t second = seal(sha256("another map")).head.seal;
  EXPECT_EQ(read_seal(ledger.state(), ledger.id(), second).value().previous, first);
}

TEST_F(Seal, IsNoEarlierThanTheLeafBefore) {
  const int64_t before = ledger.head().time_ms;
  EXPECT_EQ(seal(sha256("map"), before - 1000).head.time_ms, before);
}

TEST_F(Seal, OfAMapThatCannotBeIsNotMade) {
  const auto none = try_seal(empty_root(), 0);
  ASSERT_FALSE(none);
  EXPECT_EQ(info(none.error().code).name, "CORRUPT");
}

TEST_F(Seal, LeavesARightEdgeThatFits) {
  const auto with_receipt = [this] {  // which the node writes with a group
    const Bytes size = u64_key(ledger.head().leaves);
    EXPECT_TRUE(ledger.store().commit({{Table::receipt, size, "receipt"}}));
  };
  with_receipt();
  seal(sha256("map"));
  auto done = check_right_edge(ledger.state());
  EXPECT_TRUE(done) << to_text(done.error());
  seal(sha256("map"));
  ledger.accept("carrier", observe("09:00", "arriving", {can(1)}));
  with_receipt();
  done = check_right_edge(ledger.state());
  EXPECT_TRUE(done) << to_text(done.error());
}

TEST_F(Seal, OfTheRightEdgeMustBeTheOneThatTheHeadNames) {
  seal(sha256("map"));
  LedgerHead head = ledger.head();
  const auto damaged = [&](std::string_view what) {
    ASSERT_TRUE(ledger.store().commit({{Table::meta, Bytes(kLedgerKey), encode(head)}}));
    const auto done = check_right_edge(ledger.state());
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find(what), std::string::npos) << to_text(done.error());
  };
  head.seal = 0;
  damaged("a seal that the head ignores");
  head.seal = 1;
  damaged("it is a leaf of another kind");
  head.seal = head.leaves;
  damaged("beyond the last leaf");
  head.seal = head.leaves - 1;
  ++head.events;
  damaged("counts other events");
}

TEST_F(Seal, OfAnotherLedgerIsNotRead) {
  const uint64_t leaf = seal(sha256("map")).head.seal;
  const auto other = read_seal(ledger.state(), {.origin = "other.example", .genesis = {}}, leaf);
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("another ledger"), std::string::npos);
}

}  // namespace
}  // namespace suyuan::testing
