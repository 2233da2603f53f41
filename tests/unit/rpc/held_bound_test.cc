// The answers of one call fit in one message, whatever the newest checkpoint has under it.
#include "node/rpc/held_bound.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

// As much of a checkpoint and a path as `bytes`.
Held held_of(size_t bytes) {
  constexpr size_t kPath = 20;
  return {.nodes = {"node-1", "node-2"},
          .of = 3,
          .checkpoint = std::string(bytes - kPath * Hash::kSize, 'c'),
          .path = std::vector<Hash>(kPath)};
}

TEST(HeldBound, LeavesAnswersWholeUpToTheBound) {
  HeldBound bound;
  for (int i = 0; i < 4; ++i) {
    Held held = held_of(kHeldBytesOfCallMax / 4);
    bound.count(held);
    EXPECT_EQ(held, held_of(kHeldBytesOfCallMax / 4)) << i;
  }
}

TEST(HeldBound, OfTheRestOnlyTheReceiptsOwnNodeIsLeft) {
  HeldBound bound;
  Held all = held_of(kHeldBytesOfCallMax);
  bound.count(all);
  Held one_more = held_of(1 << 10);
  bound.count(one_more);
  EXPECT_EQ(one_more, (Held{.nodes = {"node-1"}, .of = 3}));
  EXPECT_LT(one_more.checkpoint.capacity(), 64U) << "the memory is given back";
}

TEST(HeldBound, AnAnswerWithoutACheckpointStaysAsItIs) {
  HeldBound bound;
  Held all = held_of(kHeldBytesOfCallMax);
  bound.count(all);
  Held young{.nodes = {"node-1"}, .of = 3};
  bound.count(young);
  EXPECT_EQ(young, (Held{.nodes = {"node-1"}, .of = 3}));
}

TEST(HeldBound, IsOfOneCallAlone) {
  for (int call = 0; call < 2; ++call) {
    HeldBound bound;
    Held all = held_of(kHeldBytesOfCallMax);
    bound.count(all);
    EXPECT_EQ(all, held_of(kHeldBytesOfCallMax));
  }
}

}  // namespace
}  // namespace suyuan
