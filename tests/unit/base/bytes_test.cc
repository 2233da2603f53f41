#include "ledger/base/bytes.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

TEST(Fixed, StartsAsZeros) { EXPECT_EQ(Hash{}.bytes(), Bytes(32, '\0')); }

TEST(Fixed, KeepsTheBytesItWasMadeFrom) {
  const Bytes bytes = "0123456789abcdef";
  EXPECT_EQ(Nonce::from(bytes).view(), bytes);
}

TEST(Fixed, SortsAsItsBytesDo) {
  EXPECT_LT(Nonce::from("0123456789abcde\x7F"), Nonce::from("0123456789abcde\x80"));
  EXPECT_EQ(Nonce::from("0123456789abcdef"), Nonce::from("0123456789abcdef"));
}

TEST(FixedDeathTest, IsNotMadeFromAnotherLength) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(Nonce::from("0123456789abcde"), "broken invariant");
}

}  // namespace
}  // namespace suyuan
