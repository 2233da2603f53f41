#include "ledger/proof/cosignature.h"

#include <gtest/gtest.h>

#include "tests/unit/proof/keys.h"

namespace suyuan {
namespace {

using testing::cosigned_by;
using testing::witness;

constexpr std::string_view kText = "log.example/suyuan\n1\nAAAA\n";
constexpr uint64_t kTime = 1'767'139'200;

TEST(Cosignature, SaysItsTime) {
  const auto who = witness('a');
  const auto line = cosigned_by(who, kText, kTime);
  EXPECT_EQ(line.signature.size(), 72U);
  EXPECT_EQ(verify_cosignature(kText, line, who.key(NoteKeyType::cosignature)), kTime);
}

TEST(Cosignature, BelongsToOneTextTimeNameAndKey) {
  const auto who = witness('a');
  const auto key = who.key(NoteKeyType::cosignature);
  const auto line = cosigned_by(who, kText, kTime);
  EXPECT_FALSE(verify_cosignature("log.example/suyuan\n2\nAAAA\n", line, key));
  for (size_t i = 0; i < line.signature.size(); ++i) {
    auto changed = line;
    changed.signature[i] = static_cast<char>(changed.signature[i] ^ 1);
    EXPECT_FALSE(verify_cosignature(kText, changed, key)) << i;
  }
  for (const size_t size : {0U, 64U, 71U, 73U}) {
    auto resized = line;
    resized.signature.resize(size);
    EXPECT_FALSE(verify_cosignature(kText, resized, key)) << size;
  }
  auto renamed = line;
  renamed.name = "witness.example/b";
  EXPECT_FALSE(verify_cosignature(kText, renamed, key));
  EXPECT_FALSE(verify_cosignature(kText, line, witness('b').key(NoteKeyType::cosignature)));
  EXPECT_FALSE(verify_cosignature(kText, line, who.key(NoteKeyType::ed25519)));
}

TEST(Cosignature, HasNoTimeBeyond63Bits) {
  const auto who = witness('a');
  auto line = cosigned_by(who, kText, ~uint64_t{0} >> 1);
  EXPECT_TRUE(verify_cosignature(kText, line, who.key(NoteKeyType::cosignature)));
  // What a signer without this rule would write.
  const std::string message =
      "cosignature/v1\ntime 9223372036854775808\n" + std::string(kText);
  line.signature = "\x80" + Bytes(7, '\0') + sign(who.pair.secret, message).bytes();
  EXPECT_FALSE(verify_cosignature(kText, line, who.key(NoteKeyType::cosignature)));
}

}  // namespace
}  // namespace suyuan
