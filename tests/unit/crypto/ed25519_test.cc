#include "ledger/crypto/ed25519.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <type_traits>

#include "tests/support/vectors.h"

namespace suyuan {
namespace {

using testing::hex_of;
using testing::own_vectors;
using testing::text_of;

struct Rfc8032 {
  std::string_view seed, key, message, signature;
};

// RFC 8032 7.1, tests 1 to 3.
constexpr Rfc8032 kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(Ed25519, GivesTheKeysAndSignaturesOfRfc8032) {
  for (const auto& one : kRfc8032) {
    const KeyPair pair = key_from_seed(from_hex(one.seed).value());
    const Bytes message = from_hex(one.message).value();
    EXPECT_EQ(to_hex(pair.key.view()), one.key);
    const Signature signature = sign(pair.secret, message);
    EXPECT_EQ(to_hex(signature.view()), one.signature);
    EXPECT_TRUE(verify(pair.key, message, signature));
    EXPECT_TRUE(is_prime_order_point(pair.key));
  }
}

TEST(Ed25519, NoChangedBitVerifies) {
  const KeyPair pair = key_from_seed(Bytes(kSeedBytes, 's'));
  const Signature signature = sign(pair.secret, "message");
  for (size_t bit = 0; bit < Signature::kSize * 8; ++bit) {
    Signature changed = signature;
    changed.data[bit / 8] = static_cast<uint8_t>(changed.data[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(verify(pair.key, "message", changed)) << bit;
  }
  for (size_t bit = 0; bit < PublicKey::kSize * 8; ++bit) {
    PublicKey changed = pair.key;
    changed.data[bit / 8] = static_cast<uint8_t>(changed.data[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(verify(changed, "message", signature)) << bit;
  }
}

void expect_pinned_verdicts(const std::string& name) {
  const auto file = own_vectors(name);
  for (const auto& one : file.at("vectors").as_array()) {
    const auto key = hex_of<PublicKey>(one.at("key"));
    const Bytes message = from_hex(text_of(one.at("message"))).value();
    const auto signature = hex_of<Signature>(one.at("signature"));
    EXPECT_EQ(verify(key, message, signature), one.at("valid").as_bool()) << one.at("name");
    EXPECT_EQ(is_prime_order_point(key), one.at("prime_order_key").as_bool()) << one.at("name");
  }
}

TEST(Ed25519, TheVerdictIsTheOneThatIsPinned) { expect_pinned_verdicts("ed25519.json"); }

// Each in every encoding, and added to points of prime order.
TEST(Ed25519, PointsOfSmallOrderGetThePinnedVerdict) {
  expect_pinned_verdicts("ed25519_torsion.json");
}

TEST(Ed25519, ThePinnedKeyComesFromThePinnedSeed) {
  const auto file = own_vectors("ed25519.json");
  const auto seed = from_hex(text_of(file.at("seed"))).value();
  EXPECT_EQ(key_from_seed(seed).key, hex_of<PublicKey>(file.at("key")));
}

// C2SP/CCTV: every vector holds for the most lenient verifier; its flags say what a stricter one
// minds.
void expect_frozen_verdicts(const boost::json::value& vectors) {
  size_t taken = 0;
  for (const auto& one : vectors.as_array()) {
    bool minded = false;
    for (const auto& flag : one.at("flags").as_array()) {
      const std::string name = text_of(flag);
      minded |= name == "low_order_A" || name == "low_order_R" || name == "non_canonical_A" ||
                name == "non_canonical_R" || name == "low_order_residue";
    }
    const bool valid = verify(hex_of<PublicKey>(one.at("key")), text_of(one.at("msg")),
                              hex_of<Signature>(one.at("sig")));
    EXPECT_EQ(valid, !minded) << one.at("number");
    taken += valid ? 1 : 0;
  }
  EXPECT_GT(taken, 0U);
}

TEST(Ed25519, RefusesEveryEdgeCaseOfCctvThatTheRuleMinds) {
  SUYUAN_SHARED_VECTORS(file, "vectors/ed25519/cctv-even.json");
  expect_frozen_verdicts(file);
}

// The other half of them, where it is at hand.
TEST(Ed25519, RefusesTheOtherEdgeCasesOfCctvThatTheRuleMinds) {
  SUYUAN_SHARED_VECTORS(file, "vectors/ed25519/cctv-odd.json");
  expect_frozen_verdicts(file);
}

TEST(SecretKey, IsNeverCopied) {
  static_assert(!std::is_copy_constructible_v<SecretKey> && !std::is_copy_assignable_v<SecretKey>);
  static_assert(std::is_nothrow_move_constructible_v<SecretKey>);
  static_assert(!std::is_default_constructible_v<SecretKey>);
  KeyPair pair = key_from_seed(Bytes(kSeedBytes, 's'));
  const SecretKey moved = std::move(pair.secret);
  EXPECT_TRUE(verify(pair.key, "message", sign(moved, "message")));
}

TEST(SecretKeyDeathTest, DoesNotSignOnceMovedFrom) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  KeyPair pair = key_from_seed(Bytes(kSeedBytes, 's'));
  const SecretKey moved = std::move(pair.secret);
  EXPECT_DEATH(sign(pair.secret, "message"), "broken invariant");
}

TEST(Wipe, LeavesNothing) {
  Bytes secret = "passphrase";
  wipe(secret);
  EXPECT_TRUE(secret.empty());
  std::array<char, 4> bytes = {'a', 'b', 'c', 'd'};
  wipe(bytes.data(), bytes.size());
  EXPECT_EQ(bytes, (std::array<char, 4>{}));
}

// Of this process, in kB.
size_t locked_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmLck:")) return std::stoul(line.substr(6));
  }
  return 0;
}

TEST(SecretKey, IsKeptInLockedMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers make mlock do nothing";
#endif
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
  if (limit.rlim_cur < (1 << 16)) GTEST_SKIP() << "this machine locks no memory for us";
  const size_t before = locked_memory();
  const KeyPair pair = key_from_seed(Bytes(kSeedBytes, 'k'));
  EXPECT_GT(locked_memory(), before);
  EXPECT_TRUE(is_locked(pair.secret));
}

}  // namespace
}  // namespace suyuan
