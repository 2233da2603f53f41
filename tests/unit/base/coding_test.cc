#include "ledger/base/coding.h"

#include <gtest/gtest.h>

#include <limits>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

TEST(Coding, WritesBigEndian) {
  Bytes out;
  put_u8(out, 0x01);
  put_u16(out, 0x0203);
  put_u32(out, 0x04050607);
  put_u64(out, 0x08090A0B0C0D0E0F);
  EXPECT_EQ(to_hex(out), "0102030405060708090a0b0c0d0e0f");
}

TEST(Coding, ReadsWhatItWrote) {
  Bytes out;
  put_u8(out, 0xFF);
  put_u16(out, 0xFFFE);
  put_u32(out, 0xFFFFFFFD);
  put_u64(out, 0xFFFFFFFFFFFFFFFC);
  put_i64(out, -5);
  put_string(out, BytesView("a\0b", 3));
  out += Nonce::from("0123456789abcdef").view();
  uint8_t u8 = 0;
  uint16_t u16 = 0;
  uint32_t u32 = 0;
  uint64_t u64 = 0;
  int64_t i64 = 0;
  Bytes string;
  Nonce nonce;
  Decoder in(out);
  ASSERT_TRUE(in.get_u8(u8) && in.get_u16(u16) && in.get_u32(u32) && in.get_u64(u64) &&
              in.get_i64(i64) && in.get_string(string) && in.get_fixed(nonce));
  EXPECT_TRUE(in.done());
  EXPECT_EQ(u8, 0xFF);
  EXPECT_EQ(u16, 0xFFFE);
  EXPECT_EQ(u32, 0xFFFFFFFD);
  EXPECT_EQ(u64, 0xFFFFFFFFFFFFFFFC);
  EXPECT_EQ(i64, -5);
  EXPECT_EQ(string, Bytes("a\0b", 3));
  EXPECT_EQ(nonce.view(), "0123456789abcdef");
}

TEST(Coding, SignedNumbersSortAsTheirBytes) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  Bytes before;
  for (const int64_t number : {kLeast, kLeast + 1, int64_t{-1}, int64_t{0}, int64_t{1}, kMost}) {
    Bytes bytes;
    put_i64(bytes, number);
    EXPECT_LT(before, bytes) << number;
    int64_t read = 0;
    EXPECT_TRUE(Decoder(bytes).get_i64(read));
    EXPECT_EQ(read, number);
    before = bytes;
  }
}

TEST(Decoder, LeavesTheRestAloneWhereItIsTooShort) {
  Decoder in("abc");
  uint32_t u32 = 7;
  uint64_t u64 = 7;
  int64_t i64 = 7;
  Nonce nonce;
  EXPECT_FALSE(in.get_u32(u32) || in.get_u64(u64) || in.get_i64(i64) || in.get_fixed(nonce));
  EXPECT_EQ(in.rest(), "abc");
  EXPECT_EQ(u32, 7U);
  uint16_t u16 = 0;
  EXPECT_TRUE(in.get_u16(u16));
  EXPECT_FALSE(in.get_u16(u16));
  EXPECT_EQ(in.rest(), "c");
}

TEST(Decoder, RefusesAStringLongerThanTheRest) {
  for (const uint32_t length : {4U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    Bytes bytes;
    put_u32(bytes, length);
    bytes += "abc";
    Decoder in(bytes);
    Bytes string;
    BytesView view;
    EXPECT_FALSE(in.get_string(string) || in.get_view(view)) << length;
    EXPECT_EQ(in.rest(), bytes);
  }
}

TEST(Decoder, AnEmptyInputIsDone) {
  Decoder in({});
  uint8_t byte = 0;
  EXPECT_TRUE(in.done());
  EXPECT_FALSE(in.get_u8(byte));
}

}  // namespace
}  // namespace suyuan
