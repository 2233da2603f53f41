// Blocks of postings: what is added is found, in both orders, however it was cut; and a damaged
// block is an error.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "node/epcis/posting_writer.h"
#include "node/epcis/spot_stream.h"

namespace suyuan::epcis {
namespace {

std::vector<Spot> decoded(const Spot& first, BytesView value) {
  std::vector<Spot> spots;
  return decode_block(first, value, spots) ? spots : std::vector<Spot>{};
}
Bytes encoded(const std::vector<Spot>& spots) {
  Bytes value;
  encode_block(spots, value);
  return value;
}
Spot spot_at(int64_t time_ms, uint64_t leaf, uint32_t event = 0) {
  return {.time_ms = time_ms, .place = {.leaf = leaf, .event = event}};
}

TEST(PostingBlock, ReadsWhatItWrote) {
  constexpr uint64_t kLastLeaf = (uint64_t{1} << 48) - 1;
  constexpr int64_t kFirstTime = std::numeric_limits<int64_t>::min();
  constexpr int64_t kLastTime = std::numeric_limits<int64_t>::max();
  const std::vector<std::vector<Spot>> blocks = {
      {spot_at(5, 1)},
      {spot_at(5, 1, 0), spot_at(5, 1, 1), spot_at(5, 1, 9), spot_at(5, 2), spot_at(6, 1)},
      {spot_at(kFirstTime, kLastLeaf, 0xFFFF), spot_at(kLastTime, 0),
       spot_at(kLastTime, kLastLeaf, 0xFFFF)}};
  for (const auto& block : blocks) EXPECT_EQ(decoded(block.front(), encoded(block)), block);
}

TEST(PostingBlock, NeighboursTakeTwoBytes) {
  std::vector<Spot> block;
  for (uint32_t i = 0; i < kBlockSpotsMax; ++i) block.push_back(spot_at(1000 + i, 7, i));
  EXPECT_EQ(encoded(block).size(), 2 * (kBlockSpotsMax - 1));
}

TEST(PostingBlock, ADamagedOneIsAnError) {
  const auto is_damaged = [](const Spot& first, const Bytes& value) {
    std::vector<Spot> spots;
    const auto read = decode_block(first, value, spots);
    return !read && read.error().code == Code::CORRUPT;
  };
  const Spot first = spot_at(5, 1);
  const Spot last_time = spot_at(std::numeric_limits<int64_t>::max(), 1);
  const Spot last_event = spot_at(5, 1, 0xFFFF);
  const Spot last_leaf = spot_at(5, (uint64_t{1} << 48) - 1);
  EXPECT_TRUE(is_damaged(first, "\x01"));                            // cut short
  EXPECT_TRUE(is_damaged(first, Bytes("\x81\x00\x00", 3)));          // a number too long
  EXPECT_TRUE(is_damaged(first, Bytes(11, '\xff')));                 // and without end
  EXPECT_TRUE(is_damaged(first, Bytes("\x00\x02", 2)));              // an earlier leaf
  EXPECT_TRUE(is_damaged(first, Bytes("\x00\x01\x00", 3)));          // the same spot
  EXPECT_TRUE(is_damaged(first, Bytes("\x00\x01\x01", 3)));          // the expected event, named
  EXPECT_TRUE(is_damaged(first, Bytes("\x00\x01\xff\xff\x7f", 5)));  // an event beyond its bound
  EXPECT_TRUE(is_damaged(last_event, Bytes("\x00\x00", 2)));
  EXPECT_TRUE(is_damaged(last_time, Bytes("\x01\x00", 2)));
  EXPECT_TRUE(is_damaged(last_leaf, Bytes("\x00\x04", 2)));
  EXPECT_TRUE(is_damaged(spot_at(5, 0), Bytes("\x01\x02", 2)));      // a leaf before the first
  Bytes many;
  for (size_t i = 1; i < kBlockSpotsMax; ++i) many += Bytes("\x01\x00", 2);
  EXPECT_FALSE(is_damaged(first, many));
  EXPECT_TRUE(is_damaged(first, many + Bytes("\x01\x00", 2)));
}

class PostingTest : public ::testing::Test {
 protected:
  PostingTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "suyuan-postings-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    store_ = open_side_store(folder_, {.can_be_remade = true}).value();
  }
  ~PostingTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static Bytes term(char c) { return Bytes(kTermBytes, c); }
  void add(const Bytes& to, std::vector<Spot> spots) {
    SideRows rows;
    ASSERT_TRUE(PostingWriter(*store_, rows).add(to, spots));
    ASSERT_TRUE(store_->write(rows));
  }
  // Spots with times from `from`, each in the next leaf.
  static std::vector<Spot> run(int64_t from, size_t count, int64_t step = 1) {
    std::vector<Spot> spots;
    for (size_t i = 0; i < count; ++i)
      spots.push_back(spot_at(from + static_cast<int64_t>(i) * step, 100 + i));
    return spots;
  }
  // The sizes of a term's blocks, checked not to overlap.
  std::vector<size_t> blocks(const Bytes& of) {
    std::vector<size_t> sizes;
    std::optional<Spot> last;
    EXPECT_TRUE(store_->scan("B" + of, "B" + of + Bytes(17, '\xff'), Direction::ascending,
                             [&](BytesView key, BytesView value) {
                               const auto first = spot_in(key, Postings::block, of);
                               EXPECT_TRUE(first);
                               EXPECT_TRUE(!last || *last < *first);
                               const auto spots = decoded(*first, value);
                               EXPECT_FALSE(spots.empty());
                               last = spots.back();
                               sizes.push_back(spots.size());
                               return true;
                             }));
    return sizes;
  }
  size_t loose(const Bytes& of) {
    size_t count = 0;
    EXPECT_TRUE(store_->scan("T" + of, "T" + of + Bytes(17, '\xff'), Direction::ascending,
                             [&](BytesView, BytesView) { return ++count > 0; }));
    return count;
  }
  std::vector<Spot> all(const std::vector<Bytes>& of, bool ascending) {
    constexpr Place kLast{.leaf = UINT64_MAX, .event = UINT32_MAX};
    SpotStream stream(*store_, of, ascending);
    stream.seek(ascending ? Spot{.time_ms = INT64_MIN, .place = {}}
                          : Spot{.time_ms = INT64_MAX, .place = kLast},
                true);
    std::vector<Spot> spots;
    while (const auto spot = stream.next().value()) spots.push_back(*spot);
    return spots;
  }

