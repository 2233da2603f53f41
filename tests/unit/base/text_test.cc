#include "ledger/base/text.h"

#include <gtest/gtest.h>

#include <random>

namespace suyuan {
namespace {

Bytes random_bytes(std::mt19937_64& random, size_t size) {
  Bytes bytes;
  for (size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(random()));
  return bytes;
}

TEST(Base64, WritesTheVectorsOfRfc4648) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foo"), "Zm9v");
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(to_base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64("\xFB\xFF\xBF"), "+/+/");
}

TEST(Base64, ReadsWhatItWrote) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (size_t size = 0; size < 200; ++size) {
    const Bytes bytes = random_bytes(random, size);
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  }
}

TEST(Base64, RefusesEverythingElse) {
  for (const auto* text : {"Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Z===", "=Zg=", "Zg==Zg==",
                           "Zm9v====", "Z=g=", "Zg==\n", " Zg==", "Zm 9v", "Zm9v\n", "+_+/",
                           "-/+/"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Base64, RefusesASecondTextForTheSameBytes) {
  EXPECT_FALSE(from_base64("Zh=="));
  EXPECT_FALSE(from_base64("Zm9="));
  // Every text of four letters that is taken is the one that is written.
  constexpr std::string_view kSome = "AZaz09+/=BQgw";
  size_t taken = 0;
  std::string text(4, 'A');
  for (size_t n = 0; n < kSome.size() * kSome.size() * kSome.size() * kSome.size(); ++n) {
    size_t rest = n;
    for (char& letter : text) {
      letter = kSome[rest % kSome.size()];
      rest /= kSome.size();
    }
    const auto bytes = from_base64(text);
    if (!bytes) continue;
    ++taken;
    EXPECT_EQ(to_base64(*bytes), text);
  }
  EXPECT_GT(taken, 10'000U);
}

TEST(Hex, WritesLowerCaseAndReadsItBack) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_EQ(to_hex("\x09\xAF"), "09af");
  EXPECT_EQ(from_hex(to_hex(all)), all);
  EXPECT_EQ(from_hex(""), Bytes());
}

TEST(Hex, RefusesEverythingElse) {
  for (const auto* text : {"0", "000", "0A", "g0", "0x", " 00", "00 ", "0\xC3"}) {
    EXPECT_FALSE(from_hex(text)) << text;
  }
}

TEST(Fixed, IsReadOnlyAtItsOwnLength) {
  const Nonce nonce = Nonce::from("0123456789abcdef");
  EXPECT_EQ(fixed_from_hex<Nonce>(to_hex(nonce.view())), nonce);
  EXPECT_EQ(fixed_from_base64<Nonce>(to_base64(nonce.view())), nonce);
  EXPECT_FALSE(fixed_from_hex<Nonce>(to_hex("0123456789abcde")));
  EXPECT_FALSE(fixed_from_base64<Nonce>(to_base64("0123456789abcdef0")));
}

TEST(DecimalNumber, IsReadInItsOneForm) {
  EXPECT_EQ(from_decimal("0"), 0U);
  EXPECT_EQ(from_decimal("10"), 10U);
  EXPECT_EQ(from_decimal("9999999999999999999"), 9'999'999'999'999'999'999U);
  for (const auto* text : {"", "00", "01", "+1", "-1", "1 ", " 1", "1.0", "0x1", "1a",
                           "10000000000000000000", "18446744073709551615"}) {
    EXPECT_FALSE(from_decimal(text)) << text;
  }
}

TEST(Utf8, TakesEveryPlane) {
  for (const auto* text : {"", "plain", "溯源", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
                           "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80",
                           "\xF4\x8F\xBF\xBF", "🥛"}) {
    EXPECT_TRUE(is_clean_utf8(text)) << text;
  }
}

TEST(Utf8, RefusesNulWhereverItStands) {
  EXPECT_FALSE(is_clean_utf8(std::string_view("\0", 1)));
  EXPECT_FALSE(is_clean_utf8(std::string_view("a\0b", 3)));
}

TEST(Utf8, RefusesWhatIsNotUtf8) {
  for (const auto* text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFF", "\xC2", "\xC2 ", "\xE6\xBA", "\xE6\xBA ", "\xF0\x9F\xA5",
        "a\xE6", "\xC3\xA9\xA9"}) {
    EXPECT_FALSE(is_clean_utf8(text)) << to_hex(text);
  }
}

TEST(Utf8, NeverReadsBeyondTheEnd) {
  // A view that ends inside a character, with the rest of it right behind.
  EXPECT_FALSE(is_clean_utf8(std::string_view("溯源").substr(0, 4)));
}

TEST(AsciiGraphic, IsOneToAnyPrintableCharactersWithoutSpace) {
  EXPECT_TRUE(is_ascii_graphic("!~aZ09"));
  for (const auto* text : {"", "a b", "\x1F", "\x7F", "é", "a\n"}) {
    EXPECT_FALSE(is_ascii_graphic(text)) << text;
  }
}

TEST(Quote, ShowsOutsideTextSafely) {
  EXPECT_EQ(quote("a b"), "'a b'");
  EXPECT_EQ(quote("a\n\x1B[31m"), "'a\\x0a\\x1b[31m'");
  EXPECT_EQ(quote(std::string(64, 'a')), "'" + std::string(64, 'a') + "'");
  EXPECT_EQ(quote(std::string(65, 'a')), "'" + std::string(64, 'a') + "...'");
}

TEST(Quoted, LetsNoControlCharacterThrough) {
  EXPECT_EQ(quoted("溯源"), "\"溯源\"");
  EXPECT_EQ(quoted("a\x1b[2J"), "\"a?[2J\"");
  EXPECT_EQ(quoted("a\xC2\x9B" "2J"), "\"a??2J\"");            // CSI in one character
  EXPECT_EQ(quoted("a\xE2\x80\xAE" "txt"), "\"a???txt\"");    // right to left override
}

TEST(Split, GivesOnePartMoreThanSeparators) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split("", ','), Parts{""});
  EXPECT_EQ(split("a", ','), Parts{"a"});
  EXPECT_EQ(split("a,,b,", ','), (Parts{"a", "", "b", ""}));
}

}  // namespace
}  // namespace suyuan
