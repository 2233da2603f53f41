// The publisher: the order of its steps, the same bytes after any restart, and what it keeps.
#include "node/pipeline/publisher.h"

#include <latch>

#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "ledger/proof/checkpoint.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan::testing {
namespace {

class Cosigner final : public Witnesses {
 public:
  std::string cosign(const CosignRequest& request) override {
    asked.push_back(request.checkpoint);
    if (while_asking) while_asking(request);
    return "\u2014 witness.example AAAA" + std::to_string(asked.size()) + "\n";
  }
  std::vector<std::string> asked;
  std::function<void(const CosignRequest&)> while_asking = {};
};

class PublisherTest : public SealedLedger {
 protected:
  NamedKeyPair log_key() const {
    return {.name = ledger.id().origin, .pair = key_from_seed(Hash{}.view())};
  }
  // A publisher that runs until its last step of one seal, as after a restart.
  void publish(Sealed sealed, const OnPublishStep& on_step = {}) {
    std::latch done(1);
    Publisher publisher(parts(on_step, [&done] { done.count_down(); }), watermark());
    ASSERT_TRUE(publisher.load(ledger.state()));
    publisher.start();
    publisher.publish(std::move(sealed));
    done.wait();
  }
  Publisher::Parts parts(const OnPublishStep& on_step, std::function<void()> then) {
    return {.store = ledger.store(),
            .published = published,
            .metrics = metrics,
            .clock = [] { return int64_t{5}; },
            .log_key = log_key(),
            .witnesses = witnesses,
            .on_published = [then](const Published&) { then(); },
            .on_fault = [this, then](const Error& error) {
              fault = error;
              then();
            },
            .on_step = on_step};
  }
  Watermark watermark() {
    const std::string path = folder / "watermark";
    auto opened = file_exists(path) ? Watermark::read(path) : Watermark::create(path);
    EXPECT_TRUE(opened) << to_text(opened.error());
    return *std::move(opened);
  }
  std::string stored(uint64_t size) {
    return find_checkpoint(ledger.state(), size).value().value_or("");
  }

  Metrics metrics;
  PublishedState published;
  Cosigner cosigner;
  Witnesses* witnesses = nullptr;
  std::optional<Error> fault;
};

// A replayer reads its leaves before it cosigns; nobody else learns of the checkpoint before.
TEST_F(PublisherTest, ShowsTheRowsOfATreeWhileItIsCosigned) {
  witnesses = &cosigner;
  grow();
  publish(seal());
  const uint64_t before = published.get()->size();
  EXPECT_EQ(published.signed_tree().size, before);
  grow();
  bool looked = false;
  cosigner.while_asking = [&](const CosignRequest& request) {
    looked = true;
    EXPECT_EQ(published.get()->size(), before);
    const SignedTree tree = published.signed_tree();
    EXPECT_EQ(tree.size, request.tree.size);
    const auto last = tree.state->get(Table::leaf, u64_key(tree.size - 1));
    EXPECT_TRUE(last && *last);
  };
  publish(seal());
  EXPECT_TRUE(looked);
  EXPECT_GT(published.get()->size(), before);
  EXPECT_EQ(published.signed_tree().size, published.get()->size());
}

TEST_F(PublisherTest, PublishesTheTreeOfTheSealUnderTheLogsName) {
  grow();
  const Sealed sealed = seal();
  EXPECT_EQ(published.get(), nullptr);
  publish(sealed);
  const auto newest = published.get();
  ASSERT_NE(newest, nullptr);
  EXPECT_EQ(newest->tree, (TreeHead{.size = sealed.head.leaves, .root = sealed.root}));
  EXPECT_EQ(newest->seal(), sealed.head.seal);
  EXPECT_EQ(newest->time_ms(), sealed.head.time_ms);
  EXPECT_EQ(newest->checkpoint, stored(newest->size()));
  const std::vector<NoteKey> log = {{.name = ledger.id().origin, .key = log_key().pair.key}};
  const auto note = open_note(newest->checkpoint, log);
  ASSERT_TRUE(note) << to_text(note.error());
  EXPECT_EQ(note->text, write_checkpoint({.origin = ledger.id().origin, .head = newest->tree}));
}

TEST_F(PublisherTest, ProvesEveryCodeAgainstTheSealsMap) {
  grow();
  publish(seal());
  const auto newest = published.get();
  const auto text = read_seal(*newest->state, ledger.id(), newest->seal()).value();
  const HeadRows rows(*newest->state);
  size_t codes = 0;
  ASSERT_TRUE(newest->state->scan(
      Table::head, {}, {}, Direction::ascending, [&](BytesView key, BytesView value) {
        const auto head = decode<ChainHead>(value).value();
        const MapEntry entry{.key = Hash::from(key), .count = head.count, .link = head.link};
        const auto answer = newest->map.prove(rows, entry.key);
        EXPECT_TRUE(answer && answer->entry == entry);
        EXPECT_TRUE(answer && proves_presence(text.map, entry, answer->proof));
        ++codes;
        return true;
      }));
  EXPECT_EQ(codes, text.chains);
}

TEST_F(PublisherTest, MarksBeforeItSignsAndStoresBeforeItServes) {
  const Sealed sealed = seal();
  std::vector<PublishStep> steps;
  publish(sealed, [&](PublishStep step) {
    steps.push_back(step);
    const bool marked = Watermark::read(folder / "watermark").value().mark()->tree.size != 0;
    EXPECT_EQ(marked, step >= PublishStep::marked);
    EXPECT_EQ(stored(sealed.head.leaves).empty(), step < PublishStep::stored);
    EXPECT_EQ(published.get() == nullptr, step < PublishStep::published);
  });
  EXPECT_EQ(steps.size(), 6U);
  EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end()));
}