  std::string folder_;
  std::unique_ptr<SideStore> store_;
};

using Sizes = std::vector<size_t>;

TEST_F(PostingTest, FewAreLooseAndManyArePacked) {
  add(term('a'), run(0, kPackedSpotsMin - 1));
  EXPECT_EQ(loose(term('a')), kPackedSpotsMin - 1);
  EXPECT_EQ(blocks(term('a')), Sizes{});
  add(term('b'), run(0, kBlockSpotsMax + 100));
  EXPECT_EQ(loose(term('b')), 0U);
  EXPECT_EQ(blocks(term('b')), (Sizes{kBlockSpotsMax, 100}));
}

TEST_F(PostingTest, ASmallLastBlockIsFilledUp) {
  add(term('a'), run(0, 8));
  add(term('a'), run(1000, 8));
  add(term('a'), run(2000, 600));
  EXPECT_EQ(blocks(term('a')), (Sizes{512, 104}));
  add(term('a'), run(3000, 12));  // too few to write 104 again
  EXPECT_EQ(blocks(term('a')), (Sizes{512, 104, 12}));
  EXPECT_EQ(loose(term('a')), 0U);
}

TEST_F(PostingTest, ManyWithinABlockSplitItAndFewStayLoose) {
  add(term('a'), run(0, 512, 10));
  add(term('a'), run(1005, 8, 10));
  EXPECT_EQ(blocks(term('a')), Sizes{512});
  EXPECT_EQ(loose(term('a')), 8U);
  add(term('a'), run(5, 100, 10));
  EXPECT_EQ(blocks(term('a')), (Sizes{512, 100}));
  EXPECT_EQ(loose(term('a')), 8U);
  EXPECT_EQ(all({term('a')}, true).size(), 512U + 8U + 100U);
}

TEST_F(PostingTest, AddingAgainChangesNothing) {
  add(term('a'), run(0, 700));
  const auto before = blocks(term('a'));
  add(term('a'), run(0, 700));
  EXPECT_EQ(blocks(term('a')), before);
  const auto some = run(0, 700);
  add(term('a'), {some.begin() + 500, some.begin() + 505});
  EXPECT_EQ(blocks(term('a')), before);
  EXPECT_EQ(all({term('a')}, true), some);
}

TEST_F(PostingTest, OneAddReadsFewBlocks) {
  for (int64_t i = 0; i < 40; ++i) add(term('a'), run(10'000 * i, 512));
  std::vector<Spot> scattered;
  for (int64_t i = 0; i < 40; ++i) scattered.push_back(spot_at(10'000 * i + 5, 9));
  add(term('a'), scattered);
  EXPECT_EQ(loose(term('a')), 40U);
  EXPECT_EQ(all({term('a')}, false).size(), 40U * 513U);
}

TEST_F(PostingTest, ADamagedOrOverlappingBlockIsAnError) {
  const auto put = [&](const Spot& first, const Bytes& value) {
    Bytes key;
    make_posting_key(Postings::block, term('a'), first, key);
    SideRows rows;
    rows.put(key, value);
    ASSERT_TRUE(store_->write(rows));
  };
  const auto verdict = [&](bool ascending) {
    SpotStream stream(*store_, {term('a')}, ascending);
    stream.seek(spot_at(ascending ? 0 : 1'000'000, 0), true);
    for (;;) {
      const auto spot = stream.next();
      if (!spot) return spot.error().code;
      if (!*spot) return Code::IO;
    }
  };
  put(spot_at(10, 1), encoded(run(10, 20)));
  put(spot_at(25, 1), encoded(run(25, 20)));
  EXPECT_EQ(verdict(true), Code::CORRUPT);
  EXPECT_EQ(verdict(false), Code::CORRUPT);
  put(spot_at(25, 1), "\xff");
  EXPECT_EQ(verdict(true), Code::CORRUPT);
  EXPECT_EQ(verdict(false), Code::CORRUPT);
  SideRows rows;
  auto more = run(1000, 100);
  const auto added = PostingWriter(*store_, rows).add(term('a'), more);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Code::CORRUPT);
}

// A random history next to a set of spots for each term.
class PostingModelTest : public PostingTest, public ::testing::WithParamInterface<unsigned> {
 protected:
  using Model = std::map<Bytes, std::set<Spot>>;

  int64_t pick(int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(random_);
  }
  // Times grow, are equal, or go back; and some spots were added before.
  void grow(Model& model) {
    const size_t count = static_cast<size_t>(pick(0, 3) == 0 ? pick(1, 900) : pick(1, 40));
    const int64_t jitter = pick(0, 2) == 0 ? pick(0, 20'000) : pick(0, 30);
    const auto terms = pick(1, 4);
    std::map<Bytes, std::vector<Spot>> added;
    for (size_t i = 0; i < count; ++i) {
      now_ += pick(0, 3);
      leaf_ += static_cast<uint64_t>(pick(0, 1));
      const Spot spot = spot_at(now_ - pick(0, jitter), leaf_, static_cast<uint32_t>(pick(0, 300)));
      for (int64_t t = 0; t < terms; ++t) added[term(static_cast<char>('a' + t))].push_back(spot);
    }
    for (auto& [to, spots] : added) {
      auto& known = model[to];
      if (pick(0, 3) == 0 && !known.empty()) {
        const auto lost = pick(0, static_cast<int64_t>(std::min<size_t>(known.size(), 300)));
        auto at = known.end();
        for (int64_t i = 0; i < lost; ++i) spots.push_back(*--at);
      }
      known.insert(spots.begin(), spots.end());
      add(to, spots);
    }
  }
  void compare(const Model& model) {
    std::vector<Bytes> terms;
    std::set<Spot> all;
    for (const auto& [one, spots] : model) {
      if (pick(0, 1) == 0) continue;
      terms.push_back(one);
      all.insert(spots.begin(), spots.end());
    }
    const std::vector<Spot> sorted(all.begin(), all.end());
    const bool ascending = pick(0, 1) == 0;
    SpotStream stream(*store_, terms, ascending);
    for (int i = 0; i < 20; ++i) {
      Spot from = spot_at(pick(-100, now_ + 100), static_cast<uint64_t>(pick(0, 400)));
      if (!sorted.empty() && pick(0, 3) != 0)
        from = sorted[static_cast<size_t>(pick(0, static_cast<int64_t>(sorted.size()) - 1))];
      const bool at = pick(0, 1) == 0;
      stream.seek(from, at);
      auto next = at == ascending ? all.lower_bound(from) : all.upper_bound(from);
      for (int64_t steps = pick(0, 700); steps > 0; --steps) {
        const bool ended = next == (ascending ? all.end() : all.begin());
        const auto want = ended       ? std::nullopt
                          : ascending ? std::optional<Spot>(*next++)
                                      : std::optional<Spot>(*--next);
        ASSERT_EQ(stream.next().value(), want);
        if (ended) break;
      }
    }
  }

  std::mt19937 random_{GetParam()};
  int64_t now_ = 0;
  uint64_t leaf_ = 0;
};

TEST_P(PostingModelTest, AStreamGivesWhatWasAddedOnceInOrder) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Model model;
  for (int i = 0; i < 60 && !HasFatalFailure(); ++i) {
    grow(model);
    compare(model);
  }
  for (const auto& [one, spots] : model) {
    EXPECT_FALSE(blocks(one).empty());
    const std::vector<Spot> sorted(spots.begin(), spots.end());
    EXPECT_EQ(all({one}, true), sorted);
    EXPECT_EQ(all({one}, false), std::vector<Spot>(sorted.rbegin(), sorted.rend()));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, PostingModelTest, ::testing::Range(1U, 9U));

}  // namespace
}  // namespace suyuan::epcis
