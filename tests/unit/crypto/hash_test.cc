#include "ledger/crypto/hash.h"

#include <gtest/gtest.h>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

std::string hex(const Hash& hash) { return to_hex(hash.view()); }

TEST(Sha256, GivesTheHashesOfFips180) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(Bytes(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, ForgetsWhereThePartsMet) {
  const Bytes whole(300, 'x');
  for (size_t cut = 0; cut <= whole.size(); ++cut) {
    const auto left = BytesView(whole).substr(0, cut);
    const auto right = BytesView(whole).substr(cut);
    EXPECT_EQ(sha256({left, right}), sha256(whole)) << cut;
  }
}

TEST(Sha256, StreamsRunSideBySide) {
  Sha256 a;
  Sha256 b;
  a.update("a");
  b.update("b");
  a.update(uint8_t{'a'});
  b.update(uint8_t{'b'});
  EXPECT_EQ(a.finish(), sha256("aa"));
  EXPECT_EQ(b.finish(), sha256("bb"));
}

TEST(Sha256, ACopyGoesOnFromTheSamePlace) {
  Sha256 common;
  common.update(Bytes(100, 'x'));
  Sha256 other = common;
  common.update("1");
  other.update("2");
  EXPECT_EQ(common.finish(), sha256(Bytes(100, 'x') + "1"));
  EXPECT_EQ(other.finish(), sha256(Bytes(100, 'x') + "2"));
}

TEST(DomainHash, PutsTheTagFirst) {
  EXPECT_EQ(domain_hash("suyuan/code/v1\n", {"https://id.gs1.org/", "01/1"}),
            sha256("suyuan/code/v1\nhttps://id.gs1.org/01/1"));
  EXPECT_NE(domain_hash("suyuan/code/v1\n", {"x"}), domain_hash("suyuan/payload/v1\n", {"x"}));
}

}  // namespace
}  // namespace suyuan