TEST_F(PublisherTest, GivesTheWitnessesWordsToEverybody) {
  witnesses = &cosigner;
  publish(seal());
  ASSERT_EQ(cosigner.asked.size(), 1U);
  EXPECT_TRUE(published.get()->checkpoint.starts_with(cosigner.asked[0] +
                                                      "\u2014 witness.example AAAA1\n"));
}

TEST_F(PublisherTest, ServesAfterARestartTheBytesThatItServedBefore) {
  witnesses = &cosigner;
  const Sealed sealed = seal();
  publish(sealed);
  const std::string before = published.get()->checkpoint;
  published.set(nullptr);
  Publisher publisher(parts({}, [] {}), watermark());
  ASSERT_TRUE(publisher.load(ledger.state()));
  Sealed again = sealed;
  again.state = ledger.store().snapshot();
  const auto restored = publisher.restore(again);
  ASSERT_TRUE(restored && *restored);
  EXPECT_EQ(published.get()->checkpoint, before);
  EXPECT_EQ(cosigner.asked.size(), 1U);
}

TEST_F(PublisherTest, DoesNotServeAStoredCheckpointOfAnotherTree) {
  Sealed sealed = seal();
  publish(sealed);
  sealed.state = ledger.store().snapshot();
  sealed.root = sha256("another tree");
  Publisher publisher(parts({}, [] {}), watermark());
  ASSERT_TRUE(publisher.load(ledger.state()));
  const auto restored = publisher.restore(sealed);
  ASSERT_FALSE(restored);
  EXPECT_EQ(info(restored.error().code).name, "CORRUPT");
}

TEST_F(PublisherTest, SignsNoSecondRootForASize) {
  Sealed sealed = seal();
  publish(sealed);
  const std::string before = stored(sealed.head.leaves);
  sealed.root = sha256("another tree");
  publish(sealed);
  ASSERT_TRUE(fault);
  EXPECT_EQ(info(fault->code).name, "CORRUPT");
  EXPECT_EQ(stored(sealed.head.leaves), before);
}

TEST_F(PublisherTest, KeepsTheNewestCheckpoints) {
  Changes many;
  for (uint64_t size = 1; size <= limits::kCheckpointsKept; ++size) {
    // Sizes that the log will have: as if it had been sealed so often.
    many.push_back({.table = Table::checkpoint, .key = u64_key(size - 1), .value = "note"});
  }
  for (int i = 0; i < 3; ++i) grow();
  Sealed sealed = seal();
  sealed.head.leaves = limits::kCheckpointsKept + 7;
  ASSERT_TRUE(ledger.store().commit(many));
  publish(sealed);
  const auto sizes = checkpoint_sizes(ledger.state()).value();
  ASSERT_EQ(sizes.size(), limits::kCheckpointsKept);
  EXPECT_EQ(sizes.front(), 1U);
  EXPECT_EQ(sizes.back(), sealed.head.leaves);
}

TEST_F(SealedLedger, AMapIsTheSameFoldedAsMadeAnew) {
  MapKeeper keeper(build_map(ledger.state(), 1).value());
  for (int i = 0; i < 5; ++i) {
    const auto applied = ledger.apply_group({ledger.batch(
        "maker", {commission("08:00", {"sgtin:09521104301011:T" + std::to_string(i)})})});
    keeper.mark(applied.changes);
    if (i % 2 == 0) {
      ASSERT_TRUE(keeper.fold(ledger.state()));
    }
  }
  ASSERT_TRUE(keeper.fold(ledger.state()));
  EXPECT_EQ(keeper.marked(), 0U);
  EXPECT_EQ(keeper.map().root(), build_map(ledger.state(), 2).value().root());
  EXPECT_EQ(keeper.map().size(), ledger.head().chains);
}

TEST_F(SealedLedger, AMapIsTheSameWhenMostOfItIsFoldedAhead) {
  MapKeeper keeper(build_map(ledger.state(), 1).value());
  size_t marked = 0;
  for (int group = 0; group < 24; ++group) {
    std::vector<std::string> units;
    for (int i = 0; i < 500; ++i) {
      units.push_back("sgtin:09521104301011:A" + std::to_string(group) + "x" + std::to_string(i));
    }
    const auto applied = ledger.apply_group({ledger.batch("maker", {commission("08:00", units)})});
    keeper.mark(applied.changes);
    keeper.fold_ahead(ledger.store());
    marked = std::max(marked, keeper.marked());
  }
  EXPECT_GT(marked, 4'096U);  // what is being folded still counts
  ASSERT_TRUE(keeper.fold(ledger.state()));
  EXPECT_EQ(keeper.marked(), 0U);
  EXPECT_EQ(keeper.map().size(), ledger.head().chains);
  EXPECT_EQ(keeper.map().root(), build_map(ledger.state(), 2).value().root());
}

}  // namespace
}  // namespace suyuan::testing
