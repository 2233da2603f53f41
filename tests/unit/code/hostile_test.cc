// Whatever bytes come: no crash, and what is accepted is canonical for good.
#include <gtest/gtest.h>

#include <random>

#include "ledger/base/limits.h"
#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

constexpr std::string_view kSeeds[] = {
    "https://trace.example/01/09521104301011/22/2A/10/L2606A/21/3BGEJEE2QM52?17=280602#x",
    "https://id.gs1.org/414/9521206000003/254/a%2Fb",
    "(01)09521104301011(10)A\\(1)(21)3BGEJEE2QM52",
    "]d2010952110430101110L2606A\x1d" "213BGEJEE2QM52",
    "urn:epc:id:sgtin:9521104.030101.a%2Fb.c",
    "urn:epc:idpat:itip:9521104.030101.01.02.*",
    "urn:epc:id:bic:ZZZU2606178",
    "urn:epc:id:adi:W81X9C.3KL984PX1.%23A%2F1",
    "urn:x-suyuan:order:9521206000003:KP20260803000017",
    "urn:epcglobal:cbv:bt:0614141111114:PO%2f77",
    "HTTPS://User.Example:443/%7euser/./a/../b%c3%a9?q=%2f",
    "http://[2001:db8::1]:8080/a/./../%2e%2e/b//",
    "urn:suyuan:party:cn-op",
    "09521104301011",
    "]E09521104301011",
    "]Q1https://trace.example/01/09521104301011*",
    "urn:epc:idpat:sgtin:9521104.*.*",
    "(417)9521206000003(7040)1ABC(3922)0299",
};
// Characters that mean something to one of the forms, and a few that mean nothing to any.
constexpr std::string_view kBytes = "0123456789/%.:()[]@?#&=+-_~*\\]\x1d aZ\x7f\xff\x01|^\"<";

std::string mutate(std::string text, std::mt19937_64& random) {
  const auto below = [&](size_t bound) { return static_cast<size_t>(random() % bound); };
  for (size_t edits = 1 + below(4); edits > 0; --edits) {
    const size_t at = below(text.size() + 1);
    const char byte = kBytes[below(kBytes.size())];
    switch (below(5)) {
      case 0: text.insert(at, 1, byte); break;
      case 1: text.erase(at, 1 + below(3)); break;
      case 2: if (at < text.size()) text[at] = byte; break;
      case 3: text.resize(at); break;
      default: text.insert(at, kSeeds[below(std::size(kSeeds))].substr(0, below(24))); break;
    }
  }
  return text;
}

// Every promise that holds for any text at all.
void expect_sound(const std::string& sent) {
  const auto code = parse_code(sent);
  if (!code) {
    EXPECT_FALSE(code.error().message.empty());
    EXPECT_TRUE(info(code.error().code).refusal);
    EXPECT_FALSE(check_canonical(sent)) << sent;
    return;
  }
  const auto again = parse_code(code->text());
  ASSERT_TRUE(again) << sent << " -> " << code->text() << ": " << again.error().message;
  EXPECT_EQ(again->text(), code->text()) << sent;
  test::expect_same_parts(*again, *code);
  EXPECT_EQ(check_canonical(sent).has_value(), sent == code->text()) << sent;
  EXPECT_LE(code->text().size(), limits::kCodeBytesMax);
  EXPECT_FALSE(is_registry_code(code->text()));
  for (const auto& parent : code->parents()) {
    EXPECT_TRUE(check_canonical(parent)) << sent << " -> parent " << parent;
  }
}

TEST(HostileCodes, MutatedCodesAreRefusedOrHaveOneCanonicalForm) {
  constexpr uint64_t kSeed = 20260602;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  for (int round = 0; round < 25'000 && !testing::Test::HasFatalFailure(); ++round) {
    expect_sound(mutate(std::string(kSeeds[random() % std::size(kSeeds)]), random));
  }
}

TEST(HostileCodes, RandomBytesAreRefusedOrHaveOneCanonicalForm) {
  constexpr uint64_t kSeed = 20260831;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  for (int round = 0; round < 10'000 && !testing::Test::HasFatalFailure(); ++round) {
    std::string bytes(random() % 80, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    expect_sound(bytes);
  }
}

TEST(HostileCodes, EveryPrefixOfACodeIsSafeToRead) {
  for (const auto seed : kSeeds) {
    for (size_t size = 0; size <= seed.size(); ++size) {
      expect_sound(std::string(seed.substr(0, size)));
    }
  }
}

TEST(HostileCodes, LongRepetitionsAreRefusedInOneGo) {
  for (const auto* piece : {"/", "/01", "%2F", "(01)1", "..", "/..", "]d2", "1", "[", "\\("}) {
    std::string text = "https://h";
    for (int i = 0; i < 700; ++i) text += piece;
    expect_sound(text);
    expect_sound(text.substr(9));
  }
}

}  // namespace
}  // namespace suyuan
