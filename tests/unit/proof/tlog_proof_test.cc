#include "ledger/proof/tlog_proof.h"

#include <gtest/gtest.h>

#include "ledger/base/text.h"
#include "tests/unit/proof/keys.h"

namespace suyuan {
namespace {

using testing::cosigned_checkpoint;
using testing::leaves_of;
using testing::naive_inclusion;
using testing::two_of_three;

const auto kLeaves = leaves_of(9);

TlogProof proof_of(size_t index) {
  return {.index = index,
          .path = naive_inclusion(kLeaves, index),
          .checkpoint = cosigned_checkpoint(kLeaves, 9, "bc", 100)};
}

TEST(TlogProof, IsReadAsItWasWritten) {
  for (const auto& extra : {std::optional<Bytes>{}, std::optional<Bytes>("more"),
                            std::optional<Bytes>(Bytes())}) {
    auto proof = proof_of(4);
    proof.extra = extra;
    const auto text = write_tlog_proof(proof);
    ASSERT_TRUE(parse_tlog_proof(text)) << text;
    EXPECT_EQ(*parse_tlog_proof(text), proof);
  }
  const std::string start = "c2sp.org/tlog-proof@v1\nindex 4\n";
  EXPECT_EQ(write_tlog_proof(proof_of(4)).substr(0, start.size()), start);
}

TEST(TlogProof, ProvesItsEntryAndNoOther) {
  const auto policy = parse_policy(two_of_three()).value();
  for (size_t index = 0; index < kLeaves.size(); ++index) {
    for (size_t leaf = 0; leaf < kLeaves.size(); ++leaf) {
      EXPECT_EQ(verify_tlog_proof(proof_of(index), kLeaves[leaf], policy).proven, index == leaf);
    }
  }
  auto unwitnessed = proof_of(1);
  unwitnessed.checkpoint = cosigned_checkpoint(kLeaves, 9, "b", 100);
  EXPECT_FALSE(verify_tlog_proof(unwitnessed, kLeaves[1], policy).proven);
}

TEST(TlogProof, NoChangedByteProvesAnything) {
  const auto policy = parse_policy(two_of_three()).value();
  const auto text = write_tlog_proof(proof_of(8));
  for (size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto parsed = parse_tlog_proof(changed);
    if (!parsed) continue;
    EXPECT_FALSE(verify_tlog_proof(*parsed, kLeaves[8], policy).proven) << i;
  }
}

TEST(TlogProof, RefusesEveryOtherForm) {
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  const std::string hash = to_base64(kLeaves[0].view()) + "\n";
  EXPECT_TRUE(parse_tlog_proof(head + "index 0\n" + hash + "\nx"));
  const std::vector<std::string> cases = {
      std::string(), head, head + "index 0\n", head + "index 0\n\n", head + "\nx",
      "c2sp.org/tlog-proof@v2\nindex 0\n\nx", head + "index 01\n\nx", head + "index\n\nx",
      head + "index 0\nshort\n\nx", head + "index 0\n" + hash, head + "extra x\nindex 0\n\nx",
      head + "index 0\nextra eA==\n\nx", head + "extra eA==\nextra eA==\nindex 0\n\nx",
      head + "index 9223372036854775808\n\nx", "\n" + head + "index 0\n\nx"};
  for (const auto& bad : cases) {
    EXPECT_FALSE(parse_tlog_proof(bad)) << bad;
  }
  std::string long_path;
  for (size_t i = 0; i < 64; ++i) long_path += hash;
  EXPECT_EQ(parse_tlog_proof(head + "index 0\n" + long_path + "\nx").error().code, Code::TOO_MANY);
}

}  // namespace
}  // namespace suyuan
